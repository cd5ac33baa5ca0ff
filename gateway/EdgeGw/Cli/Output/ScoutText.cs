using EdgeGw.Scouting;

namespace EdgeGw.Cli.Output;

/// <summary>The scout's verdict and price tag, for people.</summary>
internal static class ScoutText
{
    /// <summary>Writes what a library costs, and what is unusual about it.</summary>
    public static void Write(PriceTag scout, CliHost host)
    {
        Line(host.Paint.Dim, $"loads in {Human.Time(scout.LoadMs)}, takes {Human.Bytes(scout.RssBytes)} and {Human.Count(scout.Threads, "thread")}, answers {Human.Count(scout.Routes, "route")} (ABI {scout.Abi})");
        // An older gateway says nothing of the file.
        if (scout.FileBytes > 0)
            Line(host.Paint.Dim, $"{Human.Bytes(scout.FileBytes)} {Kind(scout)}, {Human.Count(scout.Imports, "import")}{Beyond(scout)}");
        if (scout.SelfTestMs is { } time)
            Line(host.Paint.Dim, $"answers its self-test of {Human.Count(scout.SelfTests, "request")} in {Human.Time(time)}");
        foreach (var note in scout.Notes)
            Line(text => text, $"unusual: {note}");

        void Line(Func<string, string> color, string text) => host.Out.WriteLine(color(Printable.Escape("  " + text)));
    }

    private static string Kind(PriceTag scout)
    {
        var what = scout.NativeAot ? "NativeAOT library" : "library";
        return (scout.DebugInfo, scout.Symbols) switch
        {
            (true, _) => $"{what} with debug information",
            (_, true) => $"{what} with symbols",
            _ => $"{what}, stripped",
        };
    }

    private static string Beyond(PriceTag scout)
    {
        if (scout.Needs.Count == 0)
            return ", none beyond libc";
        var names = scout.Foreign.Count == 0 ? "" : $" ({string.Join(", ", scout.Foreign.Take(8))}{(scout.Foreign.Count > 8 ? ", …" : "")})";
        return $"; needs {string.Join(", ", scout.Needs)}{names}";
    }
}
