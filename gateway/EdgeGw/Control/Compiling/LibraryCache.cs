using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeGw.Control.Compiling.Sources;

namespace EdgeGw.Control.Compiling;

/// <summary>Libraries by the content of what they were compiled from (<see cref="SourceKey"/>), the ones unused for longest removed. One build at a time adds.</summary>
internal sealed class LibraryCache(string folder, long maxBytes, TimeProvider clock)
{
    private const string LibraryFile = "handler.so";
    private const string AboutFile = "about.json";

    private readonly Lock _lock = new();

    /// <summary>What a key compiled to before; null when it is not there, or not what it was.</summary>
    internal BuildResult? Find(string key)
    {
        var home = Path.Combine(folder, key);
        try
        {
            lock (_lock)
            {
                if (!File.Exists(Path.Combine(home, AboutFile)))
                {
                    return null;
                }
                var about = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(home, AboutFile)), CacheJson.Default.CachedBuild)!;
                var library = Path.Combine(home, LibraryFile);
                if (HashOf(library) != about.Sha256)
                {
                    Directory.Delete(home, recursive: true);
                    return null;
                }
                Directory.SetLastWriteTimeUtc(home, clock.GetUtcNow().UtcDateTime);
                return new BuildResult(library, about.Sha256, new FileInfo(library).Length, true, about.Diagnostics);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // compiled again
        }
    }

    /// <summary>Keeps a library under a key; the file is moved here.</summary>
    internal BuildResult Add(string key, string library, IReadOnlyList<BuildDiagnostic> diagnostics)
    {
        lock (_lock)
        {
            var home = Path.Combine(folder, key);
            if (Directory.Exists(home))
            {
                Directory.Delete(home, recursive: true);
            }
            Directory.CreateDirectory(home);
            var kept = Path.Combine(home, LibraryFile);
            // A copy, so that it is the gateway's file, whoever wrote the other.
            File.Copy(library, kept);
            var about = new CachedBuild(HashOf(kept), diagnostics);
            File.WriteAllBytes(Path.Combine(home, AboutFile), JsonSerializer.SerializeToUtf8Bytes(about, CacheJson.Default.CachedBuild));
            Directory.SetLastWriteTimeUtc(home, clock.GetUtcNow().UtcDateTime);
            RemoveOld(home);
            return new BuildResult(kept, about.Sha256, new FileInfo(kept).Length, false, diagnostics);
        }
    }

    // The newest always stays: it is about to be deployed.
    private void RemoveOld(string newest)
    {
        long bytes = 0;
        foreach (var old in new DirectoryInfo(folder).EnumerateDirectories().OrderByDescending(home => home.LastWriteTimeUtc).ToList())
        {
            bytes += old.EnumerateFiles().Sum(file => file.Length);
            if (bytes > maxBytes && old.FullName != Path.GetFullPath(newest))
            {
                old.Delete(recursive: true);
            }
        }
    }

    private static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}

/// <summary>What is known of a library in the cache.</summary>
internal sealed record CachedBuild(string Sha256, IReadOnlyList<BuildDiagnostic> Diagnostics);

/// <summary>How it is written.</summary>
[JsonSerializable(typeof(CachedBuild))]
internal sealed partial class CacheJson : JsonSerializerContext;
