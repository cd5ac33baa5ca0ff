using System.Runtime.InteropServices;
using EdgeGw.Abi;

namespace EdgeGw.Testing.Interop;

/// <summary>The functions of <c>edgegw.database.v1</c>.</summary>
internal static unsafe class DatabaseFunctions
{
    private const int MostParameters = 1000;
    private const int MostStatements = 1000;

    public static AbiDatabaseV1 Table() => new()
    {
        Size = (uint)sizeof(AbiDatabaseV1),
        Query = &Query,
        Next = &Next,
        Close = &Close,
        Execute = &Execute,
        Batch = &Batch,
        Begin = &Begin,
        Commit = &Commit,
    };

    /// <summary>What is open while a transaction is.</summary>
    private sealed class Transaction;

    private static FakeStatement Read(AbiStatement* statement, bool inTransaction)
        => new(ServiceDoor.Text(statement->Sql), FakeReply.Read(statement->Parameters, statement->ParameterCount), inTransaction);

    /// <summary>In the transaction when there is one, else by itself.</summary>
    private static AbiResult Start(string function, ulong exchange, ulong service, ulong transaction, delegate* unmanaged<void*, AbiReply*, void> replied, void* state,
        Func<FakeExchange, FakeDatabase, FakeReply> work)
        => transaction == 0
            ? ServiceDoor.Start<FakeDatabase>(function, exchange, service, replied, state, (x, d) => Task.FromResult(work(x, d)))
            : ServiceDoor.Start<FakeDatabase, Transaction>(function, exchange, transaction, replied, state, (x, d, _) => Task.FromResult(work(x, d)));

    [UnmanagedCallersOnly]
    private static AbiResult Query(ulong exchange, ulong service, ulong transaction, AbiStatement* statement, uint page, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        if (statement is null || statement->ParameterCount > MostParameters)
            return AbiResult.InvalidArgument;
        var read = Read(statement, transaction != 0);
        return Start("query", exchange, service, transaction, replied, state, (x, d) => d.Query(x, read, (int)page));
    }

    [UnmanagedCallersOnly]
    private static AbiResult Next(ulong exchange, ulong cursor, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
        => ServiceDoor.Start<FakeDatabase, FakeCursor>("next", exchange, cursor, replied, state, (x, d, c) => Task.FromResult(d.Next(x, c, 0, cursor)));

    [UnmanagedCallersOnly]
    private static AbiResult Close(ulong exchange, ulong open, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
        => ServiceDoor.Start<FakeDatabase, object>("close", exchange, open, replied, state, (x, _, _) =>
        {
            x.Opens.Close(open);
            return Task.FromResult(FakeReply.Done);
        });

    [UnmanagedCallersOnly]
    private static AbiResult Execute(ulong exchange, ulong service, ulong transaction, AbiStatement* statement, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        if (statement is null || statement->ParameterCount > MostParameters)
            return AbiResult.InvalidArgument;
        var read = Read(statement, transaction != 0);
        return Start("execute", exchange, service, transaction, replied, state, (_, d) =>
        {
            var result = d.Run(read);
            return result.Failure ?? new FakeReply { Affected = result.Affected };
        });
    }

    [UnmanagedCallersOnly]
    private static AbiResult Batch(ulong exchange, ulong service, ulong transaction, AbiStatement* statements, nuint count, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        if (statements is null || count is 0 or > MostStatements)
            return AbiResult.InvalidArgument;
        var all = new FakeStatement[count];
        for (var i = 0; i < all.Length; i++)
            all[i] = Read(&statements[i], inTransaction: true);
        return Start("batch", exchange, service, transaction, replied, state, (_, d) =>
        {
            var counts = new List<FakeValue>();
            foreach (var statement in all)
            {
                var result = d.Run(statement);
                if (result.Failure is { } failure)
                    return failure;
                counts.Add(FakeValue.From(result.Affected));
            }
            return new FakeReply { Values = counts };
        });
    }

    [UnmanagedCallersOnly]
    private static AbiResult Begin(ulong exchange, ulong service, AbiIsolation isolation, AbiTransactionFlags flags, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
        => isolation > AbiIsolation.Serializable ? AbiResult.InvalidArgument : ServiceDoor.Start<FakeDatabase>("begin", exchange, service, replied, state, (x, d) =>
        {
            d.Events.Enqueue(string.Join(' ', ((string[])["begin", isolation == 0 ? "" : $"{isolation}", flags == 0 ? "" : $"{flags}"]).Where(s => s.Length > 0)));
            return Task.FromResult(new FakeReply { Open = x.Opens.Add(d, new Transaction(), () => d.Events.Enqueue("rollback")) });
        });

    [UnmanagedCallersOnly]
    private static AbiResult Commit(ulong exchange, ulong transaction, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
        => ServiceDoor.Start<FakeDatabase, Transaction>("commit", exchange, transaction, replied, state, (x, d, _) =>
        {
            if (x.Opens.Remove(transaction))
                d.Events.Enqueue("commit");
            return Task.FromResult(FakeReply.Done);
        });
}
