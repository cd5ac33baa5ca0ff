using System.Text;
using EdgeGw.Control.Compiling.Kits;
using EdgeGw.Control.Compiling.Sources;

namespace EdgeGw.Control.Compiling.Steps;

/// <summary>C# to intermediate language, with the generators that the source needs.</summary>
internal static class CSharpStep
{
    private const string ResponseFile = "csc.rsp";
    private const string ErrorLog = "csc.sarif";
    private const string PropertyFile = "handler.globalconfig";

    // Generators that do nothing unless the source has one of these words; each costs a fifth of a second.
    private static readonly (string Assembly, string[] Words)[] s_generators =
    [
        ("System.Text.Json.SourceGeneration.dll", ["JsonSerializable", "JsonSerializerContext"]),
        ("System.Text.RegularExpressions.Generator.dll", ["GeneratedRegex"]),
        ("Microsoft.Interop.LibraryImportGenerator.dll", ["LibraryImport"]),
        ("Microsoft.Interop.JavaScript.JSImportGenerator.dll", ["JSImport", "JSExport"]),
        ("Microsoft.Interop.ComInterfaceGenerator.dll", ["GeneratedComInterface", "GeneratedComClass"]),
        ("Microsoft.Interop.SourceGeneration.dll", ["LibraryImport", "JSImport", "JSExport", "GeneratedCom"]),
    ];

    // They are never generators.
    private static readonly string[] s_analyzers = ["NetAnalyzers.dll", "CodeStyle.dll", "CodeStyle.Fixes.dll", "ILLink.RoslynAnalyzer.dll", "ILLink.CodeFixProvider.dll"];

    /// <summary>Writes the files and compiles them. No error among the diagnostics means that the library is there.</summary>
    internal static async Task<IReadOnlyList<BuildDiagnostic>> RunAsync(StepRun step, SourceInput input, CancellationToken cancellation)
    {
        foreach (var file in input.All)
        {
            WorkFolder.Write(step.Folder, $"{StepRun.SourceFolder}/{file.Name}", file.Text);
        }
        WorkFolder.Write(step.Folder, PropertyFile, Properties(step.Kit, input));
        WorkFolder.Write(step.Folder, ResponseFile, Response(step, input));
        var run = await step.RunAsync(step.Tools.DotNet, [step.Kit.Compiler, "/noconfig", $"@{step.PathOf(ResponseFile)}"], cancellation);
        var names = input.All.Select(file => file.Name).ToHashSet(StringComparer.Ordinal);
        var diagnostics = SarifReader.Read(step.PathOf(ErrorLog), step.PathOf(StepRun.SourceFolder), names, step.Settings.Diagnostics);
        if (run.ExitCode != 0 && !diagnostics.Any(found => found.Severity == BuildDiagnostic.Error))
        {
            // Said before any file was read, or by a compiler that died of the source.
            var said = run.Lines.FirstOrDefault(line => line.Contains("error CS", StringComparison.Ordinal));
            throw new CompileFailedException(said ?? $"The C# compiler ended with exit code {run.ExitCode}{(run.Crashed ? ": it crashed over this source, perhaps for expressions nested too deep" : "")}.", run.Lines);
        }
        return diagnostics;
    }

    private static string Response(StepRun step, SourceInput input)
    {
        var text = new StringBuilder();
        foreach (var line in step.Kit.CompilerArguments.Where(argument => IsNeeded(argument, input)))
        {
            text.Append(line).Append('\n');
        }
        text.Append(null, $"""
            /nostdlib+
            /target:library
            /optimize+
            /deterministic+
            /debug:portable
            /utf8output
            "/pathmap:{step.PathOf(StepRun.SourceFolder)}=/_,{step.Folder}=/_"
            /analyzerconfig:"{step.PathOf(PropertyFile)}"
            /errorlog:"{step.PathOf(ErrorLog)},version=2.1"
            /out:"{step.PathOf(StepRun.ManagedLibrary)}"

            """);
        foreach (var file in input.All)
        {
            text.Append(null, $"\"{step.PathOf(StepRun.SourceFolder)}/{file.Name}\"\n");
        }
        return text.ToString();
    }

    private static bool IsNeeded(string argument, SourceInput input)
    {
        if (!argument.StartsWith("/analyzer:", StringComparison.Ordinal))
        {
            return true;
        }
        var name = Path.GetFileName(argument.Trim('"'));
        if (s_analyzers.Any(name.EndsWith))
        {
            return false;
        }
        // A letter written as its number could hide a word.
        return Array.Find(s_generators, generator => name == generator.Assembly) is not { Words: { } words }
            || input.All.Any(file => file.Text.Contains("\\u", StringComparison.OrdinalIgnoreCase) || words.Any(word => file.Text.Contains(word, StringComparison.Ordinal)));
    }

    // '#' and ';' begin a comment there. Neither is in a name, a method or, after SourceRules, a path but as ';', which a pattern may write by its number.
    private static string Properties(Kit kit, SourceInput input)
    {
        var text = new StringBuilder();
        foreach (var line in kit.Properties)
        {
            text.Append(line).Append('\n');
        }
        text.Append(null, $"""
            build_property.EdgeGwHandlerName = {input.Name}
            build_property.EdgeGwMethod = {input.Method.Replace(";", "%3B", StringComparison.Ordinal)}
            build_property.EdgeGwPath = {input.Path.Replace(";", "%3B", StringComparison.Ordinal)}

            """);
        return text.ToString();
    }
}
