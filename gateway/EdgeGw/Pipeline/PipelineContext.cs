using EdgeGw.Configuration;
using EdgeGw.Generations;
using EdgeGw.Logging;
using EdgeGw.Pipeline.Accept;
using EdgeGw.Pipeline.Pin;
using EdgeGw.Pipeline.Run;
using EdgeGw.Pipeline.Send;
using EdgeGw.Services;

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
        Faults = new FaultReporter(this);
        Exchanges = new ExchangeRegistry(this);
        Scheduler = new WorkScheduler(settings.Limits.ScheduledWork);
        Services = new ServiceRegistry(stateDirectory, log, time) { Asked = asked };
    }

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

    /// <summary>Blames handlers that break the contract.</summary>
    public FaultReporter Faults { get; }

    /// <summary>All exchanges.</summary>
    public ExchangeRegistry Exchanges { get; }

    /// <summary>Runs the handlers' own work.</summary>
    public WorkScheduler Scheduler { get; }

    /// <summary>The services that handlers use.</summary>
    public ServiceRegistry Services { get; }

    /// <summary>Counts requests that no route matched.</summary>
    public RouteMetrics Unmatched { get; } = new("", "", "");

    /// <summary>Names of headers that handlers use.</summary>
    public HeaderText HeaderNames { get; } = new();

    /// <summary>Values of headers that handlers set.</summary>
    public HeaderText HeaderValues { get; } = new();
}
