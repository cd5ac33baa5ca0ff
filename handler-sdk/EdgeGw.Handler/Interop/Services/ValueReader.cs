using System.Globalization;
using System.Numerics;
using System.Text;
using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>Values of the ABI to .NET. A backend with fewer types gives some of them as text (SQLite): then the text is read.</summary>
internal static class ValueReader
{
    /// <summary>1970-01-01 as <see cref="DateOnly.DayNumber"/>.</summary>
    public static readonly int EpochDay = new DateOnly(1970, 1, 1).DayNumber;

    public static bool IsNull(in AbiValue value) => value.Kind == AbiValueKind.Null || (value.Kind > AbiValueKind.Other && value.Length == 0);

    public static bool Boolean(Page page, in AbiValue value, int column) => value.Kind switch
    {
        AbiValueKind.Bool => value.As.Integer != 0,
        AbiValueKind.Int64 when value.As.Integer is 0 or 1 => value.As.Integer == 1,
        _ => throw Wrong(page, value, column, "true or false"),
    };

    public static long Int64(Page page, in AbiValue value, int column) => value.Kind switch
    {
        AbiValueKind.Int64 => value.As.Integer,
        AbiValueKind.Numeric when TryDecimal(page.Bytes(value), out var number) && number == decimal.Truncate(number) && number is >= long.MinValue and <= long.MaxValue => (long)number,
        _ => throw Wrong(page, value, column, "a whole number of 64 bits"),
    };

    /// <summary>A smaller whole number.</summary>
    public static T Integer<T>(Page page, in AbiValue value, int column) where T : struct, IBinaryInteger<T>
    {
        var number = Int64(page, value, column);
        try
        {
            return T.CreateChecked(number);
        }
        catch (OverflowException)
        {
            throw new OverflowException($"Column {Describe(page, column)} is {number}, which does not fit {typeof(T).Name}.");
        }
    }

    public static double Double(Page page, in AbiValue value, int column) => value.Kind switch
    {
        AbiValueKind.Double => value.As.Real,
        AbiValueKind.Int64 => value.As.Integer,
        AbiValueKind.Numeric when double.TryParse(page.Bytes(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw Wrong(page, value, column, "a number"),
    };

    public static decimal Decimal(Page page, in AbiValue value, int column) => value.Kind switch
    {
        AbiValueKind.Int64 => value.As.Integer,
        AbiValueKind.Double when Math.Abs(value.As.Real) < (double)decimal.MaxValue => (decimal)value.As.Real,
        AbiValueKind.Numeric or AbiValueKind.Text when TryDecimal(page.Bytes(value), out var number) => number,
        AbiValueKind.Numeric => throw new OverflowException($"Column {Describe(page, column)} is a number that no decimal can hold; read it with GetString."),
        _ => throw Wrong(page, value, column, "a decimal number"),
    };

    public static string String(Page page, in AbiValue value, int column) => value.Kind switch
    {
        AbiValueKind.Uuid => Guid(page, value, column).ToString(),
        _ when IsText(value) => Encoding.UTF8.GetString(page.Bytes(value)),
        _ => throw Wrong(page, value, column, "text"),
    };

    public static Guid Guid(Page page, in AbiValue value, int column)
    {
        if (value is { Kind: AbiValueKind.Uuid or AbiValueKind.Blob, Length: 16 })
            return new Guid(page.Bytes(value), bigEndian: true);
        return IsText(value) && System.Guid.TryParse(page.Bytes(value), out var guid) ? guid : throw Wrong(page, value, column, "a UUID");
    }

    public static byte[] Bytes(Page page, in AbiValue value, int column)
        => value.Kind is AbiValueKind.Blob || IsText(value) ? page.Bytes(value).ToArray() : throw Wrong(page, value, column, "bytes");

    /// <summary>The bytes in place, for JSON.</summary>
    public static ReadOnlySpan<byte> Json(Page page, in AbiValue value, int column)
        => IsText(value) ? page.Bytes(value) : throw Wrong(page, value, column, "JSON");

    public static DateTimeOffset DateTimeOffset(Page page, in AbiValue value, int column) => value.Kind switch
    {
        AbiValueKind.Timestamp or AbiValueKind.LocalTimestamp => value.As.Integer switch
        {
            long.MaxValue => System.DateTimeOffset.MaxValue,
            long.MinValue => System.DateTimeOffset.MinValue,
            var micros => System.DateTimeOffset.UnixEpoch + Span(page, column, micros),
        },
        AbiValueKind.Date => new DateTimeOffset(Date(page, value, column), default, TimeSpan.Zero),
        AbiValueKind.Text when System.DateTimeOffset.TryParse(Chars(page, value), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) => moment,
        _ => throw Wrong(page, value, column, "a date and time"),
    };

    public static DateTime DateTime(Page page, in AbiValue value, int column) => value switch
    {
        { Kind: AbiValueKind.LocalTimestamp or AbiValueKind.Timestamp, As.Integer: long.MaxValue } => System.DateTime.MaxValue,
        { Kind: AbiValueKind.LocalTimestamp or AbiValueKind.Timestamp, As.Integer: long.MinValue } => System.DateTime.MinValue,
        { Kind: AbiValueKind.LocalTimestamp } => System.DateTime.SpecifyKind(DateTimeOffset(page, value, column).UtcDateTime, DateTimeKind.Unspecified),
        { Kind: AbiValueKind.Text } when System.DateTime.TryParse(Chars(page, value), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var moment) => moment,
        _ => DateTimeOffset(page, value, column).UtcDateTime,
    };

    public static DateOnly Date(Page page, in AbiValue value, int column) => value.Kind switch
    {
        AbiValueKind.Date => value.As.Integer switch
        {
            long.MaxValue => DateOnly.MaxValue,
            long.MinValue => DateOnly.MinValue,
            var days when days + EpochDay >= 0 && days <= DateOnly.MaxValue.DayNumber - EpochDay => DateOnly.FromDayNumber((int)days + EpochDay),
            var days => throw new OverflowException($"Column {Describe(page, column)} is {days} days from 1970-01-01, which no DateOnly can hold."),
        },
        AbiValueKind.Text when DateOnly.TryParse(Chars(page, value), CultureInfo.InvariantCulture, out var date) => date,
        _ => throw Wrong(page, value, column, "a date"),
    };

    public static TimeOnly Time(Page page, in AbiValue value, int column) => value.Kind switch
    {
        AbiValueKind.Time when value.As.Integer >= 0 && value.As.Integer < TimeSpan.TicksPerDay / TimeSpan.TicksPerMicrosecond
            => new TimeOnly(value.As.Integer * TimeSpan.TicksPerMicrosecond),
        AbiValueKind.Text when TimeOnly.TryParse(Chars(page, value), CultureInfo.InvariantCulture, out var time) => time,
        _ => throw Wrong(page, value, column, "a time of the day"),
    };

    public static TimeSpan Interval(Page page, in AbiValue value, int column)
        => value.Kind is AbiValueKind.Interval or AbiValueKind.Text && Iso8601Duration.TryParse(Chars(page, value), out var interval)
            ? interval
            : throw Wrong(page, value, column, "an interval without months or years");

    public static InvalidCastException Wrong(Page page, in AbiValue value, int column, string wanted) => new(IsNull(value)
        ? $"Column {Describe(page, column)} is NULL, and {wanted} is asked for: ask IsNull first, or make the member nullable."
        : $"Column {Describe(page, column)} is {Name(value.Kind)}, not {wanted}.");

    private static string Describe(Page page, int column) => $"'{page.Columns[column]}' ({column})";

    // What is unknown is read as text (value.h).
    private static bool IsText(in AbiValue value)
        => value.Kind is AbiValueKind.Text or AbiValueKind.Json or AbiValueKind.Other or AbiValueKind.Numeric or AbiValueKind.Interval
            || (value.Kind > AbiValueKind.Other && value.Length > 0);

    private static string Chars(Page page, in AbiValue value) => Encoding.UTF8.GetString(page.Bytes(value));

    private static bool TryDecimal(ReadOnlySpan<byte> text, out decimal number) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    private static TimeSpan Span(Page page, int column, long micros)
    {
        const long Least = -62_135_596_800_000_000; // 0001-01-01
        const long Greatest = 253_402_300_799_999_999; // 9999-12-31T23:59:59.999999
        return micros is >= Least and <= Greatest
            ? TimeSpan.FromTicks(micros * TimeSpan.TicksPerMicrosecond)
            : throw new OverflowException($"Column {Describe(page, column)} is {micros} µs from 1970-01-01, which no DateTimeOffset can hold.");
    }

    private static string Name(AbiValueKind kind) => kind switch
    {
        AbiValueKind.Bool => "true or false",
        AbiValueKind.Int64 => "a whole number",
        AbiValueKind.Double => "a floating-point number",
        AbiValueKind.Text => "text",
        AbiValueKind.Blob => "bytes",
        AbiValueKind.Numeric => "a decimal number",
        AbiValueKind.Uuid => "a UUID",
        AbiValueKind.Timestamp => "a date and time",
        AbiValueKind.LocalTimestamp => "a date and time without a zone",
        AbiValueKind.Date => "a date",
        AbiValueKind.Time => "a time of the day",
        AbiValueKind.Interval => "an interval",
        AbiValueKind.Json => "JSON",
        AbiValueKind.Array => "an array",
        _ => "of another type",
    };
}
