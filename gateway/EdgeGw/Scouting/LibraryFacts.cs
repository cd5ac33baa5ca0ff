namespace EdgeGw.Scouting;

/// <summary>What a library's file says, read before any of its code has run.</summary>
internal sealed record LibraryFacts
{
    /// <summary>The file's size in bytes.</summary>
    public long FileBytes { get; init; }

    /// <summary>Whether it carries a symbol table beside the exported names: <c>strip</c> would make it smaller, and a crash in it harder to read.</summary>
    public bool Symbols { get; init; }

    /// <summary>Whether it carries debug information.</summary>
    public bool DebugInfo { get; init; }

    /// <summary>Whether it was published with NativeAOT, which brings a runtime along.</summary>
    public bool NativeAot { get; init; }

    /// <summary>The libraries beyond libc that it is linked with, which must be on the machine that runs it.</summary>
    public IReadOnlyList<string> Needs { get; set; } = [];

    /// <summary>How many functions and variables it takes from other libraries, libc included.</summary>
    public int Imports { get; init; }

    /// <summary>Those of them that are not libc's, at most <see cref="ImportScan.MaxNames"/>.</summary>
    public IReadOnlyList<string> Foreign { get; set; } = [];

    /// <summary>What is unusual for a handler, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; set; } = [];
}
