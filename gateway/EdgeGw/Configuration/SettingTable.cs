using System.Text;

namespace EdgeGw.Configuration;

/// <summary>Every key, once: it binds <see cref="GatewaySettings"/>, and docs/configuration.md's table is made from it (<c>edgegw config --keys</c>).</summary>
internal static class SettingTable
{
    private const long Day = 86_400_000;

    /// <summary>The keys, in the order in which they are shown.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new ListSetting("Listen", s => s.Listen, (s, v) => s.Listen = v, SettingRule.ListenUrl, 1,
            "Where the gateway listens for traffic. Port 0 takes a free one."),
        new TextSetting("Admin", s => s.Admin, (s, v) => s.Admin = v, SettingRule.AdminUrl,
            "Where the Admin API listens. Empty: on the Unix socket alone."),

        new TextSetting("Tls:Certificate", s => s.Tls.Certificate, (s, v) => s.Tls.Certificate = v, SettingRule.ExistingFile,
            "PEM file with the certificate chain, leaf first, for `https://` listeners. Read again when it changes."),
        new TextSetting("Tls:Key", s => s.Tls.Key, (s, v) => s.Tls.Key = v, SettingRule.ExistingFile,
            "PEM file with the private key."),

        new IntegerSetting("Limits:Connections", s => s.Limits.Connections, (s, v) => s.Limits.Connections = (int)v, 1, 1_000_000,
            "Open client connections; more are reset at once."),
        new IntegerSetting("Limits:ConnectionsPerAddress", s => s.Limits.ConnectionsPerAddress, (s, v) => s.Limits.ConnectionsPerAddress = (int)v, 0, 1_000_000,
            "Open connections of one client address (of one /64 network over IPv6), trusted proxies left out; more are reset at once. 0: no bound of its own."),
        new IntegerSetting("Limits:Concurrency", s => s.Limits.Concurrency, (s, v) => s.Limits.Concurrency = (int)v, 1, 1_000_000,
            "Requests inside handlers at once, over all routes."),
        new IntegerSetting("Limits:RouteConcurrency", s => s.Limits.RouteConcurrency, (s, v) => s.Limits.RouteConcurrency = (int)v, 1, 1_000_000,
            "Requests inside one route's handler at once."),
        new IntegerSetting("Limits:RouteQueue", s => s.Limits.RouteQueue, (s, v) => s.Limits.RouteQueue = (int)v, 0, 1_000_000,
            "Requests waiting for a route's turn; more are answered 503 with Retry-After."),
        new IntegerSetting("Limits:RetryAfterSeconds", s => s.Limits.RetryAfterSeconds, (s, v) => s.Limits.RetryAfterSeconds = (int)v, 0, 86_400,
            "Seconds named in Retry-After."),
        new IntegerSetting("Limits:DeadlineMs", s => s.Limits.DeadlineMs, (s, v) => s.Limits.DeadlineMs = (int)v, 1, Day,
            "Milliseconds a handler has until the client is answered 504."),
        new IntegerSetting("Limits:HardDeadlineMs", s => s.Limits.HardDeadlineMs, (s, v) => s.Limits.HardDeadlineMs = (int)v, 0, Day,
            "Milliseconds after its deadline until a handler that still holds a thread is given up and its version taken out of service. 0: never."),
        new IntegerSetting("Limits:LostRequests", s => s.Limits.LostRequests, (s, v) => s.Limits.LostRequests = (int)v, 1, 1_000_000,
            "Requests of one version that nobody waits for and that it does not complete; with as many, it is taken out of service."),
        new IntegerSetting("Limits:MaxBodyBytes", s => s.Limits.MaxBodyBytes, (s, v) => s.Limits.MaxBodyBytes = v, 0, 1L << 50,
            "Bytes of a request body; a larger one is 413."),
        new IntegerSetting("Limits:MaxHeaderBytes", s => s.Limits.MaxHeaderBytes, (s, v) => s.Limits.MaxHeaderBytes = (int)v, 1_024, 16_777_216,
            "Bytes of all request headers; more are 431."),
        new IntegerSetting("Limits:MaxHeaderCount", s => s.Limits.MaxHeaderCount, (s, v) => s.Limits.MaxHeaderCount = (int)v, 1, 10_000,
            "Number of request headers; more are 431."),
        new IntegerSetting("Limits:MaxRequestLineBytes", s => s.Limits.MaxRequestLineBytes, (s, v) => s.Limits.MaxRequestLineBytes = (int)v, 128, 1_048_576,
            "Bytes of the request line; a longer one is 414."),
        new IntegerSetting("Limits:HeaderTimeoutMs", s => s.Limits.HeaderTimeoutMs, (s, v) => s.Limits.HeaderTimeoutMs = (int)v, 100, Day,
            "Milliseconds in which the request head must have arrived."),
        new IntegerSetting("Limits:KeepAliveTimeoutMs", s => s.Limits.KeepAliveTimeoutMs, (s, v) => s.Limits.KeepAliveTimeoutMs = (int)v, 100, Day,
            "Milliseconds an idle connection is kept."),
        new IntegerSetting("Limits:MinBodyBytesPerSecond", s => s.Limits.MinBodyBytesPerSecond, (s, v) => s.Limits.MinBodyBytesPerSecond = (int)v, 1, 1_000_000_000,
            "Bytes per second below which a body is given up, after 5 s of grace."),
        new IntegerSetting("Limits:MinResponseBytesPerSecond", s => s.Limits.MinResponseBytesPerSecond, (s, v) => s.Limits.MinResponseBytesPerSecond = (int)v, 1, 1_000_000_000,
            "Bytes per second of an answer that waits for its client which the client must take, over `Limits:SlowReaderTimeoutMs`; one that takes less is reset."),
        new IntegerSetting("Limits:SlowReaderTimeoutMs", s => s.Limits.SlowReaderTimeoutMs, (s, v) => s.Limits.SlowReaderTimeoutMs = (int)v, 100, Day,
            "Milliseconds over which `Limits:MinResponseBytesPerSecond` is measured."),
        new IntegerSetting("Limits:Http2Streams", s => s.Limits.Http2Streams, (s, v) => s.Limits.Http2Streams = (int)v, 1, 100_000,
            "HTTP/2 streams of one connection at once."),
        new IntegerSetting("Limits:StagingBytes", s => s.Limits.StagingBytes, (s, v) => s.Limits.StagingBytes = (int)v, 1_024, 16_777_216,
            "Bytes of response body staged before it is sent in chunks; also the largest response that gets its Content-Length by itself."),
        new IntegerSetting("Limits:ResponseBufferBytes", s => s.Limits.ResponseBufferBytes, (s, v) => s.Limits.ResponseBufferBytes = (int)v, 4_096, 1_073_741_824,
            "Bytes of a response that wait for a slow client before the handler is made to wait."),
        new IntegerSetting("Limits:ScheduledWork", s => s.Limits.ScheduledWork, (s, v) => s.Limits.ScheduledWork = (int)v, 16, 16_777_216,
            "Pieces of work that handlers may have waiting on the gateway's threads."),

        new BooleanSetting("AccessLog:Enabled", s => s.AccessLog.Enabled, (s, v) => s.AccessLog.Enabled = v,
            "Whether there is an access log (JSON lines on standard output)."),
        new NumberSetting("AccessLog:Sample", s => s.AccessLog.Sample, (s, v) => s.AccessLog.Sample = v, 0, 1,
            "The share of answers below 500 that is logged. Answers of 500 and above are always logged."),
        new IntegerSetting("AccessLog:Queue", s => s.AccessLog.Queue, (s, v) => s.AccessLog.Queue = (int)v, 1, 16_777_216,
            "Lines waiting to be written; more are dropped and counted."),

        new TextSetting("Log:Level", s => s.Log.Level, (s, v) => s.Log.Level = v, SettingRule.LogLevel,
            "The lowest level that is logged (JSON lines on standard error)."),
        new IntegerSetting("Log:Keep", s => s.Log.Keep, (s, v) => s.Log.Keep = (int)v, 0, 1_000_000,
            "Lines kept for `edgegw logs`."),
        new IntegerSetting("Log:Queue", s => s.Log.Queue, (s, v) => s.Log.Queue = (int)v, 1, 16_777_216,
            "Lines waiting to be written; more are dropped and counted."),

        new ListSetting("Proxy:Trusted", s => s.Proxy.Trusted, (s, v) => s.Proxy.Trusted = v, SettingRule.AddressOrNetwork, 0,
            "Proxies whose forwarded headers (RFC 7239 and X-Forwarded-*) are believed. Empty: nobody's."),

        new IntegerSetting("Handlers:LoadTimeoutMs", s => s.Handlers.LoadTimeoutMs, (s, v) => s.Handlers.LoadTimeoutMs = (int)v, 10, 3_600_000,
            "Milliseconds that loading and init of one library may take."),
        new IntegerSetting("Handlers:SelfTestTimeoutMs", s => s.Handlers.SelfTestTimeoutMs, (s, v) => s.Handlers.SelfTestTimeoutMs = (int)v, 10, 3_600_000,
            "Milliseconds that the self-test of a library may take before a deploy, all its requests together."),
        new IntegerSetting("Handlers:HeapBytes", s => s.Handlers.HeapBytes, (s, v) => s.Handlers.HeapBytes = v, 1_048_576, 1L << 40,
            "Bytes of each NativeAOT library's GC heap, unless the deploy says otherwise."),
        new IntegerSetting("Handlers:MaxLibraryBytes", s => s.Handlers.MaxLibraryBytes, (s, v) => s.Handlers.MaxLibraryBytes = v, 1, 1L << 40,
            "The largest library accepted, in bytes."),
        new IntegerSetting("Handlers:DrainMs", s => s.Handlers.DrainMs, (s, v) => s.Handlers.DrainMs = (int)v, 0, Day,
            "Milliseconds that requests of a replaced version may take to finish."),
        new IntegerSetting("Handlers:KeepStuckReports", s => s.Handlers.KeepStuckReports, (s, v) => s.Handlers.KeepStuckReports = (int)v, 1, 100_000,
            "Reports of stuck calls kept in `stuck/`; older ones are removed."),
        new IntegerSetting("Handlers:StreamDrainMs", s => s.Handlers.StreamDrainMs, (s, v) => s.Handlers.StreamDrainMs = (int)v, 0, Day,
            "Milliseconds that responses which have begun (server-sent events, long downloads) may go on after their version or worker was replaced."),
        new IntegerSetting("Handlers:KeepEpochs", s => s.Handlers.KeepEpochs, (s, v) => s.Handlers.KeepEpochs = (int)v, 1, 1_000_000,
            "Epochs kept for rollback and history; libraries that none of them name are removed."),

        new IntegerSetting("Worker:StartTimeoutMs", s => s.Worker.StartTimeoutMs, (s, v) => s.Worker.StartTimeoutMs = (int)v, 100, 3_600_000,
            "Milliseconds a worker may take until it is ready."),
        new IntegerSetting("Worker:StopTimeoutMs", s => s.Worker.StopTimeoutMs, (s, v) => s.Worker.StopTimeoutMs = (int)v, 0, Day,
            "Milliseconds that requests under way may take when the gateway stops."),
        new IntegerSetting("Worker:DrainMs", s => s.Worker.DrainMs, (s, v) => s.Worker.DrainMs = (int)v, 0, Day,
            "Milliseconds that requests of a replaced worker may take until their answer begins."),
        new IntegerSetting("Worker:IdleDrainMs", s => s.Worker.IdleDrainMs, (s, v) => s.Worker.IdleDrainMs = (int)v, 0, Day,
            "Milliseconds that a replaced worker keeps connections without a request; one that comes is answered, and the connection then closed."),
        new IntegerSetting("Worker:MaxDraining", s => s.Worker.MaxDraining, (s, v) => s.Worker.MaxDraining = (int)v, 1, 100,
            "Replaced workers that may still be finishing at once; until one of them has ended, no other is replaced."),
        new IntegerSetting("Worker:RestartBackoffMs", s => s.Worker.RestartBackoffMs, (s, v) => s.Worker.RestartBackoffMs = (int)v, 1, 3_600_000,
            "The longest pause, in milliseconds, before a worker that keeps dying is started again."),
        new IntegerSetting("Worker:LivenessTimeoutMs", s => s.Worker.LivenessTimeoutMs, (s, v) => s.Worker.LivenessTimeoutMs = (int)v, 0, Day,
            "Milliseconds within which a worker must show that its event loops go round; one that does not is killed and replaced. 0: nobody looks."),
        new TextSetting("Worker:Transport", s => s.Worker.Transport, (s, v) => s.Worker.Transport = v, SettingRule.Transport,
            "What moves the bytes: the gateway's own event loops (`epoll`), or .NET's sockets."),
        new IntegerSetting("Worker:Threads", s => s.Worker.Threads, (s, v) => s.Worker.Threads = (int)v, 16, 100_000,
            "Threads of the event loops, those inside handlers that block included; when few are left, handlers that hold some are refused more."),

        new IntegerSetting("Crashes:Keep", s => s.Crashes.Keep, (s, v) => s.Crashes.Keep = (int)v, 1, 10_000,
            "Crash reports kept; the oldest are removed."),
        new IntegerSetting("Crashes:TailBytes", s => s.Crashes.TailBytes, (s, v) => s.Crashes.TailBytes = (int)v, 1_024, 1_048_576,
            "Bytes of the end of the worker's standard error kept in a crash report."),
        new IntegerSetting("Crashes:Limit", s => s.Crashes.Limit, (s, v) => s.Crashes.Limit = (int)v, 1, 1_000,
            "Crashes by one version within `Crashes:WindowSeconds` after which it is quarantined."),
        new IntegerSetting("Crashes:WindowSeconds", s => s.Crashes.WindowSeconds, (s, v) => s.Crashes.WindowSeconds = (int)v, 1, 86_400,
            "Seconds within which crashes of one version are counted together."),
        new IntegerSetting("Crashes:ProbationSeconds", s => s.Crashes.ProbationSeconds, (s, v) => s.Crashes.ProbationSeconds = (int)v, 0, 86_400,
            "Seconds after its deploy in which a single crash quarantines a version; 0 for none."),
        new IntegerSetting("Crashes:Threads", s => s.Crashes.Threads, (s, v) => s.Crashes.Threads = (int)v, 64, 65_536,
            "Threads of the worker that can be seen inside calls when it dies; those beyond are not, and are counted."),

        new IntegerSetting("Ledger:Versions", s => s.Ledger.Versions, (s, v) => s.Ledger.Versions = (int)v, 1, 65_000,
            "Replaced versions that a worker may hold; with more it is handed over to a fresh one."),
        new IntegerSetting("Ledger:Bytes", s => s.Ledger.Bytes, (s, v) => s.Ledger.Bytes = v, 1_048_576, 1L << 40,
            "Bytes that loading its replaced versions added to a worker; with more it is handed over."),
        new IntegerSetting("Ledger:Threads", s => s.Ledger.Threads, (s, v) => s.Ledger.Threads = (int)v, 1, 100_000,
            "Threads that loading its replaced versions added to a worker; with more it is handed over."),
        new IntegerSetting("Ledger:LostThreads", s => s.Ledger.LostThreads, (s, v) => s.Ledger.LostThreads = (int)v, 1, 100_000,
            "Threads of a worker that are inside a handler which never returns; with more it is handed over."),
        new IntegerSetting("Ledger:CheckMs", s => s.Ledger.CheckMs, (s, v) => s.Ledger.CheckMs = (int)v, 100, Day,
            "Milliseconds between two looks at the ledger, beside the one after each change."),

        new IntegerSetting("Canary:WindowSeconds", s => s.Canary.WindowSeconds, (s, v) => s.Canary.WindowSeconds = (int)v, 1, 86_400,
            "Seconds over which a canary is compared with the live version; all since it began, where too few requests came in them."),
        new IntegerSetting("Canary:MinRequests", s => s.Canary.MinRequests, (s, v) => s.Canary.MinRequests = (int)v, 1, 1_000_000,
            "Requests that a canary must have had before it is judged by them, or promoted by itself."),
        new NumberSetting("Canary:MaxErrorRate", s => s.Canary.MaxErrorRate, (s, v) => s.Canary.MaxErrorRate = v, 0, 1,
            "The share of a canary's requests that may be answered with 500 or above beyond the live version's share; with more it is aborted."),
        new NumberSetting("Canary:MaxLatencyRatio", s => s.Canary.MaxLatencyRatio, (s, v) => s.Canary.MaxLatencyRatio = v, 1, 1_000,
            "How many times slower than the live version a canary may be, at the median and at the 99th percentile; a slower one is aborted."),
        new IntegerSetting("Canary:LatencySlackMs", s => s.Canary.LatencySlackMs, (s, v) => s.Canary.LatencySlackMs = (int)v, 0, 3_600_000,
            "Milliseconds by which a canary may be slower in any case."),
        new IntegerSetting("Canary:MaxDeaths", s => s.Canary.MaxDeaths, (s, v) => s.Canary.MaxDeaths = (int)v, 0, 1_000,
            "Deaths of a canary's worker that are borne; with one more it is aborted."),
    ];

    /// <summary>The table of docs/configuration.md.</summary>
    public static string ToMarkdown()
    {
        var defaults = new GatewaySettings();
        var text = new StringBuilder("| key | type | default | range | meaning |\n|---|---|---|---|---|\n");
        foreach (var setting in All)
        {
            var value = setting.Show(defaults);
            text.Append(null, $"| `{setting.Key}` | {setting.Type} | {(value.Length == 0 ? "none" : $"`{value}`")} | {setting.Range} | {setting.Meaning} |\n");
        }
        return text.ToString();
    }
}
