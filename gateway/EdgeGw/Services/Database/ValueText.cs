using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using EdgeGw.Abi;

namespace EdgeGw.Services.Database;

/// <summary>The text forms of values that are held as numbers: dates and times as ISO 8601 without the T, as both databases write them.</summary>
internal static class ValueText
{
    /// <summary>Microseconds of a day.</summary>
    public const long DayMicroseconds = 86_400_000_000;

    /// <summary>1970-01-01 as <see cref="DateOnly.DayNumber"/>.</summary>
    public const int UnixEpochDay = 719_162;

    private static readonly SearchValues<byte> s_durationNumber = SearchValues.Create("0123456789+-."u8);
    private static readonly SearchValues<byte> s_numeric = SearchValues.Create("0123456789+-.eE"u8);

    /// <summary>A timestamp; null when its year is not 1 to 9999.</summary>
    public static string? Timestamp(long microseconds)
    {
        if (Infinity(microseconds) is { } infinity)
        {
            return infinity;
        }
        var days = Math.DivRem(microseconds, DayMicroseconds, out var rest);
        if (rest < 0)
        {
            (days, rest) = (days - 1, rest + DayMicroseconds);
        }
        return Date(days) is { } date && Time(rest) is { } time ? $"{date} {time}" : null;
    }

    /// <summary>A date; null when its year is not 1 to 9999.</summary>
    public static string? Date(long days)
    {
        if (Infinity(days) is { } infinity)
        {
            return infinity;
        }
        return days >= -UnixEpochDay && days <= DateOnly.MaxValue.DayNumber - UnixEpochDay
            ? DateOnly.FromDayNumber((int)days + UnixEpochDay).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : null;
    }

    /// <summary>A time of the day, 24:00:00 included; null when it is none.</summary>
    public static string? Time(long microseconds)
    {
        if (microseconds is < 0 or > DayMicroseconds)
        {
            return null;
        }
        var seconds = Math.DivRem(microseconds, 1_000_000, out var fraction);
        var text = string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}");
        return fraction == 0 ? text : text + string.Create(CultureInfo.InvariantCulture, $".{fraction:000000}").TrimEnd('0');
    }

    /// <summary>Reads a timestamp: with an offset or Z it is moved to UTC. "T" or a space between date and time.</summary>
    public static bool TryTimestamp(ReadOnlySpan<byte> text, out long microseconds)
    {
        if (TryInfinity(text, out microseconds))
        {
            return true;
        }
        if (text.Length < 10 || !TryDate(text[..10], out var days))
        {
            return false;
        }
        var rest = text[10..];
        long time = 0;
        long offset = 0;
        if (rest.Length > 0)
        {
            if (rest[0] is not ((byte)' ' or (byte)'T' or (byte)'t'))
            {
                return false;
            }
            rest = rest[1..];
            var end = rest.IndexOfAny("Zz+-"u8);
            if ((end >= 0 && !TryOffset(rest[end..], out offset)) || !TryTime(end < 0 ? rest : rest[..end], out time))
            {
                return false;
            }
        }
        microseconds = (days * DayMicroseconds) + time - offset;
        return true;
    }

    /// <summary>Reads a date.</summary>
    public static bool TryDate(ReadOnlySpan<byte> text, out long days)
    {
        if (TryInfinity(text, out days))
        {
            return true;
        }
        if (text.Length != 10 || text[4] != '-' || text[7] != '-' || !Digits(text[..4], out var year) || !Digits(text[5..7], out var month) || !Digits(text[8..], out var day)
            || year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }
        days = new DateOnly(year, month, day).DayNumber - UnixEpochDay;
        return true;
    }

    /// <summary>Reads a time of the day: seconds and their fraction may be left out, more than six digits of it are cut.</summary>
    public static bool TryTime(ReadOnlySpan<byte> text, out long microseconds)
    {
        microseconds = 0;
        var second = 0;
        if (text.Length < 5 || text[2] != ':' || !Digits(text[..2], out var hour) || !Digits(text[3..5], out var minute)
            || (text.Length > 5 && (text.Length < 8 || text[5] != ':' || !Digits(text[6..8], out second))))
        {
            return false;
        }
        long fraction = 0;
        if (text.Length > 8)
        {
            var unit = 100_000L;
            if (text[8] != '.' || text.Length == 9)
            {
                return false;
            }
            foreach (var digit in text[9..])
            {
                if (digit is < (byte)'0' or > (byte)'9')
                {
                    return false;
                }
                fraction += (digit - '0') * unit;
                unit /= 10;
            }
        }
        microseconds = ((((hour * 60L) + minute) * 60) + second) * 1_000_000 + fraction;
        return minute < 60 && second < 60 && microseconds <= DayMicroseconds;
    }

    /// <summary>Whether text is a decimal number: digits with an optional sign, point and exponent, or NaN or an infinity.</summary>
    public static bool IsNumeric(ReadOnlySpan<byte> text) =>
        text is { Length: > 0 } && (text.SequenceEqual("NaN"u8) || text.SequenceEqual("Infinity"u8) || text.SequenceEqual("-Infinity"u8)
            || (Utf8Parser.TryParse(text, out double _, out var used) && used == text.Length && !text.ContainsAnyExcept(s_numeric)));

    /// <summary>Whether text is an ISO 8601 duration; each number may have a sign and a fraction, as PostgreSQL writes them.</summary>
    public static bool IsInterval(ReadOnlySpan<byte> text)
    {
        if (text is not [(byte)'P', _, ..])
        {
            return false;
        }
        var units = "YMWD"u8;
        var rest = text[1..];
        var isTime = rest[0] == 'T';
        if (isTime)
        {
            rest = rest[1..];
            units = "HMS"u8;
        }
        while (true)
        {
            var length = rest.IndexOfAnyExcept(s_durationNumber);
            if (length <= 0 || !Utf8Parser.TryParse(rest[..length], out double _, out var used) || used != length)
            {
                return false;
            }
            var unit = units.IndexOf(rest[length]);
            if (unit < 0)
            {
                return false;
            }
            // Each unit once, in their order.
            rest = rest[(length + 1)..];
            units = units[(unit + 1)..];
            if (rest.IsEmpty)
            {
                return true;
            }
            if (!isTime && rest[0] == 'T')
            {
                isTime = true;
                rest = rest[1..];
                units = "HMS"u8;
            }
        }
    }

    /// <summary>A double as the shortest decimal that reads back as it.</summary>
    public static string Double(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A value's text, for what has one; arrays have none.</summary>
    public static string Of(ServiceValue value) => value.Kind switch
    {
        AbiValueKind.Bool => value.Integer != 0 ? "true" : "false",
        AbiValueKind.Int64 => value.Integer.ToString(CultureInfo.InvariantCulture),
        AbiValueKind.Double => Double(value.Real),
        AbiValueKind.Uuid => new Guid(value.Bytes.Span, bigEndian: true).ToString(),
        AbiValueKind.Timestamp or AbiValueKind.LocalTimestamp => Timestamp(value.Integer) ?? throw OutOfRange(),
        AbiValueKind.Date => Date(value.Integer) ?? throw OutOfRange(),
        AbiValueKind.Time => Time(value.Integer) ?? throw OutOfRange(),
        _ => Encoding.UTF8.GetString(value.Bytes.Span),
    };

    private static ServiceException OutOfRange() => new(AbiResult.Refused, "A parameter is a date or time that this database cannot hold.", "22008");

    private static string? Infinity(long value) => value switch
    {
        long.MaxValue => "infinity",
        long.MinValue => "-infinity",
        _ => null,
    };

    private static bool TryInfinity(ReadOnlySpan<byte> text, out long value)
    {
        value = text.SequenceEqual("infinity"u8) ? long.MaxValue : text.SequenceEqual("-infinity"u8) ? long.MinValue : 0;
        return value != 0;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out long microseconds)
    {
        microseconds = 0;
        if (text[0] is (byte)'Z' or (byte)'z')
        {
            return text.Length == 1;
        }
        var minute = 0;
        if (text.Length is not (3 or 5 or 6) || !Digits(text[1..3], out var hour) || (text.Length == 6 && text[3] != ':') || (text.Length > 3 && !Digits(text[^2..], out minute)))
        {
            return false;
        }
        microseconds = ((hour * 60L) + minute) * 60_000_000 * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int number) => Utf8Parser.TryParse(text, out number, out var used) && used == text.Length && text[0] is >= (byte)'0' and <= (byte)'9';
}
