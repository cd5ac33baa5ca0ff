using System.IO.Compression;

namespace EdgeGw.Bundles;

/// <summary>Makes archives. The same files give the same bytes: entries in the order in which they are added, all of the same time.</summary>
internal sealed class BundlePacker : IDisposable
{
    // The earliest that a zip archive can say.
    private static readonly DateTimeOffset s_time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private const int PlainFile = 0x81A4; // -rw-r--r--

    private readonly ZipArchive _archive;

    /// <summary>Writes into a stream that can seek, and leaves it open.</summary>
    internal BundlePacker(Stream stream) => _archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);

    /// <summary>Adds a file.</summary>
    internal async Task AddAsync(string name, Stream content, CancellationToken cancellation)
    {
        var entry = _archive.CreateEntry(name, CompressionLevel.Fastest);
        entry.LastWriteTime = s_time;
        entry.ExternalAttributes = PlainFile << 16;
        await using var packed = entry.Open();
        await content.CopyToAsync(packed, cancellation);
    }

    /// <summary>Adds a file.</summary>
    internal Task AddAsync(string name, byte[] content, CancellationToken cancellation) => AddAsync(name, new MemoryStream(content), cancellation);

    /// <summary>Ends the archive.</summary>
    public void Dispose() => _archive.Dispose();
}
