using System.Diagnostics;
using EdgeGw.Configuration;
using EdgeGw.Control.Storage;
using EdgeGw.Epochs;
using EdgeGw.Generations;
using EdgeGw.Interop;
using EdgeGw.Logging;
using EdgeGw.Pipeline;

namespace EdgeGw.Scouting;

/// <summary>The role that loads a new library first, in a process that may die of it (<see cref="ScoutOptions"/>).</summary>
internal static class ScoutProcess
{
    // Beyond what its starter allows: it has been killed itself, and this process would wait for good in a library that hangs.
    private const int OrphanMs = 10_000;

    /// <summary>Loads, initialises and tests the library and writes the report; returns the exit code.</summary>
    public static int Run(string[] args)
    {
        if (ScoutOptions.Parse(args) is not { } options)
        {
            Console.Error.WriteLine("edgegw scout: needs --library and --report; it is started by the gateway before each deploy, and by 'edgegw inspect'.");
            return 2;
        }
        EndAfter((long)options.LoadMs + options.SelfTestMs + OrphanMs);
        try
        {
            var report = Scout(options);
            ReportFile.Write(options.Report, report);
            return report.Ok ? 0 : 1;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(Files.Reason(e));
            return ReportFile.NotWritable;
        }
    }

    private static ScoutReport Scout(ScoutOptions options)
    {
        var facts = ReadFacts(options.Library);
        // A library's init may log, schedule work and read its settings: the host is the real one.
        var settings = new GatewaySettings { AccessLog = new AccessLogSettings { Enabled = false } };
        var ledger = new VersionLedger();
        var asked = new List<string>();
        var context = new PipelineContext(settings, new LogHub(settings.Log, Console.OpenStandardError(), TimeProvider.System), ledger, TimeProvider.System, asked: asked);
        ExchangeTable.Context = context;
        var placeholder = new Manifest { Name = Path.GetFileNameWithoutExtension(options.Library), Routes = [] };
        var version = Version(ledger, placeholder, options, sha256: "");
        var before = ProcessFigures.Read();
        var started = Stopwatch.GetTimestamp();
        try
        {
            var library = LoadedLibrary.Load(options.Library, version.Ordinal, options.HeapBytes);
            var elapsed = Stopwatch.GetElapsedTime(started);
            var after = ProcessFigures.Read();
            var report = new ScoutReport
            {
                Ok = true,
                Abi = library.Abi,
                Manifest = library.Manifest,
                LoadMs = Math.Round(elapsed.TotalMilliseconds, 2),
                RssBytes = after.ResidentBytes - before.ResidentBytes,
                Threads = after.Threads - before.Threads,
                File = facts,
            };
            library.SelfTest();
            if (asked.Except(library.Manifest.Services).FirstOrDefault() is { } unnamed)
            {
                throw new LoadFailure($"{Path.GetFileName(options.Library)} uses the service {unnamed}, which its manifest does not name: add \"{unnamed}\" to \"services\".");
            }
            return library.Manifest.SelfTest.Count == 0 ? report : Test(library, version, ledger, context, settings, options, report);
        }
        catch (LoadFailure e)
        {
            return new ScoutReport { Ok = false, Error = e.Message, File = facts };
        }
    }

    private static ScoutReport Test(
        LoadedLibrary library, HandlerVersion loaded, VersionLedger ledger, PipelineContext context, GatewaySettings settings, ScoutOptions options, ScoutReport report)
    {
        // The library knows its host by the first version's number; its requests are leased from one that has its manifest.
        var version = Version(ledger, library.Manifest, options, sha256: "loaded");
        version.Loaded(library, loaded.Cost, context.Time.GetUtcNow());
        var started = Stopwatch.GetTimestamp();
        new SelfTestRun(version, ledger, context, settings).Run(
            library.Manifest.SelfTest, options.SelfTestMs, test => ReportFile.Write(options.Report, new ScoutReport { Ok = false, Testing = test.ToString(), File = report.File }));
        return report with { SelfTestMs = Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 2) };
    }

    private static HandlerVersion Version(VersionLedger ledger, Manifest manifest, ScoutOptions options, string sha256) =>
        ledger.Add(ordinal => new HandlerVersion(ordinal, new EpochHandler
        {
            Name = manifest.Name,
            Version = manifest.Version,
            Sha256 = sha256,
            File = options.Library,
            Config = options.Config,
            Manifest = manifest,
        }))!;

    private static LibraryFacts? ReadFacts(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return ImportScan.Read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // the loader will say why
        }
    }

    private static void EndAfter(long milliseconds)
    {
        var thread = new Thread(() =>
        {
            new ManualResetEventSlim().Wait(TimeSpan.FromMilliseconds(milliseconds));
            ProcessEnd.Now(1);
        })
        { IsBackground = true, Name = "end" };
        thread.Start();
    }
}
