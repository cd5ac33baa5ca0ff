using EdgeGw.Configuration;
using EdgeGw.Control.Compiling.Sandboxing;
using EdgeGw.Control.Storage;

namespace EdgeGw.Control.Compiling.Kits;

/// <summary>Looks for the .NET SDK, a C compiler and the EdgeGw packages.</summary>
internal sealed class ToolchainProbe(CompileSettings settings, CompileFolders folders, TimeProvider clock)
{
    private const int OldestSdk = 10;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly string[] s_usual = ["/usr/bin", "/usr/local/bin", "/usr/share/dotnet", "/usr/lib/dotnet", "/usr/local/share/dotnet", "/opt/dotnet"];

    /// <summary>What there is. Throws <see cref="ToolchainMissingException"/> with a sentence.</summary>
    internal async Task<Toolchain> FindAsync(Sandbox sandbox, CancellationToken cancellation)
    {
        var dotnet = Find("dotnet", Environment.GetEnvironmentVariable("DOTNET_ROOT"))
            ?? throw new ToolchainMissingException("This machine has no .NET SDK, which compiling needs: install the SDK 10 (https://dot.net/download), or deploy libraries that are published elsewhere.");
        if (Find("gcc", null) is null && Find("clang", null) is null)
        {
            throw new ToolchainMissingException("This machine has no C compiler to link with, which compiling needs: install gcc and libc6-dev (or clang), or deploy libraries that are published elsewhere.");
        }
        var packages = HandlerPackages.Unpack(Feed(), folders.Root);
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var fallback = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } given ? given : Path.Combine(home, ".nuget", "packages");
        var config = settings.NuGetConfig.Length > 0 ? settings.NuGetConfig : Path.Combine(home, ".nuget", "NuGet", "NuGet.Config");
        return new Toolchain(dotnet, await SdkAsync(dotnet, sandbox, cancellation), packages, Directory.Exists(fallback) ? fallback : null, File.Exists(config) ? config : null);
    }

    private string Feed()
    {
        if (settings.Feed.Length > 0)
        {
            return settings.Feed;
        }
        string[] beside = [Path.Combine(AppContext.BaseDirectory, "packages"), Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "packages"))];
        return Array.Find(beside, Directory.Exists)
            ?? throw new ToolchainMissingException("The EdgeGw packages, which sources are compiled with, are not beside the gateway: say where they are with Compile:Feed.");
    }

    private async Task<string> SdkAsync(string dotnet, Sandbox sandbox, CancellationToken cancellation)
    {
        var folder = Path.Combine(folders.Work, $"sdk-{Guid.NewGuid():N}");
        Files.CreateDirectory(folder);
        try
        {
            var run = await ToolRun.RunAsync(sandbox, new SandboxRequest
            {
                Program = dotnet,
                Arguments = ["--version"],
                Writable = [folder],
                Readable = [Path.GetDirectoryName(dotnet)!],
                Timeout = s_patience,
                MemoryBytes = settings.MemoryBytes,
                DiskBytes = settings.DiskBytes,
            }, clock, cancellation);
            var version = run.Lines is [.., var last] ? last.Trim() : "";
            if (run.ExitCode != 0)
            {
                throw new ToolchainMissingException($"'{dotnet} --version' ended with exit code {run.ExitCode}, so that this machine cannot compile: {(version.Length == 0 ? "it said nothing" : version)}. It needs the SDK 10, and a service whose memory may become code (systemd: MemoryDenyWriteExecute=no).");
            }
            return int.TryParse(version.Split('.')[0], out var major) && major >= OldestSdk
                ? version
                : throw new ToolchainMissingException($"The .NET SDK of this machine is {version}; compiling needs {OldestSdk} or later.");
        }
        catch (CompileFailedException e)
        {
            throw new ToolchainMissingException(e.Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string? Find(string program, string? first)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var found = path.Prepend(first ?? "").Concat(s_usual).Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        return found is null ? null : File.ResolveLinkTarget(found, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(found);
    }
}
