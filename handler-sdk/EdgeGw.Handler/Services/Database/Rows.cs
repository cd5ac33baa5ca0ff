using System.Collections;
using EdgeGw.Interop;

namespace EdgeGw;

/// <summary>All rows of a result, copied; they live as long as this object.</summary>
public sealed class Rows : IReadOnlyList<Row>
{
    private readonly List<Page> _pages = [];

    internal Rows()
    {
    }

    /// <summary>How many rows there are.</summary>
    public int Count { get; private set; }

    /// <summary>The columns' names.</summary>
    public IReadOnlyList<string> Columns => Names?.All ?? [];

    internal ColumnNames? Names { get; private set; }

    /// <summary>A row by its number, from 0.</summary>
    public Row this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            foreach (var page in _pages)
            {
                if (index < page.RowCount)
                    return new Row(page, index);
                index -= page.RowCount;
            }
            throw new ArgumentOutOfRangeException(nameof(index), $"The result has {Count} rows.");
        }
    }

    /// <inheritdoc/>
    public IEnumerator<Row> GetEnumerator()
    {
        foreach (var page in _pages)
        {
            for (var i = 0; i < page.RowCount; i++)
                yield return new Row(page, i);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(Reply reply)
    {
        var page = new Page();
        page.Keep(reply, Names);
        Names = page.Columns;
        _pages.Add(page);
        Count += page.RowCount;
    }
}
