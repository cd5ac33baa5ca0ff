using EdgeGw.Abi;
using EdgeGw.Interop;

namespace EdgeGw;

/// <summary>A database. Statements run each by itself; <see cref="BeginAsync"/> for several that belong together.</summary>
public sealed class Database : Sql
{
    private static readonly ReplyReader<Transaction> ReadTransaction = static (call, reply)
        => new(call.Exchange, call.Service, new OpenHandle(call.Exchange, call.Service, reply.Open, "transaction"));

    internal Database(Exchange exchange, Interop.Service service) : base(exchange, service)
    {
    }

    /// <summary>Begins a transaction, on a connection of its own. Write <c>await using</c>: unless committed, it is rolled back, however the handler ends.</summary>
    /// <param name="isolation">How much it sees of others; SQLite is always serializable.</param>
    /// <param name="readOnly">Whether it writes nothing.</param>
    public ValueTask<Transaction> BeginAsync(Isolation isolation = Isolation.Default, bool readOnly = false)
        => DatabaseCalls.Begin(this, (AbiIsolation)isolation, readOnly ? AbiTransactionFlags.ReadOnly : AbiTransactionFlags.None, ReadTransaction);
}

/// <summary>How much of other transactions a transaction sees (ISO/IEC 9075).</summary>
public enum Isolation
{
    /// <summary>The backend's own.</summary>
    Default = 0,
    /// <summary>Each statement sees what was committed before it.</summary>
    ReadCommitted = 1,
    /// <summary>All statements see one snapshot.</summary>
    RepeatableRead = 2,
    /// <summary>As if one transaction ran after the other.</summary>
    Serializable = 3,
}
