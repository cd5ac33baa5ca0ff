using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeGw.Abi;

namespace EdgeGw.Testing;

/// <summary>
/// A value as services give and take it. A test writes .NET values (null, bool, whole and floating-point numbers, decimal, string, byte[], Guid, dates and
/// times, <see cref="JsonElement"/>, arrays); this is for those that .NET has no word for.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Number">Whole numbers, what is counted in them, and the bits of a double.</param>
/// <param name="Bytes">Text and bytes.</param>
/// <param name="Items">The elements of an array.</param>
public sealed record FakeValue(AbiValueKind Kind, long Number = 0, byte[]? Bytes = null, IReadOnlyList<FakeValue>? Items = null)
{
    private static readonly DateOnly Epoch = new(1970, 1, 1);

    /// <summary>NULL.</summary>
    public static FakeValue Null { get; } = new(AbiValueKind.Null);

    /// <summary>A value of a kind whose content is text.</summary>
    public static FakeValue Text(AbiValueKind kind, string text) => new(kind, Bytes: Encoding.UTF8.GetBytes(text));

    /// <summary>A .NET value as services give it.</summary>
    /// <exception cref="NotSupportedException">No service has that type.</exception>
    public static FakeValue From(object? value) => value switch
    {
        null => Null,
        FakeValue fake => fake,
        bool v => new(AbiValueKind.Bool, v ? 1 : 0),
        int or long or short or byte => new(AbiValueKind.Int64, Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        double v => new(AbiValueKind.Double, BitConverter.DoubleToInt64Bits(v)),
        decimal v => Text(AbiValueKind.Numeric, v.ToString(CultureInfo.InvariantCulture)),
        string v => Text(AbiValueKind.Text, v),
        byte[] v => new(AbiValueKind.Blob, Bytes: v),
        Guid v => new(AbiValueKind.Uuid, Bytes: v.ToByteArray(bigEndian: true)),
        DateTimeOffset v => new(AbiValueKind.Timestamp, (v - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond),
        DateTime v => new(AbiValueKind.LocalTimestamp, (v - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond),
        DateOnly v => new(AbiValueKind.Date, v.DayNumber - Epoch.DayNumber),
        TimeOnly v => new(AbiValueKind.Time, v.Ticks / TimeSpan.TicksPerMicrosecond),
        TimeSpan v => Text(AbiValueKind.Interval, System.Xml.XmlConvert.ToString(v)),
        JsonElement v => Text(AbiValueKind.Json, v.GetRawText()),
        Array v => new(AbiValueKind.Array, Items: [.. v.Cast<object?>().Select(From)]),
        _ => throw new NotSupportedException($"{value.GetType().Name} is no type that a service gives."),
    };

    /// <summary>The .NET value; a decimal, an interval and a type of the backend's own as their text.</summary>
    public object? ToObject() => Kind switch
    {
        AbiValueKind.Null => null,
        AbiValueKind.Bool => Number != 0,
        AbiValueKind.Int64 => Number,
        AbiValueKind.Double => BitConverter.Int64BitsToDouble(Number),
        AbiValueKind.Blob => Bytes,
        AbiValueKind.Uuid => new Guid(Bytes, bigEndian: true),
        AbiValueKind.Timestamp => DateTimeOffset.UnixEpoch.AddTicks(Number * TimeSpan.TicksPerMicrosecond),
        AbiValueKind.LocalTimestamp => DateTime.SpecifyKind(DateTime.UnixEpoch.AddTicks(Number * TimeSpan.TicksPerMicrosecond), DateTimeKind.Unspecified),
        AbiValueKind.Date => Epoch.AddDays((int)Number),
        AbiValueKind.Time => new TimeOnly(Number * TimeSpan.TicksPerMicrosecond),
        AbiValueKind.Array => Items!.Select(i => i.ToObject()).ToArray(),
        _ => Encoding.UTF8.GetString(Bytes ?? []),
    };
}
