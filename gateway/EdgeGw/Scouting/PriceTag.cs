namespace EdgeGw.Scouting;

/// <summary>The scout's verdict on a library and what it costs: in the answer to a deploy, and kept in the epoch.</summary>
// Members with a default have a setter, not init: the JSON source generator assigns every init member, absent ones with null.
internal sealed record PriceTag
{
    /// <summary>The verdict on a library that can be used and does nothing unusual.</summary>
    internal const string Good = "good";

    /// <summary>The verdict on one with <see cref="Notes"/>: it can be used, and a person should know.</summary>
    internal const string Unusual = "unusual";

    /// <summary><see cref="Good"/> or <see cref="Unusual"/>; a library that cannot be used is refused instead.</summary>
    public string Verdict { get; set; } = Good;

    /// <summary>The ABI version it asks for.</summary>
    public string Abi { get; set; } = "";

    /// <summary>Milliseconds of dlopen, entry and init.</summary>
    public double LoadMs { get; init; }

    /// <summary>Resident bytes it added.</summary>
    public long RssBytes { get; init; }

    /// <summary>Threads it added.</summary>
    public int Threads { get; init; }

    /// <summary>Its routes.</summary>
    public int Routes { get; init; }

    /// <summary>The requests of its self-test, all answered as it says.</summary>
    public int SelfTests { get; init; }

    /// <summary>Milliseconds of its self-test; null when it has none.</summary>
    public double? SelfTestMs { get; init; }

    /// <summary>The file's size.</summary>
    public long FileBytes { get; init; }

    /// <summary>Whether it carries a symbol table beside the exported names.</summary>
    public bool Symbols { get; init; }

    /// <summary>Whether it carries debug information.</summary>
    public bool DebugInfo { get; init; }

    /// <summary>Whether it brings a NativeAOT runtime along.</summary>
    public bool NativeAot { get; init; }

    /// <summary>What it takes from other libraries, libc included: how many functions and variables.</summary>
    public int Imports { get; init; }

    /// <summary>The libraries beyond libc that it is linked with.</summary>
    public IReadOnlyList<string> Needs { get; set; } = [];

    /// <summary>The functions and variables that are not libc's, as far as they are listed.</summary>
    public IReadOnlyList<string> Foreign { get; set; } = [];

    /// <summary>What is unusual for a handler: <c>can look into other processes (ptrace)</c>.</summary>
    public IReadOnlyList<string> Notes { get; set; } = [];

    /// <summary>Makes it of a report on a library that can be used.</summary>
    internal static PriceTag Of(ScoutReport report)
    {
        var file = report.File ?? new LibraryFacts();
        return new PriceTag
        {
            Verdict = file.Notes.Count == 0 && file.Needs.Count == 0 ? Good : Unusual,
            Abi = report.Abi ?? "",
            LoadMs = report.LoadMs,
            RssBytes = report.RssBytes,
            Threads = report.Threads,
            Routes = report.Manifest?.Routes.Count ?? 0,
            SelfTests = report.Manifest?.SelfTest.Count ?? 0,
            SelfTestMs = report.SelfTestMs,
            FileBytes = file.FileBytes,
            Symbols = file.Symbols,
            DebugInfo = file.DebugInfo,
            NativeAot = file.NativeAot,
            Imports = file.Imports,
            Needs = file.Needs,
            Foreign = file.Foreign,
            Notes = file.Notes,
        };
    }
}
