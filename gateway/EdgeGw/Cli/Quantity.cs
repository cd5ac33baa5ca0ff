using System.Buffers;
using System.Globalization;

namespace EdgeGw.Cli;

/// <summary>Durations and sizes as they are typed: a number and its unit, such as <c>500ms</c>, <c>1.5s</c>, <c>10MB</c>, <c>64MiB</c>.</summary>
internal static class Quantity
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    private static readonly (string Unit, decimal Factor)[] Durations = [("ms", 1), ("s", 1_000), ("m", 60_000), ("min", 60_000), ("h", 3_600_000)];

    private static readonly (string Unit, decimal Factor)[] Sizes =
    [
        ("", 1), ("B", 1), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000),
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30),
    ];

    /// <summary>Reads a duration in whole milliseconds, 0 to 24 h. The unit is required: 30 could be seconds as well as milliseconds.</summary>
    /// <returns>Null when it was read, else a sentence.</returns>
    public static string? TryDuration(string text, out int milliseconds)
    {
        var error = TryRead(text, Durations, 86_400_000, "a duration such as 500ms, 30s or 2m", "24h", out var value);
        milliseconds = (int)value;
        return error;
    }

    /// <summary>Reads a size in whole bytes, 0 to 1,024 GiB. MB is 1,000,000 bytes and MiB 1,048,576; a bare number is bytes.</summary>
    /// <returns>Null when it was read, else a sentence.</returns>
    public static string? TrySize(string text, out long bytes) => TryRead(text, Sizes, 1L << 40, "a size such as 10MB, 64MiB or 4096", "1024GiB", out bytes);

    private static string? TryRead(string text, (string Unit, decimal Factor)[] units, decimal maximum, string expected, string maximumText, out long value)
    {
        value = 0;
        var trimmed = text.Trim();
        var digits = trimmed.AsSpan().IndexOfAnyExcept(NumberCharacters);
        var number = digits < 0 ? trimmed : trimmed[..digits];
        var unit = digits < 0 ? "" : trimmed[digits..].TrimStart();
        var known = Array.FindIndex(units, u => u.Unit.Equals(unit, StringComparison.OrdinalIgnoreCase));
        if (known < 0 || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
            return $"'{text}' is not {expected}";
        // Compared before multiplying: a number of 29 digits is a decimal, its product is not.
        if (amount > maximum / units[known].Factor)
            return $"'{text}' is more than {maximumText}";
        var exact = amount * units[known].Factor;
        if (exact != decimal.Truncate(exact))
            return $"'{text}' is not a whole number of {units[0].Unit switch { "" => "bytes", _ => "milliseconds" }}";
        value = (long)exact;
        return null;
    }
}
