using EdgeGw.Calls;
using EdgeGw.Configuration;
using EdgeGw.Generations;
using EdgeGw.Logging;
using EdgeGw.Pipeline.Accept;
using EdgeGw.Pipeline.Observe;
using EdgeGw.Pipeline.Pin;
using EdgeGw.Pipeline.Run;
using EdgeGw.Pipeline.Send;
using EdgeGw.Services;
using EdgeGw.Transport;

namespace EdgeGw.Pipeline;

/// <summary>What all requests of a worker share.</summary>
internal sealed class PipelineContext
{
    /// <summary>Sets up the data plane of a worker.</summary>
    public PipelineContext(GatewaySettings settings, LogHub log, VersionLedger versions, TimeProvider time, string stateDirectory = "", ICollection<string>? asked = null)
    {
        Time = time;
        Limits = settings.Limits;
        Log = log;
        Versions = versions;
        Gate = new RequestGate(settings.Limits.Concurrency, 0);
        Proxies = new TrustedProxies(settings.Proxy.Trusted);
        AccessLog = new AccessLog(settings.AccessLog, Console.OpenStandardOutput());
        Requests = new RequestLog(settings.RequestLog);
        RequestLogSettings = settings.RequestLog;
        Tracing = new Tracing(settings.Telemetry);
        Faults = new FaultReporter(this);
        Exchanges = new ExchangeRegistry(this);
        Scheduler = new WorkScheduler(settings.Limits.ScheduledWork);
        Services = new ServiceRegistry(stateDirectory, log, time) { Asked = asked };
    }

    private long _threadRefusals;

    /// <summary>The clock on the wall.</summary>
    public TimeProvider Time { get; }

    /// <summary>The bounds.</summary>
    public LimitSettings Limits { get; }

    /// <summary>The log.</summary>
    public LogHub Log { get; }

    /// <summary>All versions ever loaded here.</summary>
    public VersionLedger Versions { get; }

    /// <summary>Bounds the requests inside the gateway.</summary>
    public RequestGate Gate { get; }

    /// <summary>Whose forwarded headers are believed.</summary>
    public TrustedProxies Proxies { get; }

    /// <summary>The access log.</summary>
    public AccessLog AccessLog { get; }

    /// <summary>The last requests of each handler.</summary>
    public RequestLog Requests { get; }

    /// <summary>What is kept of them.</summary>
    public RequestLogSettings RequestLogSettings { get; }

    /// <summary>Which requests are traced.</summary>
    public Tracing Tracing { get; }

    /// <summary>Blames handlers that break the contract.</summary>
    public FaultReporter Faults { get; }

    /// <summary>All exchanges.</summary>
    public ExchangeRegistry Exchanges { get; }

    /// <summary>Runs the handlers' own work.</summary>
    public WorkScheduler Scheduler { get; }

    /// <summary>The services that handlers use.</summary>
    public ServiceRegistry Services { get; }

    /// <summary>The event loops; null until they run, and where .NET's sockets move the bytes.</summary>
    public EpollTransport? Loops { get; set; }

    /// <summary>Requests refused since threads were short.</summary>
    public long ThreadRefusals => Volatile.Read(ref _threadRefusals);

    /// <summary>Calls that were given up.</summary>
    public StuckCalls Stuck { get; } = new();

    /// <summary>Counts requests that no route matched.</summary>
    public RouteMetrics Unmatched { get; } = new("", "", "");

    /// <summary>Whether a version may not have one more thread: few are left, and it holds some. Counts the refusal.</summary>
    public bool RefusesThread(HandlerVersion version)
    {
        if (Loops is not { IsShortOfThreads: true } loops || !CallSlots.Holds(version, loops.LoopCount))
        {
            return false;
        }
        Interlocked.Increment(ref _threadRefusals);
        return true;
    }

    /// <summary>A call of a version's is given up: the version is taken out of service, and control is told.</summary>
    public void GiveUp(HandlerVersion version, string reason, int threadId, string requestId, string route, long heldMs)
    {
        var isFirst = version.Quarantine(reason);
        // The same library under other settings is the same code.
        foreach (var other in Versions.All)
        {
            isFirst |= other.Library is not null && ReferenceEquals(other.Library, version.Library) && other.Quarantine(reason);
        }
        Log.Write(Level.Error, version.Config.Name, reason, requestId.Length > 0 ? requestId : null);
        var config = version.Config;
        Stuck.Add(number => new StuckCall(number, config.Name, config.Version, config.Sha256, version.Ordinal, threadId, requestId, route, heldMs, reason, isFirst));
    }

    /// <summary>Names of headers that handlers use.</summary>
    public HeaderText HeaderNames { get; } = new();

    /// <summary>Values of headers that handlers set.</summary>
    public HeaderText HeaderValues { get; } = new();
}
