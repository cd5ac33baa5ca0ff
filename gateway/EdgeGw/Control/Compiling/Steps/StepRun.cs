using EdgeGw.Configuration;
using EdgeGw.Control.Compiling.Kits;
using EdgeGw.Control.Compiling.Sandboxing;

namespace EdgeGw.Control.Compiling.Steps;

/// <summary>What the steps of one build share.</summary>
/// <param name="Folder">The build's own folder.</param>
/// <param name="Kit">How it is compiled.</param>
/// <param name="Tools">Where the tools are.</param>
/// <param name="Sandbox">What isolates them.</param>
/// <param name="Settings">Their limits.</param>
/// <param name="Deadline">When the build must be over.</param>
/// <param name="PackageFolder">Where NuGet unpacked what the kit needs.</param>
/// <param name="Clock">The clock.</param>
internal sealed record StepRun(
    string Folder, Kit Kit, Toolchain Tools, Sandbox Sandbox, CompileSettings Settings, DateTimeOffset Deadline, string PackageFolder, TimeProvider Clock)
{
    internal const string SourceFolder = "src";
    internal const string ManagedLibrary = "handler.dll";
    internal const string ObjectFile = "handler.o";
    internal const string ExportsFile = "handler.exports";
    internal const string Library = "handler.so";

    /// <summary>A file of the build.</summary>
    internal string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Runs a tool in the build's folder, without a network.</summary>
    internal Task<ToolRun> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var left = Deadline - Clock.GetUtcNow();
        return ToolRun.RunAsync(Sandbox, new SandboxRequest
        {
            Program = program,
            Arguments = arguments,
            Writable = [Folder],
            Readable = [Tools.DotNetFolder, Tools.Packages.Folder, Kit.Folder, PackageFolder, .. Tools.Fallback is { } fallback ? (string[])[fallback] : []],
            Environment = new Dictionary<string, string> { ["DOTNET_gcServer"] = "0", ["DOTNET_TieredPGO"] = "0" },
            Timeout = left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1),
            MemoryBytes = Settings.MemoryBytes,
            DiskBytes = Settings.DiskBytes,
        }, Clock, cancellation);
    }
}
