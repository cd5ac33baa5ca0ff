using System.Diagnostics;
using EdgeGw.Configuration;
using EdgeGw.Epochs;
using EdgeGw.Generations;
using EdgeGw.Interop;
using EdgeGw.Logging;
using EdgeGw.Pipeline;
using EdgeGw.Pipeline.Run;

namespace EdgeGw.Scouting;

/// <summary>Sends the requests of a manifest's self-test through the worker's own pipeline to the library, one after the other. There are no services: their calls answer NOT_BOUND.</summary>
internal sealed class SelfTestRun
{
    private const int ShownChars = 300;

    private readonly HandlerVersion _version;
    private readonly Gateway _gateway;
    private readonly PipelineContext _context;

    /// <summary>Puts the routes of a loaded version in force in this process.</summary>
    /// <exception cref="LoadFailure">They cannot be.</exception>
    internal SelfTestRun(HandlerVersion version, VersionLedger ledger, PipelineContext context, GatewaySettings settings)
    {
        (_version, _context) = (version, context);
        var epoch = new EpochConfig { Number = 1, Created = context.Time.GetUtcNow(), Action = "scout", Reason = "self-test", Handlers = [version.Config] };
        // The version is loaded already: its routes are all that is made here.
        if (new EpochLoader(settings, "", ledger, context.Log, context.Time).TryLoad(epoch, strict: true, out var reasons) is not { } state)
        {
            throw new LoadFailure(string.Join(' ', reasons));
        }
        version.GoLive();
        _gateway = new Gateway(context, new EpochHolder { Current = state });
    }

    /// <summary>Runs them all; the first that is not answered as it says ends it.</summary>
    /// <param name="tests">The requests.</param>
    /// <param name="timeoutMs">Milliseconds for all of them together.</param>
    /// <param name="before">Told of each before it is sent: whoever waits for this process then knows which one it died of.</param>
    /// <exception cref="LoadFailure">What was expected, and what came.</exception>
    internal void Run(IReadOnlyList<ManifestSelfTest> tests, int timeoutMs, Action<ManifestSelfTest> before)
    {
        using var watchdog = new Watchdog(_context);
        var started = Stopwatch.GetTimestamp();
        foreach (var test in tests)
        {
            before(test);
            var left = timeoutMs - (int)Math.Min(Stopwatch.GetElapsedTime(started).TotalMilliseconds, timeoutMs);
            using var request = new SelfTestRequest(test);
            // A handler may block for good: its thread is lost then, and this process ends soon.
            var answered = Task.Factory.StartNew(() => _gateway.ProcessRequestAsync(request), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
            if (!answered.Wait(left))
            {
                throw Failed(test, $"did not answer within {timeoutMs} ms (Handlers:SelfTestTimeoutMs)");
            }
            if (request.WasAborted)
            {
                throw Failed(test, $"broke off its answer{Because()}");
            }
            if (request.StatusCode != test.Status || (test.Contains is { } text && !request.Answer.Contains(text, StringComparison.Ordinal)))
            {
                throw Failed(test, $"was to answer {Expected(test)}, and answered {request.StatusCode} {Shown(request.Answer)}{Because()}");
            }
        }
    }

    private LoadFailure Failed(ManifestSelfTest test, string what)
    {
        var services = _version.Config.Manifest.Services is { Count: > 0 } named
            ? $" A self-test has no services ({string.Join(", ", named.Take(10))}): leave requests that need them out of it."
            : "";
        return new LoadFailure($"{_version.Config.Name}'s self-test failed: {test} {what}.{services}");
    }

    // What the handler or the gateway said about it. The log is ended for it, so that every line is there: nothing comes after a failed self-test.
    private string Because()
    {
        _context.Log.DisposeAsync().AsTask().GetAwaiter().GetResult();
        var last = "";
        var lines = _context.Log.ReadAsync(int.MaxValue, follow: false, CancellationToken.None).GetAsyncEnumerator();
        while (lines.MoveNextAsync().AsTask().GetAwaiter().GetResult())
        {
            last = lines.Current.Level >= Level.Warning ? lines.Current.Message : last;
        }
        return last.Length == 0 ? "" : $"; the log says: {Cut(last.TrimEnd('.'))}";
    }

    private static string Expected(ManifestSelfTest test) => test.Contains is { } text ? $"{test.Status} with {Shown(text)} in its body" : $"{test.Status}";

    private static string Shown(string body) => body.Length == 0 ? "with an empty body" : $"'{Cut(body.Trim())}'";

    private static string Cut(string text) => text.Length <= ShownChars ? text : text[..ShownChars] + "…";
}
