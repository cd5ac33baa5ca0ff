using System.Text.Json;
using EdgeGw.Abi;
using EdgeGw.Interop;

namespace EdgeGw;

#pragma warning disable CA2225 // the named alternate of a conversion is to write the conversion
#pragma warning disable CS1591 // each conversion is from what it says

/// <content>What can be a parameter.</content>
public readonly partial struct DbValue
{
    public static implicit operator DbValue(bool? value) => value is { } v ? new(AbiValueKind.Bool, v ? 1 : 0) : default;

    public static implicit operator DbValue(int? value) => value is { } v ? new(AbiValueKind.Int64, v) : default;

    public static implicit operator DbValue(long? value) => value is { } v ? new(AbiValueKind.Int64, v) : default;

    public static implicit operator DbValue(double? value) => value is { } v ? new(AbiValueKind.Double, BitConverter.DoubleToInt64Bits(v)) : default;

    public static implicit operator DbValue(decimal? value) => value is { } v ? new(AbiValueKind.Numeric, Bits(v)) : default;

    public static implicit operator DbValue(string? value) => value is null ? default : new(AbiValueKind.Text, 0, value);

    /// <summary>Text of one character: without this conversion it would be taken for its number.</summary>
    public static implicit operator DbValue(char? value) => value?.ToString();

    public static implicit operator DbValue(byte[]? value) => value is null ? default : new(AbiValueKind.Blob, value.Length, value);

    public static implicit operator DbValue(ReadOnlyMemory<byte>? value) => value is { } v ? OfMemory(v) : default;

    public static implicit operator DbValue(Guid? value) => value is { } v ? new(AbiValueKind.Uuid, Bits(v)) : default;

    /// <summary>A moment, to the microsecond; <see cref="DateTimeOffset.MaxValue"/> and MinValue are infinity and -infinity.</summary>
    public static implicit operator DbValue(DateTimeOffset? value) => value is { } v
        ? new(AbiValueKind.Timestamp, v == DateTimeOffset.MaxValue ? long.MaxValue : v == DateTimeOffset.MinValue ? long.MinValue : Micros(v - DateTimeOffset.UnixEpoch))
        : default;

    /// <summary>A moment when its kind is UTC or local; else a date and time without a zone.</summary>
    public static implicit operator DbValue(DateTime? value) => value switch
    {
        null => default,
        { } v when v == DateTime.MaxValue => new DbValue(AbiValueKind.LocalTimestamp, long.MaxValue),
        { } v when v == DateTime.MinValue => new DbValue(AbiValueKind.LocalTimestamp, long.MinValue),
        { Kind: DateTimeKind.Unspecified } v => new DbValue(AbiValueKind.LocalTimestamp, Micros(v - DateTime.UnixEpoch)),
        { } v => new DateTimeOffset(v),
    };

    /// <summary>A date; its greatest and least are infinity and -infinity.</summary>
    public static implicit operator DbValue(DateOnly? value) => value is { } v
        ? new(AbiValueKind.Date, v == DateOnly.MaxValue ? long.MaxValue : v == DateOnly.MinValue ? long.MinValue : v.DayNumber - ValueReader.EpochDay)
        : default;

    /// <summary>A time of the day, to the microsecond.</summary>
    public static implicit operator DbValue(TimeOnly? value) => value is { } v ? new(AbiValueKind.Time, v.Ticks / TimeSpan.TicksPerMicrosecond) : default;

    /// <summary>An interval.</summary>
    public static implicit operator DbValue(TimeSpan? value) => value is { } v ? new(AbiValueKind.Interval, 0, Iso8601Duration.Format(v)) : default;

    public static implicit operator DbValue(JsonElement? value) => value is { } v ? Json(v.GetRawText()) : default;

    public static implicit operator DbValue(bool[]? value) => OfArray(value, static v => v);

    public static implicit operator DbValue(short[]? value) => OfArray(value, static v => v);

    public static implicit operator DbValue(int[]? value) => OfArray(value, static v => v);

    public static implicit operator DbValue(long[]? value) => OfArray(value, static v => v);

    public static implicit operator DbValue(float[]? value) => OfArray(value, static v => v);

    public static implicit operator DbValue(double[]? value) => OfArray(value, static v => v);

    public static implicit operator DbValue(decimal[]? value) => OfArray(value, static v => v);

    public static implicit operator DbValue(string?[]? value) => OfArray(value, static v => v);

    public static implicit operator DbValue(byte[]?[]? value) => OfArray(value, static v => v);

    public static implicit operator DbValue(Guid[]? value) => OfArray(value, static v => v);

    public static implicit operator DbValue(DateTimeOffset[]? value) => OfArray(value, static v => v);

    public static implicit operator DbValue(DateTime[]? value) => OfArray(value, static v => v);

    public static implicit operator DbValue(DateOnly[]? value) => OfArray(value, static v => v);

    public static implicit operator DbValue(TimeOnly[]? value) => OfArray(value, static v => v);
}
