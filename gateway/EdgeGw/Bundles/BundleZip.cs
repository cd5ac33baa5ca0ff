using System.IO.Compression;

namespace EdgeGw.Bundles;

/// <summary>A bundle in a zip archive. Every entry is looked at before one is read; nothing is unpacked to a path that it names.</summary>
internal sealed class BundleZip : IBundleFiles
{
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int Folder = 0x4000;
    private const int SymbolicLink = 0xA000;

    // Past this many, more sentences help nobody.
    private const int MaxReasons = 20;

    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _files;

    private BundleZip(string origin, ZipArchive archive, Dictionary<string, ZipArchiveEntry> files)
    {
        Origin = origin;
        _archive = archive;
        _files = files;
    }

    /// <inheritdoc/>
    public string Origin { get; }

    /// <inheritdoc/>
    public string Document => Bundle.File;

    /// <summary>Its files.</summary>
    internal IEnumerable<string> Names => _files.Keys;

    /// <summary>Opens an archive and takes over its stream, which can seek. Throws <see cref="BundleRefusedException"/>.</summary>
    internal static BundleZip Open(Stream stream, string origin, BundleBounds bounds)
    {
        ZipArchive? archive = null;
        try
        {
            if (ZipDirectory.Fault(stream, bounds) is { } fault)
            {
                throw new BundleRefusedException($"{origin} {fault}.");
            }
            archive = new ZipArchive(stream, ZipArchiveMode.Read);
            return new BundleZip(origin, archive, Files(archive, origin, bounds));
        }
        catch (InvalidDataException)
        {
            archive?.Dispose();
            stream.Dispose();
            throw new BundleRefusedException($"{origin} is not a zip archive, or is damaged.");
        }
        catch
        {
            archive?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool Has(string name) => _files.ContainsKey(name);

    /// <inheritdoc/>
    public Stream Open(string name)
    {
        try
        {
            return new BundleEntryStream(_files[name], name);
        }
        catch (InvalidDataException)
        {
            throw new BundleRefusedException($"'{name}' in {Origin} is damaged, or is packed in a way that is not known; pack it with deflate.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();

    private static Dictionary<string, ZipArchiveEntry> Files(ZipArchive archive, string origin, BundleBounds bounds)
    {
        var reasons = new List<string>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var files = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
        long unpacked = 0;
        foreach (var entry in archive.Entries)
        {
            var isFolder = entry.FullName.EndsWith('/');
            var name = isFolder ? entry.FullName[..^1] : entry.FullName;
            if (Fault(entry, name, isFolder) is { } fault)
            {
                reasons.Add($"'{Documents.DocumentBudget.Shown(entry.FullName)}' {fault}.");
            }
            else if (!isFolder && !names.Add(name))
            {
                reasons.Add($"'{Documents.DocumentBudget.Shown(name)}' is in it twice; upper and lower case are the same to some systems.");
            }
            else if (!isFolder)
            {
                files.Add(name, entry);
                unpacked += entry.Length;
            }
        }
        if (unpacked > bounds.MaxUnpackedBytes)
        {
            reasons.Add($"Unpacked, its files have {unpacked} bytes; {bounds.MaxUnpackedBytes} are allowed.");
        }
        return reasons.Count == 0 ? WithoutTopFolder(files) : throw new BundleRefusedException($"{origin} is not a bundle that can be used.", [.. reasons.Take(MaxReasons)]);
    }

    private static string? Fault(ZipArchiveEntry entry, string name, bool isFolder)
    {
        if (BundlePath.Fault(name) is { } fault)
        {
            return fault;
        }
        var type = (entry.ExternalAttributes >> 16) & TypeMask;
        return type switch
        {
            SymbolicLink => "is a symbolic link; a bundle has plain files only",
            not (0 or RegularFile or Folder) => "is a device or a pipe; a bundle has plain files only",
            _ when entry.IsEncrypted => "is encrypted; a bundle is not",
            Folder when !isFolder => "is a folder with a file's name",
            _ => null,
        };
    }

    // A folder that was packed as a whole is unpacked in the mind.
    private static Dictionary<string, ZipArchiveEntry> WithoutTopFolder(Dictionary<string, ZipArchiveEntry> files)
    {
        if (files.ContainsKey(Bundle.File) || files.Keys.FirstOrDefault(name => name.Split('/') is [_, Bundle.File]) is not { } document)
        {
            return files;
        }
        var top = document[..^Bundle.File.Length];
        return files.Where(file => file.Key.StartsWith(top, StringComparison.Ordinal)).ToDictionary(file => file.Key[top.Length..], file => file.Value, StringComparer.Ordinal);
    }
}
