using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace EdgeGw.Control.Compiling.Steps;

/// <summary>Intermediate language to machine code.</summary>
internal static partial class NativeStep
{
    private const string ResponseFile = "ilc.rsp";

    // One run in some hundreds fails so under load, for no reason in the source; the next one succeeds.
    private const string RareFault = "Code generation failed";

    /// <summary>Compiles. No error among the diagnostics means that the object is there.</summary>
    /// <param name="step">The build.</param>
    /// <param name="names">The files' names.</param>
    /// <param name="again">Told when the compiler crashed and is tried once more.</param>
    /// <param name="cancellation">Ends the compiler.</param>
    internal static async Task<IReadOnlyList<BuildDiagnostic>> RunAsync(StepRun step, IReadOnlySet<string> names, Action<string> again, CancellationToken cancellation)
    {
        var response = new StringBuilder();
        response.Append(null, $"{step.PathOf(StepRun.ManagedLibrary)}\n-o:{step.PathOf(StepRun.ObjectFile)}\n--exportsfile:{step.PathOf(StepRun.ExportsFile)}\n");
        foreach (var line in step.Kit.NativeArguments)
        {
            response.Append(line).Append('\n');
        }
        WorkFolder.Write(step.Folder, ResponseFile, response.ToString());
        var run = await step.RunAsync(step.Kit.NativeCompiler, [$"@{step.PathOf(ResponseFile)}"], cancellation);
        if (run.ExitCode != 0 && (run.Crashed || run.Lines.Any(line => line.Contains(RareFault, StringComparison.Ordinal))))
        {
            again("The native compiler crashed; it is tried once more.");
            run = await step.RunAsync(step.Kit.NativeCompiler, [$"@{step.PathOf(ResponseFile)}"], cancellation);
        }
        var diagnostics = run.Lines.Select(line => One(line, names)).OfType<BuildDiagnostic>().Distinct().Take(step.Settings.Diagnostics).ToList();
        if (run.ExitCode != 0 && !diagnostics.Any(found => found.Severity == BuildDiagnostic.Error))
        {
            throw new CompileFailedException(run.Crashed
                ? $"The native compiler crashed twice over this source (exit code {run.ExitCode}); it may need more memory than Compile:MemoryBytes, or have met code that it cannot compile."
                : $"The native compiler ended with exit code {run.ExitCode}: {run.Lines.FirstOrDefault(line => line.Contains("rror", StringComparison.Ordinal)) ?? (run.Lines is [.., var last] ? last : "it said nothing")}", run.Lines);
        }
        return diagnostics;
    }

    // /_/Hello.cs(12): Trim analysis warning IL2026: Hello.Get(): Using member ...
    private static BuildDiagnostic? One(string line, IReadOnlySet<string> names)
    {
        if (Message().Match(line) is not { Success: true } match)
        {
            return null;
        }
        var severity = match.Groups["severity"].Value;
        var code = match.Groups["code"].Value;
        var message = match.Groups["message"].Value;
        var file = match.Groups["file"].Value;
        var name = file.StartsWith("/_/", StringComparison.Ordinal) ? file[3..] : "";
        if (!names.Contains(name))
        {
            return new BuildDiagnostic(null, 0, 0, 0, 0, severity, code, message);
        }
        var at = int.Parse(match.Groups["line"].Value, NumberStyles.None, CultureInfo.InvariantCulture);
        var column = match.Groups["column"] is { Success: true } given ? int.Parse(given.Value, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        return new BuildDiagnostic(name, at, column, at, column, severity, code, message);
    }

    [GeneratedRegex(@"^(?<file>[^(:]*)(\((?<line>\d{1,7})(,(?<column>\d{1,5}))?\))?: (?:[\w ]+ )?(?<severity>warning|error) (?<code>IL\d{4}): (?<message>.*)$")]
    private static partial Regex Message();
}
