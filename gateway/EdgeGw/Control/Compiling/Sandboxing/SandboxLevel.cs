namespace EdgeGw.Control.Compiling.Sandboxing;

/// <summary>How well this machine can isolate a compiler.</summary>
/// <param name="Kind">Which tool does it.</param>
/// <param name="Missing">What is not isolated, in one sentence; null when nothing is missing.</param>
internal sealed record SandboxLevel(SandboxKind Kind, string? Missing)
{
    /// <summary>Whether compilers see neither the network nor files that are not theirs.</summary>
    internal bool IsFull => Missing is null;
}

/// <summary>Which tool isolates.</summary>
internal enum SandboxKind
{
    /// <summary>Bubblewrap: namespaces of their own for files, network and processes.</summary>
    Bubblewrap,

    /// <summary>util-linux's unshare: namespaces for network and processes; files as the user sees them.</summary>
    Namespaces,

    /// <summary>Limits of time, memory and disk alone.</summary>
    Limits,
}
