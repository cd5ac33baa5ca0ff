using EdgeGw.Interop;
using Microsoft.Win32.SafeHandles;

namespace EdgeGw.Control.Storage;

/// <summary>The real file system.</summary>
internal sealed class DurableFiles : IDurableFiles
{
    /// <inheritdoc/>
    public void Write(string path, ReadOnlySpan<byte> content)
    {
        using var file = new FileStream(path, Files.CreateOptions(FileMode.Create, FileAccess.Write));
        file.Write(content);
        SyncFile(file.SafeFileHandle, path);
    }

    /// <inheritdoc/>
    public void SyncFile(SafeFileHandle file, string path) => FileSync.Flush(file, path);

    /// <inheritdoc/>
    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    /// <inheritdoc/>
    public void Delete(string path) => File.Delete(path);

    /// <inheritdoc/>
    public void SyncDirectory(string path) => ControlPosix.SyncDirectory(path);
}
