using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGw.Abi;
using EdgeGw.Interop;

namespace EdgeGw;

/// <summary>
/// One row of a result, read by the column's number (from 0) or name. A name fits exactly, or else but for case and underscores. A getter takes what the backend
/// gives for a type: from SQLite, which has fewer, the text or number that stands for it. Another kind of value, and NULL, is an
/// <see cref="InvalidCastException"/> that names the column.
/// </summary>
public readonly partial struct Row
{
    private readonly Page? _page;
    private readonly int _row;
    private readonly int _version;

    internal Row(Page page, int row)
    {
        _page = page;
        _row = row;
        _version = page.Version;
    }

    /// <summary>How many columns there are.</summary>
    public int Count => Page.Columns.Count;

    /// <summary>The columns' names.</summary>
    public IReadOnlyList<string> Columns => Page.Columns.All;

    private Page Page => _page is { } page && page.Version == _version
        ? page
        : throw new InvalidOperationException("This row is gone: a streamed row lives until the next one is asked for. Copy what is needed longer.");

    /// <summary>The number of the column of that name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public int Ordinal(string name) => Page.Columns.Find(name);

    /// <summary>True when the value is NULL.</summary>
    public bool IsNull(int column) => ValueReader.IsNull(At(column));

    /// <summary>A boolean; from SQLite 0 or 1.</summary>
    public bool GetBoolean(int column) => ValueReader.Boolean(Page, At(column), column);

    /// <summary>A whole number.</summary>
    public short GetInt16(int column) => ValueReader.Integer<short>(Page, At(column), column);

    /// <summary>A whole number.</summary>
    public int GetInt32(int column) => ValueReader.Integer<int>(Page, At(column), column);

    /// <summary>A whole number.</summary>
    public long GetInt64(int column) => ValueReader.Int64(Page, At(column), column);

    /// <summary>A floating-point number, or any other as the nearest one.</summary>
    public float GetSingle(int column) => (float)GetDouble(column);

    /// <summary>A floating-point number, or any other as the nearest one.</summary>
    public double GetDouble(int column) => ValueReader.Double(Page, At(column), column);

    /// <summary>An exact decimal, as far as <see cref="decimal"/> holds it; <see cref="GetString(int)"/> has all digits.</summary>
    public decimal GetDecimal(int column) => ValueReader.Decimal(Page, At(column), column);

    /// <summary>Text; JSON, decimals, intervals and types of the backend's own as their text.</summary>
    public string GetString(int column) => ValueReader.String(Page, At(column), column);

    /// <summary>A UUID.</summary>
    public Guid GetGuid(int column) => ValueReader.Guid(Page, At(column), column);

    /// <summary>Bytes, copied.</summary>
    public byte[] GetBytes(int column) => ValueReader.Bytes(Page, At(column), column);

    /// <summary>A moment; one without a zone is taken as UTC, infinity is <see cref="DateTimeOffset.MaxValue"/>.</summary>
    public DateTimeOffset GetDateTimeOffset(int column) => ValueReader.DateTimeOffset(Page, At(column), column);

    /// <summary>A date and time: UTC, or of no kind when it is one without a zone.</summary>
    public DateTime GetDateTime(int column) => ValueReader.DateTime(Page, At(column), column);

    /// <summary>A date; infinity is <see cref="DateOnly.MaxValue"/>.</summary>
    public DateOnly GetDateOnly(int column) => ValueReader.Date(Page, At(column), column);

    /// <summary>A time of the day.</summary>
    public TimeOnly GetTimeOnly(int column) => ValueReader.Time(Page, At(column), column);

    /// <summary>An interval without years and months.</summary>
    public TimeSpan GetTimeSpan(int column) => ValueReader.Interval(Page, At(column), column);

    /// <summary>JSON by its source-generated contract.</summary>
    /// <exception cref="JsonException">It is not of that shape.</exception>
    public T? GetJson<T>(int column, JsonTypeInfo<T> typeInfo) => JsonSerializer.Deserialize(ValueReader.Json(Page, At(column), column), typeInfo);

    /// <summary>JSON as it is.</summary>
    public JsonElement GetJsonElement(int column)
    {
        var reader = new Utf8JsonReader(ValueReader.Json(Page, At(column), column));
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>
    /// An array: of <see cref="string"/>, byte[], <see cref="bool"/>, numbers, <see cref="Guid"/>, dates and times. For elements that may be NULL, ask for a
    /// type that can be null (<c>long?</c>).
    /// </summary>
    public T[] GetArray<T>(int column)
    {
        ref readonly var value = ref At(column);
        if (value.Kind != AbiValueKind.Array)
            throw ValueReader.Wrong(Page, value, column, "an array");
        var items = Page.Items(value);
        var array = new T[items.Length];
        for (var i = 0; i < array.Length; i++)
            array[i] = ArrayItem.Read<T>(Page, items[i], column);
        return array;
    }

    private ref readonly AbiValue At(int column)
    {
        var values = Page.Row(_row);
        if ((uint)column >= (uint)values.Length)
            throw new ArgumentOutOfRangeException(nameof(column), column, $"There is no column {column}; the result has {values.Length}: {Page.Columns}.");
        return ref values[column];
    }
}
