namespace EdgeGw.Control.Crashes;

/// <summary>Words for people.</summary>
internal static class CrashText
{
    /// <summary>A text from a worker's memory, without what a terminal would obey.</summary>
    internal static string Printable(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)) : text;

    /// <summary>What speaks against a version.</summary>
    internal static string Of(CrashEvidence evidence) => evidence switch
    {
        CrashEvidence.Thread => "the thread that died was inside a call of it",
        CrashEvidence.Code => "the thread that died was its own",
        CrashEvidence.Call => "it alone was inside a call",
        CrashEvidence.Last => "the thread that died had last been inside a call of it",
        _ => "it alone had requests",
    };
}
