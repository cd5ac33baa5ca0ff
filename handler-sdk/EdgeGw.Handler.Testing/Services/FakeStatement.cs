using EdgeGw.Abi;
using EdgeGw.Testing.Interop;

namespace EdgeGw.Testing;

/// <summary>A statement that a handler ran.</summary>
/// <param name="Sql">Its text.</param>
/// <param name="Values">Its parameters, exactly.</param>
/// <param name="InTransaction">Whether it ran in a transaction.</param>
public sealed record FakeStatement(string Sql, IReadOnlyList<FakeValue> Values, bool InTransaction)
{
    /// <summary>Its parameters as .NET values.</summary>
    public IReadOnlyList<object?> Parameters => [.. Values.Select(v => v.ToObject())];
}

/// <summary>What a statement gives.</summary>
public sealed class FakeResult
{
    private FakeResult()
    {
    }

    internal IReadOnlyList<string> Columns { get; private init; } = [];

    internal IEnumerable<object?[]> Rows { get; private init; } = [];

    internal long Affected { get; private init; }

    internal FakeReply? Failure { get; private init; }

    /// <summary>Rows, of as many values as there are columns. They are read page by page, so there may be very many.</summary>
    public static FakeResult Of(IReadOnlyList<string> columns, IEnumerable<object?[]> rows) => new() { Columns = columns, Rows = rows };

    /// <summary>Rows, of as many values as there are columns.</summary>
    public static FakeResult Of(IReadOnlyList<string> columns, params object?[][] rows) => Of(columns, (IEnumerable<object?[]>)rows);

    /// <summary>No rows, but so many that were changed.</summary>
    public static FakeResult Changed(long affected) => new() { Affected = affected };

    /// <summary>The database refuses it.</summary>
    public static FakeResult Error(string sentence, string sqlState)
        => new() { Failure = new FakeReply { Result = AbiResult.Refused, Error = sentence, Code = sqlState } };
}
