using System.Globalization;
using EdgeGw.Configuration;

namespace EdgeGw.Scouting;

/// <summary>What a scout is told: <c>edgegw scout --library FILE --report FILE [--heap-bytes N] [--load-ms N] [--self-test-ms N] [--set KEY=VALUE]…</c>.</summary>
internal sealed record ScoutOptions
{
    /// <summary>The library's file.</summary>
    public required string Library { get; init; }

    /// <summary>Where the report goes.</summary>
    public required string Report { get; init; }

    /// <summary>The limit of the library's own GC heap.</summary>
    public long HeapBytes { get; init; } = new HandlerSettings().HeapBytes;

    /// <summary>Milliseconds for loading and init.</summary>
    public int LoadMs { get; init; } = new HandlerSettings().LoadTimeoutMs;

    /// <summary>Milliseconds for the self-test.</summary>
    public int SelfTestMs { get; init; } = new HandlerSettings().SelfTestTimeoutMs;

    /// <summary>The library's settings.</summary>
    public IReadOnlyDictionary<string, string> Config { get; init; } = new Dictionary<string, string>();

    /// <summary>The arguments that say this.</summary>
    internal IEnumerable<string> ToArguments()
    {
        foreach (var argument in (string[])["scout", "--library", Library, "--report", Report, "--heap-bytes", Text(HeapBytes), "--load-ms", Text(LoadMs), "--self-test-ms", Text(SelfTestMs)])
        {
            yield return argument;
        }
        foreach (var (key, value) in Config)
        {
            yield return "--set";
            yield return $"{key}={value}";
        }

        static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Reads what follows <c>scout</c>; null when it is not complete.</summary>
    internal static ScoutOptions? Parse(string[] args)
    {
        string? library = null;
        string? report = null;
        var options = new ScoutOptions { Library = "", Report = "" };
        var config = new Dictionary<string, string>();
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            var value = args[i + 1];
            switch (args[i])
            {
                case "--library":
                    library = value;
                    break;
                case "--report":
                    report = value;
                    break;
                case "--heap-bytes":
                    options = options with { HeapBytes = long.Parse(value, CultureInfo.InvariantCulture) };
                    break;
                case "--load-ms":
                    options = options with { LoadMs = int.Parse(value, CultureInfo.InvariantCulture) };
                    break;
                case "--self-test-ms":
                    options = options with { SelfTestMs = int.Parse(value, CultureInfo.InvariantCulture) };
                    break;
                case "--set":
                    var equals = value.IndexOf('=', StringComparison.Ordinal);
                    config[value[..equals]] = value[(equals + 1)..];
                    break;
            }
        }
        return library is null || report is null ? null : options with { Library = library, Report = report, Config = config };
    }
}
