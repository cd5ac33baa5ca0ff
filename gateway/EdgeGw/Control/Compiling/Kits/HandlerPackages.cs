using System.IO.Compression;
using System.Security.Cryptography;
using System.Xml.Linq;
using EdgeGw.Cli;

namespace EdgeGw.Control.Compiling.Kits;

/// <summary>The EdgeGw packages, unpacked by their content: a feed that was built again with the same version is another one, which NuGet would not notice.</summary>
/// <param name="Key">Hexadecimal; equal for equal packages.</param>
/// <param name="Folder">Where they are: a folder for each, by its id.</param>
/// <param name="Needs">What EdgeGw.Handler needs of others.</param>
internal sealed record HandlerPackages(string Key, string Folder, IReadOnlyList<(string Id, string Version)> Needs)
{
    private const string Prefix = "EdgeGw.";
    private static readonly string[] s_ids = ["EdgeGw.Abi", "EdgeGw.Handler", "EdgeGw.Handler.Sdk"];

    /// <summary>The libraries that sources are compiled against.</summary>
    internal IEnumerable<string> Libraries => ((string[])["EdgeGw.Abi", "EdgeGw.Handler"]).Select(id => Path.Combine(Folder, id, "lib", "net10.0", id + ".dll"));

    /// <summary>The source generator.</summary>
    internal string Generator => Path.Combine(Folder, "EdgeGw.Handler", "analyzers", "dotnet", "cs", "EdgeGw.Handler.Generator.dll");

    /// <summary>The build files of the MSBuild SDK.</summary>
    internal string Sdk => Path.Combine(Folder, "EdgeGw.Handler.Sdk", "Sdk");

    /// <summary>Unpacks those of this program's version from a feed, unless they are. Throws <see cref="ToolchainMissingException"/> with a sentence.</summary>
    internal static HandlerPackages Unpack(string feed, string root)
    {
        var files = s_ids.Select(id => (Id: id, Path: Path.Combine(feed, $"{id}.{ProductVersion.Number}.nupkg"))).ToList();
        if (files.FirstOrDefault(file => !File.Exists(file.Path)) is { Path: { } missing })
        {
            throw new ToolchainMissingException($"'{missing}' is not there, which sources are compiled with: say where the EdgeGw packages of version {ProductVersion.Number} are with Compile:Feed.");
        }
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var (_, path) in files)
            {
                hash.AppendData(File.ReadAllBytes(path));
            }
            var key = Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
            var folder = Path.Combine(root, $"edgegw-{key}");
            if (!Directory.Exists(folder))
            {
                var fresh = $"{folder}.{Guid.NewGuid():N}";
                foreach (var (id, path) in files)
                {
                    ZipFile.ExtractToDirectory(path, Path.Combine(fresh, id));
                }
                Directory.Move(fresh, folder);
                Forget(root, folder);
            }
            return new HandlerPackages(key, folder, ReadNeeds(Path.Combine(folder, "EdgeGw.Handler", "EdgeGw.Handler.nuspec")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new ToolchainMissingException($"The EdgeGw packages in '{feed}' cannot be unpacked: {e.Message}");
        }
    }

    // Those of a feed that is not there any more: the kits that name them are removed with them.
    private static void Forget(string root, string current)
    {
        foreach (var old in Directory.EnumerateDirectories(root, "edgegw-*").Where(folder => folder != current))
        {
            Directory.Delete(old, recursive: true);
        }
    }

    private static List<(string Id, string Version)> ReadNeeds(string nuspec) =>
        [.. XDocument.Load(nuspec).Descendants().Where(element => element.Name.LocalName == "dependency")
            .Select(element => (element.Attribute("id")!.Value, element.Attribute("version")!.Value))
            .Where(need => !need.Item1.StartsWith(Prefix, StringComparison.Ordinal))];
}
