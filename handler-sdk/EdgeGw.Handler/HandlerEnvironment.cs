namespace EdgeGw;

/// <summary>What a library has outside any request. Lives as long as the library; any thread.</summary>
public sealed class HandlerEnvironment
{
    internal HandlerEnvironment(Log log, Config config)
    {
        Log = log;
        Config = config;
    }

    /// <summary>The gateway's log; lines carry the handler's name.</summary>
    public Log Log { get; }

    /// <summary>The settings given at deploy time.</summary>
    public Config Config { get; }

    /// <summary>How much is read of services into memory at once.</summary>
    public ServiceLimits Limits { get; } = new();
}
