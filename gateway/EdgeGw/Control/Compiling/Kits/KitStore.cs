using System.Security.Cryptography;
using EdgeGw.Cli;
using EdgeGw.Configuration;
using EdgeGw.Control.Compiling.Sandboxing;
using EdgeGw.Control.Compiling.Sources;
using EdgeGw.Control.Storage;

namespace EdgeGw.Control.Compiling.Kits;

/// <summary>The kits, made when they are first needed. Making one is the only time that the network is used and that MSBuild and the build files of packages run.</summary>
internal sealed class KitStore(CompileSettings settings, CompileFolders folders, TimeProvider clock) : IDisposable
{
    private const string DoneFile = "done";
    private const string ConfigFile = "nuget.config";
    private const string Form = "edgegw-kit-1";

    // Lists of packages that are in use at once; those unused for longest are made again when they come back.
    private const int MostKits = 20;
    private const int KeptLines = 20;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<string, Kit> _kits = [];

    /// <summary>The key of the kit for a list of packages.</summary>
    internal static string KeyOf(Toolchain tools, IReadOnlyList<InputPackage> packages)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in (string[])[Form, tools.Sdk, tools.DotNet, tools.Packages.Key, ProductVersion.Runtime])
        {
            SourceKey.Add(hash, text);
        }
        foreach (var package in packages.OrderBy(package => package.Id, StringComparer.OrdinalIgnoreCase))
        {
            SourceKey.Add(hash, package.Id.ToLowerInvariant());
            SourceKey.Add(hash, package.Version);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    /// <summary>The kit for a list of packages; the first time it is made, which takes seconds. Throws <see cref="CompileFailedException"/>.</summary>
    internal async Task<Kit> GetAsync(Toolchain tools, IReadOnlyList<InputPackage> packages, Sandbox sandbox, CancellationToken cancellation)
    {
        var key = KeyOf(tools, packages);
        var folder = Path.Combine(folders.Kits, key);
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_kits.TryGetValue(key, out var known) && Directory.Exists(folder))
            {
                Directory.SetLastWriteTimeUtc(folder, clock.GetUtcNow().UtcDateTime);
                return known;
            }
            if (!File.Exists(Path.Combine(folder, DoneFile)))
            {
                await MakeAsync(folder, tools, packages, sandbox, cancellation);
            }
            RemoveOld();
            return _kits[key] = Kit.Read(key, folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CompileFailedException($"The compile service's folder cannot be written: {e.Message}");
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task MakeAsync(string folder, Toolchain tools, IReadOnlyList<InputPackage> packages, Sandbox sandbox, CancellationToken cancellation)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
        Files.CreateDirectory(folder);
        WorkFolder.Write(folder, KitProject.ProjectFile, KitProject.Write(tools, packages, folders.Packages));
        WorkFolder.Write(folder, KitProject.ProbeFile, KitProject.Probe);
        List<string> arguments = ["publish", KitProject.ProjectFile, "-r", ProductVersion.Runtime, "-c", "Release", "--nologo", "-v:q", "-clp:NoSummary", "-tl:off", "-m:1"];
        if (tools.NuGetConfig is { } config)
        {
            WorkFolder.Write(folder, ConfigFile, await File.ReadAllTextAsync(config, cancellation));
            arguments.Add($"-p:RestoreConfigFile={Path.Combine(folder, ConfigFile)}");
        }
        var run = await ToolRun.RunAsync(sandbox, new SandboxRequest
        {
            Program = tools.DotNet,
            Arguments = arguments,
            Writable = [folder, folders.Packages],
            Readable = [tools.DotNetFolder, tools.Packages.Folder, .. tools.Fallback is { } fallback ? (string[])[fallback] : []],
            Network = true,
            Environment = Passed(),
            Timeout = TimeSpan.FromMilliseconds(settings.RestoreTimeoutMs),
            MemoryBytes = settings.MemoryBytes,
            DiskBytes = settings.PackageBytes,
        }, clock, cancellation);
        if (run.ExitCode != 0)
        {
            var what = packages.Count == 0 ? "What every source needs" : $"The packages {string.Join(", ", packages.Select(package => $"{package.Id} {package.Version}"))}";
            throw new CompileFailedException($"{what} could not be made ready for compiling: dotnet ended with exit code {run.ExitCode}.", [.. Errors(run.Lines)]);
        }
        File.Delete(Path.Combine(folder, ConfigFile)); // it may hold a password
        await File.WriteAllTextAsync(Path.Combine(folder, DoneFile), "", cancellation);
    }

    // How NuGet reaches its sources on this machine.
    private static Dictionary<string, string> Passed()
    {
        var passed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (name is not "NUGET_PACKAGES" && (name.StartsWith("NUGET_", StringComparison.Ordinal) || name.StartsWith("SSL_CERT_", StringComparison.Ordinal) || name.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase)))
            {
                passed[name] = (string?)variable.Value ?? "";
            }
        }
        return passed;
    }

    private static IEnumerable<string> Errors(IReadOnlyList<string> lines)
    {
        var errors = lines.Where(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)).Distinct().ToList();
        return (errors.Count > 0 ? errors : lines).Take(KeptLines).Select(line => line.Trim());
    }

    private void RemoveOld()
    {
        foreach (var old in new DirectoryInfo(folders.Kits).EnumerateDirectories().OrderByDescending(folder => folder.LastWriteTimeUtc).Skip(MostKits).ToList())
        {
            _kits.Remove(old.Name);
            old.Delete(recursive: true);
        }
    }
}
