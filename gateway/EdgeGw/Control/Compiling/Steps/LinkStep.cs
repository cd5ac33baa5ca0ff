using EdgeGw.Abi;
using EdgeGw.Control.Compiling.Kits;

namespace EdgeGw.Control.Compiling.Steps;

/// <summary>Machine code to a library that can be loaded.</summary>
internal static class LinkStep
{
    private const string Unstripped = "handler.full";

    /// <summary>Links and strips. The names of the source's own methods stay, for reports of stuck and crashed handlers.</summary>
    internal static async Task<string> RunAsync(StepRun step, CancellationToken cancellation)
    {
        var library = step.PathOf(StepRun.Library);
        var linked = step.PathOf(Unstripped);
        await RunAsync(step, step.Kit.Linker, [step.PathOf(StepRun.ObjectFile), "-o", linked, $"-Wl,--version-script={step.PathOf(StepRun.ExportsFile)}", .. step.Kit.LinkerArguments], cancellation);
        await RunAsync(step, step.Kit.SymbolStripper, ["--strip-debug", "--strip-unneeded", "--wildcard", $"--keep-symbol={KitProject.AssemblyName}_*", linked, library], cancellation);
        return File.ReadAllBytes(library).AsSpan().IndexOf(s_entry) >= 0
            ? library
            : throw new CompileFailedException($"The library that came of the source does not export {AbiVersion.EntrySymbol}.");
    }

    private static readonly byte[] s_entry = [.. System.Text.Encoding.ASCII.GetBytes(AbiVersion.EntrySymbol), 0];

    private static async Task RunAsync(StepRun step, string program, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var run = await step.RunAsync(program, arguments, cancellation);
        if (run.ExitCode != 0)
        {
            throw new CompileFailedException($"{program} ended with exit code {run.ExitCode}: {(run.Lines is [var first, ..] ? first : "it said nothing")}", run.Lines);
        }
    }
}
