using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace EdgeGw.Services.Database.Postgres;

/// <summary>PostgreSQL's intervals as ISO 8601 durations: months, days and microseconds, each with a sign of its own.</summary>
internal readonly record struct PostgresInterval(int Months, int Days, long Microseconds)
{
    /// <summary>The text form, as the server's own <c>iso_8601</c> style.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("P");
        Append(text, Months / 12, 'Y');
        Append(text, Months % 12, 'M');
        Append(text, Days, 'D');
        if (Microseconds != 0)
        {
            text.Append('T');
            Append(text, Microseconds / 3_600_000_000, 'H');
            Append(text, Microseconds / 60_000_000 % 60, 'M');
            if (Microseconds % 60_000_000 is var seconds and not 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{seconds / 1_000_000m:0.######}S");
            }
        }
        return text.Length == 1 ? "PT0S" : text.ToString();
    }

    /// <summary>Reads a duration; false for any other form, which the server may know.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out PostgresInterval interval)
    {
        interval = default;
        if (text.Length < 3 || text[0] != 'P')
        {
            return false;
        }
        decimal months = 0, days = 0, microseconds = 0;
        var inTime = false;
        var any = false;
        for (text = text[1..]; text.Length > 0;)
        {
            if (text[0] == 'T' && !inTime)
            {
                inTime = true;
                text = text[1..];
                continue;
            }
            if (!Utf8Parser.TryParse(text, out decimal number, out var used) || used == text.Length)
            {
                return false;
            }
            // Only seconds may have a fraction: what part of a month is a day is the server's to say.
            var unit = text[used];
            if ((number != Math.Truncate(number) && unit != 'S') || Math.Abs(number) > long.MaxValue)
            {
                return false;
            }
            switch ((unit, inTime))
            {
                case ((byte)'Y', false): months += number * 12; break;
                case ((byte)'M', false): months += number; break;
                case ((byte)'W', false): days += number * 7; break;
                case ((byte)'D', false): days += number; break;
                case ((byte)'H', true): microseconds += number * 3_600_000_000; break;
                case ((byte)'M', true): microseconds += number * 60_000_000; break;
                case ((byte)'S', true): microseconds += Math.Round(number * 1_000_000); break;
                default: return false;
            }
            any = true;
            text = text[(used + 1)..];
        }
        if (!any || Math.Abs(months) > int.MaxValue || Math.Abs(days) > int.MaxValue || Math.Abs(microseconds) > long.MaxValue)
        {
            return false;
        }
        interval = new PostgresInterval((int)months, (int)days, (long)microseconds);
        return true;
    }

    private static void Append(StringBuilder text, long number, char unit)
    {
        if (number != 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{number}{unit}");
        }
    }
}
