using System.IO.Compression;
using System.Text;
using EdgeGw.Bundles;
using EdgeGw.Documents;
using EdgeGw.Tests.Control;

namespace EdgeGw.Tests.Bundles;

/// <summary>Bundles to test with.</summary>
internal static class BundleSamples
{
    internal static readonly BundleBounds Bounds = new(1 << 20, 4 << 20, 100);

    /// <summary>An archive of texts and bytes.</summary>
    internal static byte[] Zip(params (string Name, object Content)[] files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content as byte[] ?? Encoding.UTF8.GetBytes((string)content));
            }
        }
        return bytes.ToArray();
    }

    /// <summary>A library that the scripted scout takes as told.</summary>
    internal static byte[] Library(string name, int version, string? pattern = null, params string[] services) =>
        RunningControl.Handler(name, version, pattern, services).ReadAsByteArrayAsync().GetAwaiter().GetResult();

    /// <summary>Reads a document; the sentences say what is wrong with it.</summary>
    internal static (Bundle? Bundle, IReadOnlyList<string> Faults) Read(string yaml, Func<string, string?>? variables = null, params string[] files)
    {
        var faults = new DocumentFaults(Bundle.File);
        var bundle = BundleReader.Read(Encoding.UTF8.GetBytes(yaml), new BundleVariables(variables ?? (_ => null), faults), files.Contains, faults);
        return (bundle, faults.All);
    }
}
