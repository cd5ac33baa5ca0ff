using EdgeGw.Configuration;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Compiling.Builds;
using EdgeGw.Control.Compiling.Kits;
using EdgeGw.Control.Compiling.Sandboxing;
using EdgeGw.Control.Compiling.Sources;
using EdgeGw.Control.Compiling.Steps;
using EdgeGw.Control.Storage;

namespace EdgeGw.Control.Compiling;

/// <summary>Compiles sources to handler libraries (docs/compile.md): packages, C#, machine code, linking, each tool in a process of its own that sees nothing of the gateway. Any thread may call;
/// how many builds run at once is the caller's.</summary>
internal sealed class SourceCompiler(CompileSettings settings, CompileFolders folders, TimeProvider clock) : IDisposable
{
    /// <summary>The name of the phase that gets packages.</summary>
    internal const string Restore = "restore";
    private const string Compile = "compile";
    private const string Native = "native";
    private const string Link = "link";

    private readonly KitStore _kits = new(settings, folders, clock);
    private readonly LibraryCache _cache = new(folders.Cache, settings.CacheBytes, clock);
    private readonly ToolchainProbe _probe = new(settings, folders, clock);
    private readonly SemaphoreSlim _looking = new(1);
    private Ready? _ready;

    /// <summary>What it takes to compile, found once.</summary>
    private sealed record Ready(Toolchain Tools, Sandbox Sandbox);

    /// <summary>Whether it would work now. What is missing is looked for anew each time.</summary>
    internal async Task<CompilerStatus> StatusAsync(CancellationToken cancellation)
    {
        if (!settings.Enabled)
        {
            return new CompilerStatus(false, false, "This gateway does not compile: whoever runs it can switch that on with Compile:Enabled.", null, null);
        }
        try
        {
            var ready = await ReadyAsync(cancellation);
            return new CompilerStatus(true, true, null, ready.Tools.Sdk, ready.Sandbox.Level.Missing);
        }
        catch (ToolchainMissingException e)
        {
            return new CompilerStatus(true, false, e.Message, null, null);
        }
    }

    /// <summary>Throws <see cref="ChangeRefusedException"/> when this gateway does not compile at all, or not this source.</summary>
    internal void Check(SourceInput input)
    {
        if (!settings.Enabled)
        {
            throw new ChangeRefusedException(409, "This gateway does not compile: whoever runs it can switch that on with Compile:Enabled.");
        }
        SourceRules.Check(input, settings);
    }

    /// <summary>Compiles a source that <see cref="Check"/> let pass, or finds what it was compiled to before. With <paramref name="library"/> false only the C# is compiled, for its messages.
    /// What is wrong with the source, the machine or the time it took is in the result.</summary>
    internal async Task<BuildResult> RunAsync(SourceInput input, bool library, BuildPhases phases, Action<string> warn, CancellationToken cancellation)
    {
        try
        {
            var ready = await ReadyAsync(cancellation);
            var key = SourceKey.Of(input, KitStore.KeyOf(ready.Tools, input.Packages));
            if (library && _cache.Find(key) is { } known)
            {
                return known;
            }
            var kit = await phases.RunAsync(Restore, () => _kits.GetAsync(ready.Tools, input.Packages, ready.Sandbox, cancellation));
            var folder = Path.Combine(folders.Work, Guid.NewGuid().ToString("N")[..12]);
            Files.CreateDirectory(folder);
            try
            {
                var step = new StepRun(folder, kit, ready.Tools, ready.Sandbox, settings, clock.GetUtcNow().AddMilliseconds(settings.TimeoutMs), folders.Packages, clock);
                return await RunAsync(step, input, library ? key : null, phases, warn, cancellation);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (ToolchainMissingException e)
        {
            return BuildResult.Failed([BuildDiagnostic.Failure(e.Message)]);
        }
        catch (CompileFailedException e)
        {
            if (e.Said.Count > 0)
            {
                warn($"{e.Message} It wrote: {string.Join(' ', e.Said.Take(5))}");
            }
            return BuildResult.Failed([BuildDiagnostic.Failure(e.Message), .. e.Said.Where(line => line.Contains("error", StringComparison.OrdinalIgnoreCase) && line != e.Message).Take(5).Select(line => BuildDiagnostic.Failure(line))]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return BuildResult.Failed([BuildDiagnostic.Failure($"The compile service's folder cannot be written: {e.Message}")]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _kits.Dispose();
        _looking.Dispose();
    }

    private async Task<BuildResult> RunAsync(StepRun step, SourceInput input, string? key, BuildPhases phases, Action<string> warn, CancellationToken cancellation)
    {
        var diagnostics = await phases.RunAsync(Compile, () => CSharpStep.RunAsync(step, input, cancellation));
        if (HasError(diagnostics) || key is null)
        {
            return BuildResult.Failed(diagnostics);
        }
        var names = input.All.Select(file => file.Name).ToHashSet(StringComparer.Ordinal);
        diagnostics = [.. diagnostics, .. await phases.RunAsync(Native, () => NativeStep.RunAsync(step, names, warn, cancellation))];
        if (HasError(diagnostics))
        {
            return BuildResult.Failed([.. diagnostics.OrderBy(found => found.Severity == BuildDiagnostic.Error ? 0 : 1)]);
        }
        var library = await phases.RunAsync(Link, () => LinkStep.RunAsync(step, cancellation));
        return _cache.Add(key, library, diagnostics);
    }

    private async Task<Ready> ReadyAsync(CancellationToken cancellation)
    {
        await _looking.WaitAsync(cancellation);
        try
        {
            if (_ready is { } known && File.Exists(known.Tools.DotNet))
            {
                return known;
            }
            folders.Prepare();
            var sandbox = await SandboxProbe.FindAsync(Path.Combine(folders.Work, "probe"), cancellation);
            if (settings.Sandbox == "required" && !sandbox.Level.IsFull)
            {
                throw new ToolchainMissingException($"This machine does not isolate compilers as Compile:Sandbox=required asks. {sandbox.Level.Missing}");
            }
            return _ready = new Ready(await _probe.FindAsync(sandbox, cancellation), sandbox);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolchainMissingException($"The compile service's folder cannot be written: {e.Message}");
        }
        finally
        {
            _looking.Release();
        }
    }

    private static bool HasError(IReadOnlyList<BuildDiagnostic> diagnostics) => diagnostics.Any(found => found.Severity == BuildDiagnostic.Error);
}
