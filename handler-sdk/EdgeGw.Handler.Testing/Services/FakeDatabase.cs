using System.Collections.Concurrent;
using EdgeGw.Abi;
using EdgeGw.Testing.Interop;

namespace EdgeGw.Testing;

/// <summary>A database without SQL: the test says what a statement gives. Statements run in the order asked for, transactions are noted.</summary>
public sealed class FakeDatabase : FakeService
{
    private readonly ConcurrentStack<(string Part, Func<FakeStatement, FakeResult> Give)> _results = new();

    internal FakeDatabase(FakeHost host, string name) : base(host, "database", name)
    {
    }

    /// <summary>Rows per page, where the query does not say.</summary>
    public int PageRows { get; set; } = 100;

    /// <summary>The statements run so far.</summary>
    public ConcurrentQueue<FakeStatement> Statements { get; } = new();

    /// <summary>What became of transactions: "begin", "begin Serializable ReadOnly", "commit", "rollback".</summary>
    public ConcurrentQueue<string> Events { get; } = new();

    /// <summary>Statements that contain <paramref name="part"/> (case-insensitive) give this; what was said last counts first.</summary>
    public void When(string part, FakeResult result) => When(part, _ => result);

    /// <summary>The same, made for each statement.</summary>
    public void When(string part, Func<FakeStatement, FakeResult> give) => _results.Push((part, give));

    internal FakeResult Run(FakeStatement statement)
    {
        Statements.Enqueue(statement);
        foreach (var (part, give) in _results)
        {
            if (statement.Sql.Contains(part, StringComparison.OrdinalIgnoreCase))
                return give(statement);
        }
        return FakeResult.Error($"The test says nothing of this statement: {statement.Sql}", "42601");
    }

    internal FakeReply Query(FakeExchange exchange, FakeStatement statement, int page)
    {
        var result = Run(statement);
        if (result.Failure is { } failure)
            return failure;
        var rows = result.Rows.GetEnumerator();
        var cursor = new FakeCursor(result.Columns, rows, rows.MoveNext(), page == 0 ? PageRows : page);
        return Next(exchange, cursor, result.Affected, 0);
    }

    internal FakeReply Next(FakeExchange exchange, FakeCursor cursor, long affected, ulong open)
    {
        var values = new List<FakeValue>();
        var count = 0;
        while (cursor.HasRow && count < cursor.Page)
        {
            values.AddRange(cursor.Rows.Current.Select(FakeValue.From));
            cursor.HasRow = cursor.Rows.MoveNext();
            count++;
        }
        if (cursor.HasRow && open == 0)
            open = exchange.Opens.Add(this, cursor, null);
        else if (!cursor.HasRow && open != 0)
            exchange.Opens.Remove(open);
        return new FakeReply
        {
            Result = count == 0 && open != 0 ? AbiResult.End : AbiResult.Ok,
            Values = values,
            RowCount = count,
            Affected = affected,
            Open = cursor.HasRow ? open : 0,
            Names = cursor.Columns,
        };
    }
}

/// <summary>A result that is being read.</summary>
internal sealed class FakeCursor(IReadOnlyList<string> columns, IEnumerator<object?[]> rows, bool hasRow, int page)
{
    public int Page { get; } = page;

    public IReadOnlyList<string> Columns { get; } = columns;

    public IEnumerator<object?[]> Rows { get; } = rows;

    public bool HasRow { get; set; } = hasRow;
}
