namespace EdgeGw.Bundles;

/// <summary>A bundle in a folder of this machine.</summary>
internal sealed class BundleFolder : IBundleFiles
{
    private readonly string _root;

    /// <summary>The bundle of a document; its files are below that one's folder.</summary>
    internal BundleFolder(string document)
    {
        var path = Path.GetFullPath(document);
        _root = Path.GetDirectoryName(path)!;
        Document = Path.GetFileName(path);
        Origin = document;
    }

    /// <inheritdoc/>
    public string Origin { get; }

    /// <inheritdoc/>
    public string Document { get; }

    /// <summary>Where a file or folder of the bundle is.</summary>
    internal string PathOf(string name) => Path.Combine(_root, name);

    /// <inheritdoc/>
    public bool Has(string name) => !name.StartsWith(Bundle.BuiltFolder, StringComparison.Ordinal) && File.Exists(PathOf(name));

    /// <inheritdoc/>
    public Stream Open(string name)
    {
        try
        {
            RefuseLinks(name);
            return new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, useAsync: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BundleRefusedException($"{PathOf(name)} cannot be read: {e.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    // A bundle that somebody else wrote must not send files of this machine to a gateway.
    private void RefuseLinks(string name)
    {
        var path = _root;
        foreach (var part in name.Split('/'))
        {
            path = Path.Combine(path, part);
            if (new FileInfo(path).LinkTarget is not null)
            {
                throw new BundleRefusedException($"'{name}' is a symbolic link, or behind one; a bundle has plain files only.");
            }
        }
    }
}
