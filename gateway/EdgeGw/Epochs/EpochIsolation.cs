namespace EdgeGw.Epochs;

/// <summary>That a handler runs in a worker process of its own, and what that process may use. Null bounds are none.</summary>
internal sealed record EpochIsolation
{
    /// <summary>Bytes of private memory beyond what the worker has before it loads the library (RLIMIT_DATA, and <c>memory.max</c> of its cgroup where there is one).</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Processor seconds after which the process is ended and started anew (RLIMIT_CPU).</summary>
    public int? CpuSeconds { get; init; }

    /// <summary>Descriptors open at once, the worker's own included (RLIMIT_NOFILE).</summary>
    public int? OpenFiles { get; init; }
}
