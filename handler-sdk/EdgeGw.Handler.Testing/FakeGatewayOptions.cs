namespace EdgeGw.Testing;

/// <summary>How a <see cref="FakeGateway"/> behaves.</summary>
public sealed class FakeGatewayOptions
{
    /// <summary>The handler's settings, as <c>edgegw deploy --set</c> gives them. Keys are case-insensitive.</summary>
    public IDictionary<string, string> Config { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What timers run by.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>The largest request body in bytes where the route says nothing.</summary>
    public long MaxBodyBytes { get; set; } = 30_000_000;

    /// <summary>How many pieces of posted work and timers may wait; beyond it the gateway says it is busy.</summary>
    public int ScheduleCapacity { get; set; } = 10_000;

    /// <summary>How many bytes of a response the gateway keeps unflushed before it says it is busy.</summary>
    public int ResponseBufferBytes { get; set; } = 256 * 1024;

    /// <summary>The finest level that is logged.</summary>
    public Abi.AbiLogLevel LogLevel { get; set; } = Abi.AbiLogLevel.Debug;

    /// <summary>Whether there are services; a gateway older than they were has none.</summary>
    public bool OffersServices { get; set; } = true;

    /// <summary>Whether a service replies before the call that asked for it has returned, as a fast one may.</summary>
    public bool ReplyAtOnce { get; set; }
}
