namespace EdgeGw.Configuration;

/// <summary>Every setting of the gateway, with its default. Read from file, <c>EDGEGW_</c> variables and switches; handed to the worker as JSON. docs/configuration.md lists
/// each key, and a test compares it with this class.</summary>
internal sealed class GatewaySettings
{
    /// <summary>Where the gateway listens for traffic: <c>http://</c> or <c>https://</c> URLs with an IP address, <c>localhost</c> or <c>*</c>.</summary>
    public List<string> Listen { get; set; } = ["http://127.0.0.1:8080"];

    /// <summary>Where the Admin API listens (loopback unless you know better); empty for the Unix socket alone.</summary>
    public string Admin { get; set; } = "http://127.0.0.1:8081";

    /// <summary>Certificates for <c>https://</c> listeners.</summary>
    public TlsSettings Tls { get; set; } = new();

    /// <summary>Bounds of the data plane.</summary>
    public LimitSettings Limits { get; set; } = new();

    /// <summary>Access log.</summary>
    public AccessLogSettings AccessLog { get; set; } = new();

    /// <summary>Log of the gateway and of handlers.</summary>
    public LogSettings Log { get; set; } = new();

    /// <summary>The last requests of each handler.</summary>
    public RequestLogSettings RequestLog { get; set; } = new();

    /// <summary>Traces and metrics for a collector.</summary>
    public TelemetrySettings Telemetry { get; set; } = new();

    /// <summary>Forwarded headers.</summary>
    public ProxySettings Proxy { get; set; } = new();

    /// <summary>Libraries, their loading and retiring.</summary>
    public HandlerSettings Handlers { get; set; } = new();

    /// <summary>The worker process.</summary>
    public WorkerSettings Worker { get; set; } = new();

    /// <summary>What is done when a worker dies.</summary>
    public CrashSettings Crashes { get; set; } = new();

    /// <summary>Bundles that are applied.</summary>
    public BundleSettings Bundles { get; set; } = new();

    /// <summary>OpenAPI documents that are imported.</summary>
    public ImportSettings Import { get; set; } = new();

    /// <summary>What replaced versions may leave behind in a worker.</summary>
    public LedgerSettings Ledger { get; set; } = new();

    /// <summary>Compiling sources in the gateway.</summary>
    public CompileSettings Compile { get; set; } = new();

    /// <summary>When a version on trial is given up.</summary>
    public CanarySettings Canary { get; set; } = new();

    /// <summary>Domains, collections, endpoints and their versions.</summary>
    public CatalogSettings Catalog { get; set; } = new();

    /// <summary>What is told to those who follow.</summary>
    public EventSettings Events { get; set; } = new();

    /// <summary>Users, sessions, keys and the audit log of the Admin API.</summary>
    public IdentitySettings Identity { get; set; } = new();

    /// <summary>The Admin UI and what it asks of control.</summary>
    public AdminUiSettings AdminUi { get; set; } = new();
}

/// <summary>TLS.</summary>
internal sealed class TlsSettings
{
    /// <summary>PEM file with the certificate chain, leaf first. Read again when it changes.</summary>
    public string? Certificate { get; set; }

    /// <summary>PEM file with the private key.</summary>
    public string? Key { get; set; }
}

/// <summary>Bounds of the data plane. 0 never means unlimited, except where said.</summary>
internal sealed class LimitSettings
{
    /// <summary>Open client connections; more are reset at once.</summary>
    public int Connections { get; set; } = 10_000;
    /// <summary>Open connections of one client address (of one /64 network over IPv6), trusted proxies left out; more are reset at once. 0: no bound of its own.</summary>
    public int ConnectionsPerAddress { get; set; }
    /// <summary>Requests inside handlers at once, over all routes.</summary>
    public int Concurrency { get; set; } = 1_024;
    /// <summary>Requests inside one route's handler at once.</summary>
    public int RouteConcurrency { get; set; } = 512;
    /// <summary>Requests waiting for a route's turn; more are answered 503 with Retry-After.</summary>
    public int RouteQueue { get; set; } = 256;
    /// <summary>Seconds named in Retry-After.</summary>
    public int RetryAfterSeconds { get; set; } = 1;
    /// <summary>Milliseconds a handler has until the client is answered 504.</summary>
    public int DeadlineMs { get; set; } = 30_000;
    /// <summary>Milliseconds after its deadline until a handler that still holds a thread is given up and its version taken out of service; 0: never.</summary>
    public int HardDeadlineMs { get; set; } = 30_000;
    /// <summary>Requests of one version that nobody waits for and that it does not complete; with more, it is taken out of service.</summary>
    public int LostRequests { get; set; } = 64;
    /// <summary>Bytes of a request body; a larger one is 413.</summary>
    public long MaxBodyBytes { get; set; } = 30_000_000;
    /// <summary>Bytes of all request headers; more are 431.</summary>
    public int MaxHeaderBytes { get; set; } = 32_768;
    /// <summary>Number of request headers; more are 431.</summary>
    public int MaxHeaderCount { get; set; } = 100;
    /// <summary>Bytes of the request line; a longer one is 414.</summary>
    public int MaxRequestLineBytes { get; set; } = 8_192;
    /// <summary>Milliseconds in which the request head must have arrived.</summary>
    public int HeaderTimeoutMs { get; set; } = 15_000;
    /// <summary>Milliseconds an idle connection is kept.</summary>
    public int KeepAliveTimeoutMs { get; set; } = 130_000;
    /// <summary>Bytes per second below which a body is given up, after 5 s of grace.</summary>
    public int MinBodyBytesPerSecond { get; set; } = 240;
    /// <summary>Bytes per second of an answer that waits for its client which the client must take, over <see cref="SlowReaderTimeoutMs"/>; one that takes less is reset.</summary>
    public int MinResponseBytesPerSecond { get; set; } = 240;
    /// <summary>Milliseconds over which <see cref="MinResponseBytesPerSecond"/> is measured.</summary>
    public int SlowReaderTimeoutMs { get; set; } = 30_000;
    /// <summary>Bytes of an answer that the kernel takes for one connection beyond what its client has room for; 0: as many as the kernel likes.</summary>
    public int UnsentBytes { get; set; } = 131_072;
    /// <summary>HTTP/2 streams of one connection at once.</summary>
    public int Http2Streams { get; set; } = 100;
    /// <summary>HTTP/2 streams that one connection may reset in a second, a second's worth at once, trusted proxies left out; one that resets more is read more slowly. 0: no bound.</summary>
    public int Http2ResetsPerSecond { get; set; } = 200;
    /// <summary>Bytes of response body staged before it is sent in chunks; also the largest response that gets its Content-Length by itself.</summary>
    public int StagingBytes { get; set; } = 16_384;
    /// <summary>Bytes of a response that wait for a slow client before the handler is made to wait.</summary>
    public int ResponseBufferBytes { get; set; } = 1_048_576;
    /// <summary>Pieces of work that handlers may have waiting on the gateway's threads.</summary>
    public int ScheduledWork { get; set; } = 65_536;
}

/// <summary>Access log: JSON lines on standard output.</summary>
internal sealed class AccessLogSettings
{
    /// <summary>Whether there is one.</summary>
    public bool Enabled { get; set; } = true;
    /// <summary>The share of answers below 500 that is logged, 0 to 1. Answers of 500 and above are always logged.</summary>
    public double Sample { get; set; } = 0.01;
    /// <summary>Lines waiting to be written; more are dropped and counted.</summary>
    public int Queue { get; set; } = 8_192;
}

/// <summary>Log of the gateway and of handlers: JSON lines on standard error.</summary>
internal sealed class LogSettings
{
    /// <summary>Trace, Debug, Info, Warning, Error or Critical.</summary>
    public string Level { get; set; } = "Info";
    /// <summary>Lines kept for <c>edgegw logs</c>.</summary>
    public int Keep { get; set; } = 10_000;
    /// <summary>Lines waiting to be written; more are dropped and counted.</summary>
    public int Queue { get; set; } = 8_192;
}

/// <summary>Forwarded headers (RFC 7239 and X-Forwarded-*).</summary>
internal sealed class ProxySettings
{
    /// <summary>Addresses or networks (CIDR) of proxies whose forwarded headers are believed. Empty: nobody's.</summary>
    public List<string> Trusted { get; set; } = [];
}

/// <summary>Libraries.</summary>
internal sealed class HandlerSettings
{
    /// <summary>Milliseconds that loading and init of one library may take.</summary>
    public int LoadTimeoutMs { get; set; } = 10_000;
    /// <summary>Milliseconds until a handler that could not be started with its worker is tried again.</summary>
    public int RetryMs { get; set; } = 30_000;
    /// <summary>Milliseconds that the self-test of a library may take before a deploy, all its requests together.</summary>
    public int SelfTestTimeoutMs { get; set; } = 5_000;
    /// <summary>Bytes of each NativeAOT library's GC heap, unless the deploy says otherwise.</summary>
    public long HeapBytes { get; set; } = 268_435_456;
    /// <summary>The largest library accepted, in bytes.</summary>
    public long MaxLibraryBytes { get; set; } = 268_435_456;
    /// <summary>Milliseconds that requests of a replaced version may take to finish.</summary>
    public int DrainMs { get; set; } = 30_000;
    /// <summary>Reports of stuck calls kept; older ones are removed.</summary>
    public int KeepStuckReports { get; set; } = 100;
    /// <summary>Milliseconds that responses which have begun may go on after their version or worker was replaced.</summary>
    public int StreamDrainMs { get; set; } = 3_600_000;
    /// <summary>Epochs kept for rollback and history; libraries that none of them names are removed.</summary>
    public int KeepEpochs { get; set; } = 100;
}

/// <summary>The worker process.</summary>
internal sealed class WorkerSettings
{
    /// <summary>Milliseconds a worker may take until it is ready.</summary>
    public int StartTimeoutMs { get; set; } = 30_000;
    /// <summary>Milliseconds that requests under way may take when the gateway stops.</summary>
    public int StopTimeoutMs { get; set; } = 30_000;
    /// <summary>Milliseconds that requests of a replaced worker may take until their answer begins.</summary>
    public int DrainMs { get; set; } = 30_000;
    /// <summary>Milliseconds that a replaced worker keeps connections without a request.</summary>
    public int IdleDrainMs { get; set; } = 5_000;
    /// <summary>Replaced workers that may still be finishing at once.</summary>
    public int MaxDraining { get; set; } = 4;
    /// <summary>The longest pause, in milliseconds, before a worker that keeps dying is started again.</summary>
    public int RestartBackoffMs { get; set; } = 5_000;
    /// <summary>Milliseconds within which a worker must show that its event loops go round; 0 never looks.</summary>
    public int LivenessTimeoutMs { get; set; } = 10_000;
    /// <summary>What moves the bytes: <c>epoll</c>, the gateway's own event loops, or <c>sockets</c>, .NET's.</summary>
    public string Transport { get; set; } = "epoll";
    /// <summary>Whether isolated workers have control groups: <c>auto</c>, <c>on</c> or <c>off</c>.</summary>
    public string ControlGroups { get; set; } = "auto";
    /// <summary>Threads of the event loops and of handlers that block them; as many again of the pool.</summary>
    public int Threads { get; set; } = 256;
    /// <summary>Bytes of private memory that the shared worker may take beyond what it has once it is ready; 0 for no bound.</summary>
    public long MemoryBytes { get; set; }
}

/// <summary>Deaths of the worker.</summary>
internal sealed class CrashSettings
{
    /// <summary>Crash reports kept.</summary>
    public int Keep { get; set; } = 50;
    /// <summary>Bytes of the worker's standard error kept in a report.</summary>
    public int TailBytes { get; set; } = 16_384;
    /// <summary>Crashes within the window after which a version is quarantined.</summary>
    public int Limit { get; set; } = 3;
    /// <summary>The window in seconds.</summary>
    public int WindowSeconds { get; set; } = 60;
    /// <summary>Seconds after its deploy in which one crash is enough; 0 for none.</summary>
    public int ProbationSeconds { get; set; } = 30;
    /// <summary>Requests after its deploy within which one crash is enough; 0 for none.</summary>
    public int ProbationRequests { get; set; } = 100;
    /// <summary>Threads of the worker whose calls are recorded.</summary>
    public int Threads { get; set; } = 4_096;
}

/// <summary>The budget of replaced versions: what a worker may hold of them before it is handed over to a fresh one.</summary>
internal sealed class LedgerSettings
{
    /// <summary>Replaced versions.</summary>
    public int Versions { get; set; } = 100;
    /// <summary>Bytes that loading them added to the worker, or that are on their heaps now.</summary>
    public long Bytes { get; set; } = 536_870_912;
    /// <summary>Private bytes of the whole worker, while it holds any; 0: half of the machine's memory.</summary>
    public long WorkerBytes { get; set; }
    /// <summary>Threads that loading them added to the worker.</summary>
    public int Threads { get; set; } = 256;
    /// <summary>Threads that are inside a handler which never returns.</summary>
    public int LostThreads { get; set; } = 8;
    /// <summary>Milliseconds between two looks at the ledger, beside the one after each change.</summary>
    public int CheckMs { get; set; } = 10_000;
}

/// <summary>Compiling sources in the gateway (docs/compile.md).</summary>
internal sealed class CompileSettings
{
    /// <summary>Whether the gateway compiles at all.</summary>
    public bool Enabled { get; set; }
    /// <summary>The folder with the EdgeGw packages; empty for <c>packages</c> beside or above the program.</summary>
    public string Feed { get; set; } = "";
    /// <summary>The nuget.config that says where packages come from; empty for the one of the user that the gateway runs as.</summary>
    public string NuGetConfig { get; set; } = "";
    /// <summary>The packages that sources may name. A package's build files and generators run while it is compiled.</summary>
    public List<string> Packages { get; set; } = [];
    /// <summary>Builds at once.</summary>
    public int Parallel { get; set; } = 1;
    /// <summary>Builds that wait for their turn; more are refused.</summary>
    public int Queue { get; set; } = 16;
    /// <summary>Milliseconds a build may take, without the packages.</summary>
    public int TimeoutMs { get; set; } = 120_000;
    /// <summary>Milliseconds that getting the packages may take.</summary>
    public int RestoreTimeoutMs { get; set; } = 300_000;
    /// <summary>Bytes of memory of each process of a build.</summary>
    public long MemoryBytes { get; set; } = 2L << 30;
    /// <summary>Bytes of disk of a build.</summary>
    public long DiskBytes { get; set; } = 512L << 20;
    /// <summary>Bytes of all packages that were unpacked.</summary>
    public long PackageBytes { get; set; } = 4L << 30;
    /// <summary>Bytes of all the files of one source.</summary>
    public int SourceBytes { get; set; } = 1 << 20;
    /// <summary>Files of one source.</summary>
    public int Files { get; set; } = 100;
    /// <summary>Messages of the compiler that are kept of one build.</summary>
    public int Diagnostics { get; set; } = 200;
    /// <summary>Bytes of libraries kept by the content of their sources.</summary>
    public long CacheBytes { get; set; } = 1L << 30;
    /// <summary>Finished builds that can be asked for.</summary>
    public int KeepBuilds { get; set; } = 200;
    /// <summary><c>auto</c> or <c>required</c>.</summary>
    public string Sandbox { get; set; } = "auto";
}

/// <summary>When a canary is aborted by itself: judged by the window, or by all since it began where that has too few requests.</summary>
internal sealed class CanarySettings
{
    /// <summary>Seconds over which it is compared with the live version.</summary>
    public int WindowSeconds { get; set; } = 60;
    /// <summary>Requests that it must have had before it is judged by them, or promoted by itself.</summary>
    public int MinRequests { get; set; } = 50;
    /// <summary>How much more of its requests than of the live version's may be answered with 500 or above.</summary>
    public double MaxErrorRate { get; set; } = 0.02;
    /// <summary>How many times slower than the live version it may be, at the median and at the 99th percentile.</summary>
    public double MaxLatencyRatio { get; set; } = 2;
    /// <summary>Milliseconds that it may be slower in any case.</summary>
    public int LatencySlackMs { get; set; } = 10;
    /// <summary>Deaths of its worker that are borne.</summary>
    public int MaxDeaths { get; set; }
}

/// <summary>Bundles that are applied.</summary>
internal sealed class BundleSettings
{
    /// <summary>Bytes of the archive.</summary>
    public long MaxBytes { get; set; } = 1_073_741_824;
    /// <summary>Bytes of its files together, unpacked.</summary>
    public long MaxUnpackedBytes { get; set; } = 4_294_967_296;
    /// <summary>Files in it.</summary>
    public int MaxFiles { get; set; } = 10_000;
}
