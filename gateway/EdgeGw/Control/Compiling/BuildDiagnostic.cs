namespace EdgeGw.Control.Compiling;

/// <summary>One message of a compiler.</summary>
/// <param name="File">The author's name of the file; null for what is said of no file of theirs.</param>
/// <param name="Line">The first line, from 1; 0 without a file.</param>
/// <param name="Column">The first column, from 1; 0 when only the line is known.</param>
/// <param name="EndLine">The last line.</param>
/// <param name="EndColumn">The column after the last character.</param>
/// <param name="Severity"><c>error</c>, <c>warning</c> or <c>info</c>.</param>
/// <param name="Code">Such as <c>CS0103</c>; empty for the gateway's own.</param>
/// <param name="Message">One sentence, as the compiler says it.</param>
internal sealed record BuildDiagnostic(string? File, int Line, int Column, int EndLine, int EndColumn, string Severity, string Code, string Message)
{
    internal const string Error = "error";
    internal const string Warning = "warning";
    internal const string Info = "info";

    /// <summary>An error that belongs to no place.</summary>
    internal static BuildDiagnostic Failure(string message, string code = "") => new(null, 0, 0, 0, 0, Error, code, message);
}
