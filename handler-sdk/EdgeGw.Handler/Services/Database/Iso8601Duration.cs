using System.Buffers;
using System.Globalization;

namespace EdgeGw;

/// <summary>ISO 8601 durations, as far as a <see cref="TimeSpan"/> can hold them: days, hours, minutes, seconds, each with a sign of its own.</summary>
internal static class Iso8601Duration
{
    private static readonly SearchValues<char> NumberChars = SearchValues.Create("0123456789.-+");

    public static string Format(TimeSpan value)
    {
        var ticks = (Int128)value.Ticks;
        var sign = ticks < 0 ? "-" : "";
        ticks = Int128.Abs(ticks);
        var days = (long)(ticks / TimeSpan.TicksPerDay);
        var seconds = (decimal)(ticks % TimeSpan.TicksPerDay) / TimeSpan.TicksPerSecond;
        return string.Create(CultureInfo.InvariantCulture, $"P{sign}{days}DT{sign}{seconds:0.#######}S");
    }

    /// <summary>False when it is no duration, or has years or months, which have no length of their own.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan value)
    {
        value = default;
        var negative = text.StartsWith("-");
        if (negative)
            text = text[1..];
        if (text is not ['P', .. var rest] || rest.IsEmpty)
            return false;
        var ticks = 0m;
        var isTime = false;
        while (!rest.IsEmpty)
        {
            if (rest[0] == 'T' && !isTime)
            {
                isTime = true;
                rest = rest[1..];
                continue;
            }
            var length = rest.IndexOfAnyExcept(NumberChars);
            if (length <= 0 || !decimal.TryParse(rest[..length], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return false;
            long? unit = (rest[length], isTime) switch
            {
                ('W', false) => 7 * TimeSpan.TicksPerDay,
                ('D', false) => TimeSpan.TicksPerDay,
                ('H', true) => TimeSpan.TicksPerHour,
                ('M', true) => TimeSpan.TicksPerMinute,
                ('S', true) => TimeSpan.TicksPerSecond,
                _ => number == 0 ? 0 : null, // no years and no months are fine
            };
            if (unit is null || Math.Abs(number) > long.MaxValue / 2)
                return false;
            ticks += number * unit.Value;
            rest = rest[(length + 1)..];
        }
        if (ticks is > long.MaxValue or < long.MinValue)
            return false;
        value = TimeSpan.FromTicks((long)(negative ? -ticks : ticks));
        return true;
    }
}
