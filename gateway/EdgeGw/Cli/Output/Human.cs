using System.Globalization;

namespace EdgeGw.Cli.Output;

/// <summary>Numbers as people read them.</summary>
internal static class Human
{
    /// <summary>Two units at most: <c>1.2 ms</c>, <c>41 ms</c>, <c>3 min 5 s</c>, <c>4 d 2 h</c>.</summary>
    public static string Time(double milliseconds) => milliseconds switch
    {
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.#} ms"),
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0} ms"),
        < 60_000 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(milliseconds / 100) / 10:0.#} s"),
        < 3_600_000 => Pair(milliseconds / 1_000, 60, "min", "s"),
        < 86_400_000 => Pair(milliseconds / 60_000, 60, "h", "min"),
        _ => Pair(milliseconds / 3_600_000, 24, "d", "h"),
    };

    /// <summary>Decimal units: <c>1.5 MB</c>.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        < 1e3 => string.Create(CultureInfo.InvariantCulture, $"{bytes:0} B"),
        < 1e6 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.#} kB"),
        < 1e9 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.#} GB"),
    };

    /// <summary>A count and its noun: <c>1 route</c>, <c>2 routes</c>.</summary>
    public static string Count(long count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>How long ago: <c>5 min 3 s ago</c>.</summary>
    public static string Ago(DateTimeOffset time, TimeProvider clock)
    {
        var passed = (clock.GetUtcNow() - time).TotalMilliseconds;
        return passed < 1_000 ? "now" : $"{Time(passed)} ago";
    }

    /// <summary>The first characters of a SHA-256.</summary>
    public static string Hash(string sha256, int length = 12) => sha256.Length > length ? sha256[..length] : sha256;

    private static string Pair(double value, int per, string large, string small)
    {
        var whole = (long)value;
        var rest = whole % per;
        return rest == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{whole / per} {large}")
            : string.Create(CultureInfo.InvariantCulture, $"{whole / per} {large} {rest} {small}");
    }
}
