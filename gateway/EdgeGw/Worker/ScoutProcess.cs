using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeGw.Configuration;
using EdgeGw.Epochs;
using EdgeGw.Generations;
using EdgeGw.Interop;
using EdgeGw.Logging;
using EdgeGw.Pipeline;

namespace EdgeGw.Worker;

/// <summary>What the scout found.</summary>
internal sealed record ScoutReport
{
    /// <summary>Whether the library can be used.</summary>
    public required bool Ok { get; init; }
    /// <summary>Why not, in a sentence.</summary>
    public string? Error { get; init; }
    /// <summary>The ABI version it asks for.</summary>
    public string? Abi { get; init; }
    /// <summary>What it says of itself.</summary>
    public Manifest? Manifest { get; init; }
    /// <summary>Milliseconds of dlopen, entry and init.</summary>
    public double LoadMs { get; init; }
    /// <summary>Resident bytes it added.</summary>
    public long RssBytes { get; init; }
    /// <summary>Threads it added.</summary>
    public int Threads { get; init; }
}

/// <summary>How the report is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ScoutReport))]
internal sealed partial class ScoutJson : JsonSerializerContext;

/// <summary>The role that loads a new library first, in a process that may die of it: <c>edgegw scout --library FILE --report FILE [--heap-bytes N] [--set KEY=VALUE]…</c>.</summary>
internal static class ScoutProcess
{
    /// <summary>Loads, initialises and tests the library and writes the report; returns the exit code.</summary>
    public static int Run(string[] args)
    {
        string? library = null;
        string? reportFile = null;
        var heapBytes = new HandlerSettings().HeapBytes;
        var config = new Dictionary<string, string>();
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            switch (args[i])
            {
                case "--library":
                    library = args[i + 1];
                    break;
                case "--report":
                    reportFile = args[i + 1];
                    break;
                case "--heap-bytes":
                    heapBytes = long.Parse(args[i + 1], CultureInfo.InvariantCulture);
                    break;
                case "--set":
                    var equals = args[i + 1].IndexOf('=', StringComparison.Ordinal);
                    config[args[i + 1][..equals]] = args[i + 1][(equals + 1)..];
                    break;
            }
        }
        if (library is null || reportFile is null)
        {
            Console.Error.WriteLine("edgegw scout: needs --library and --report; it is started by the gateway before each deploy.");
            return 2;
        }
        var report = Scout(library, heapBytes, config);
        File.WriteAllBytes(reportFile, JsonSerializer.SerializeToUtf8Bytes(report, ScoutJson.Default.ScoutReport));
        return report.Ok ? 0 : 1;
    }

    private static ScoutReport Scout(string path, long heapBytes, Dictionary<string, string> config)
    {
        // A library's init may log, schedule work and read its settings: the host is the real one.
        var settings = new GatewaySettings { AccessLog = new AccessLogSettings { Enabled = false } };
        var ledger = new VersionLedger();
        var asked = new List<string>();
        ExchangeTable.Context = new PipelineContext(settings, new LogHub(settings.Log, Console.OpenStandardError(), TimeProvider.System), ledger, TimeProvider.System, asked: asked);
        var placeholder = new Manifest { Name = Path.GetFileNameWithoutExtension(path), Routes = [] };
        var version = ledger.Add(ordinal => new HandlerVersion(ordinal, new EpochHandler { Name = placeholder.Name, Version = "", Sha256 = "", File = path, Config = config, Manifest = placeholder }))!;
        var before = ProcessFigures.Read();
        var started = Stopwatch.GetTimestamp();
        try
        {
            var library = LoadedLibrary.Load(path, version.Ordinal, heapBytes);
            var elapsed = Stopwatch.GetElapsedTime(started);
            var after = ProcessFigures.Read();
            library.SelfTest();
            if (asked.Except(library.Manifest.Services).FirstOrDefault() is { } unnamed)
            {
                throw new LoadFailure($"{Path.GetFileName(path)} uses the service {unnamed}, which its manifest does not name: add \"{unnamed}\" to \"services\".");
            }
            return new ScoutReport
            {
                Ok = true,
                Abi = library.Abi,
                Manifest = library.Manifest,
                LoadMs = Math.Round(elapsed.TotalMilliseconds, 2),
                RssBytes = after.ResidentBytes - before.ResidentBytes,
                Threads = after.Threads - before.Threads,
            };
        }
        catch (LoadFailure e)
        {
            return new ScoutReport { Ok = false, Error = e.Message };
        }
    }
}
