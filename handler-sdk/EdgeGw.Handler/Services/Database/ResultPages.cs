using EdgeGw.Interop;

namespace EdgeGw;

/// <summary>What was read of one result so far, and what is needed to read on.</summary>
/// <param name="rows">Where the rows are collected.</param>
internal sealed class ResultPages<TRows>(TRows rows)
{
    public TRows Rows { get; } = rows;

    /// <summary>The columns, once the first page said them.</summary>
    public ColumnNames? Columns { get; set; }

    /// <summary>Rows collected.</summary>
    public long Count { get; set; }

    /// <summary>The cursor, or 0 when there are no more rows.</summary>
    public ulong Open { get; set; }

    /// <summary>Reads the next page into this object.</summary>
    public required ReplyReader<ResultPages<TRows>> Read { get; init; }
}
