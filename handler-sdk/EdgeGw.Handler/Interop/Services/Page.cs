using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>
/// Rows of a result: in the gateway's memory, for as long as the callback runs, or copied, for as long as somebody holds them. Rows of an earlier use
/// of this object are recognised by its version.
/// </summary>
internal sealed unsafe class Page
{
    [ThreadStatic]
    private static Page? t_idle;

    private AbiValue* _live;
    private AbiValue[] _kept = [];
    private byte[] _data = [];
    private int _dataUsed;
    private int _itemsUsed;

    public ColumnNames Columns { get; private set; } = ColumnNames.None;

    public int RowCount { get; private set; }

    public int Version { get; private set; }

    private int Width { get; set; }

    /// <summary>The reply's rows where they are. To be ended with <see cref="Close"/>.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="columns">The names, when an earlier page said them.</param>
    public static Page Open(Reply reply, ColumnNames? columns)
    {
        var page = t_idle ?? new Page();
        t_idle = null;
        page.Fill(reply, columns);
        page._live = reply.Pointer;
        return page;
    }

    /// <summary>The reply is gone.</summary>
    public void Close()
    {
        Version++;
        _live = null;
        RowCount = 0;
        t_idle = this;
    }

    /// <summary>Copies a reply's rows; those of the last copy are gone.</summary>
    public void Keep(Reply reply, ColumnNames? columns)
    {
        Version++;
        Fill(reply, columns);
        var values = reply.Values;
        var (items, bytes) = Measure(values);
        if (_kept.Length < items)
            _kept = new AbiValue[items];
        if (_data.Length < bytes)
            _data = new byte[bytes];
        _dataUsed = 0;
        _itemsUsed = values.Length;
        CopyTo(0, values);
    }

    /// <summary>The values of one row.</summary>
    public ReadOnlySpan<AbiValue> Row(int row)
        => _live is not null ? new ReadOnlySpan<AbiValue>(_live + ((long)row * Width), Width) : _kept.AsSpan(row * Width, Width);

    public ReadOnlySpan<byte> Bytes(in AbiValue value)
        => _live is not null ? value.AsSpan() : _data.AsSpan((int)value.As.Integer, (int)value.Length);

    public ReadOnlySpan<AbiValue> Items(in AbiValue value)
        => _live is not null ? new ReadOnlySpan<AbiValue>(value.As.Items, (int)value.Length) : _kept.AsSpan((int)value.As.Integer, (int)value.Length);

    private void Fill(Reply reply, ColumnNames? columns)
    {
        Columns = columns ?? ColumnNames.Of(reply.Names);
        RowCount = reply.RowCount;
        Width = Columns.Count;
        if (reply.Values.Length < (long)RowCount * Width)
            throw new InvalidOperationException("The gateway's reply has fewer values than its rows need.");
    }

    private static (int Items, int Bytes) Measure(ReadOnlySpan<AbiValue> values)
    {
        var (items, bytes) = (values.Length, 0);
        foreach (ref readonly var value in values)
        {
            if (value.Kind == AbiValueKind.Array)
            {
                var (i, b) = Measure(new ReadOnlySpan<AbiValue>(value.As.Items, (int)value.Length));
                (items, bytes) = (checked(items + i), checked(bytes + b));
            }
            else
            {
                bytes = checked(bytes + (int)value.Length);
            }
        }
        return (items, bytes);
    }

    private void CopyTo(int start, ReadOnlySpan<AbiValue> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            if (value.Kind == AbiValueKind.Array)
            {
                var first = _itemsUsed;
                _itemsUsed += (int)value.Length;
                CopyTo(first, new ReadOnlySpan<AbiValue>(value.As.Items, (int)value.Length));
                value.As.Integer = first;
            }
            else if (value.Length > 0)
            {
                value.AsSpan().CopyTo(_data.AsSpan(_dataUsed));
                value.As.Integer = _dataUsed;
                _dataUsed += (int)value.Length;
            }
            else if (IsBytes(value.Kind))
            {
                value.As.Integer = 0; // no bytes, wherever they are
            }
            _kept[start + i] = value;
        }
    }

    private static bool IsBytes(AbiValueKind kind) => kind is AbiValueKind.Text or AbiValueKind.Blob or AbiValueKind.Numeric or AbiValueKind.Uuid or AbiValueKind.Interval
        or AbiValueKind.Json or AbiValueKind.Other or > AbiValueKind.Other;
}
