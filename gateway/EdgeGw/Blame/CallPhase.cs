namespace EdgeGw.Blame;

/// <summary>What a library was called for.</summary>
internal enum CallPhase
{
    /// <summary>It is not inside a call.</summary>
    None,
    /// <summary>Its file is being loaded, its constructors run, its entry is asked for its table.</summary>
    Load,
    /// <summary>init.</summary>
    Init,
    /// <summary>handle.</summary>
    Handle,
    /// <summary>A read or a flush is ready.</summary>
    Ready,
    /// <summary>A service has replied.</summary>
    Reply,
    /// <summary>Work that it had posted.</summary>
    Work,
    /// <summary>Nobody waits for the answer any more.</summary>
    Cancelled,
    /// <summary>drain.</summary>
    Drain,
    /// <summary>Its memory figures are read.</summary>
    Stats,
}
