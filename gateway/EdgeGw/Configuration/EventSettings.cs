namespace EdgeGw.Configuration;

/// <summary>Bounds of the event stream.</summary>
internal sealed class EventSettings
{
    /// <summary>Events kept for those who come back.</summary>
    public int Keep { get; set; } = 1_000;
    /// <summary>Events that may wait for one follower.</summary>
    public int Queue { get; set; } = 256;
    /// <summary>Followers at once.</summary>
    public int Followers { get; set; } = 64;
    /// <summary>Milliseconds of silence after which a sign of life is sent.</summary>
    public int HeartbeatMs { get; set; } = 15_000;
}
