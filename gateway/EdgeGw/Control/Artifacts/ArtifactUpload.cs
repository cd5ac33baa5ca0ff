namespace EdgeGw.Control.Artifacts;

/// <summary>A library that was received but not kept yet: a temporary file that goes away with this object unless it is published.</summary>
internal sealed class ArtifactUpload(string path, string fileName, string sha256, string checksum, long length) : IDisposable
{
    /// <summary>The temporary file.</summary>
    internal string Path { get; } = path;

    /// <summary>What the sender calls it, for messages.</summary>
    internal string FileName { get; } = fileName;

    /// <summary>Lower-case hex SHA-256 of its bytes.</summary>
    internal string Sha256 { get; } = sha256;

    /// <summary>Lower-case hex XXH128 of its bytes.</summary>
    internal string Checksum { get; } = checksum;

    /// <summary>Bytes.</summary>
    internal long Length { get; } = length;

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            File.Delete(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whatever came of the upload is answered as it is; the next start removes what is left.
        }
    }
}
