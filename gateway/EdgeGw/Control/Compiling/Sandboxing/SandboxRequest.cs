namespace EdgeGw.Control.Compiling.Sandboxing;

/// <summary>One program to run in isolation.</summary>
internal sealed record SandboxRequest
{
    /// <summary>The program's path.</summary>
    public required string Program { get; init; }

    /// <summary>Its arguments.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Where it starts, and the only folders that it may write.</summary>
    public required IReadOnlyList<string> Writable { get; init; }

    /// <summary>What it may read besides the system's programs and libraries.</summary>
    public IReadOnlyList<string> Readable { get; init; } = [];

    /// <summary>Whether it may use the network: getting packages alone.</summary>
    public bool Network { get; init; }

    /// <summary>Variables besides the few that every tool gets.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>How long it may run.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Bytes of memory of each process.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Bytes of all the files it may leave in the writable folders.</summary>
    public required long DiskBytes { get; init; }
}
