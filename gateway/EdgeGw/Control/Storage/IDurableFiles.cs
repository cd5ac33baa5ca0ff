using Microsoft.Win32.SafeHandles;

namespace EdgeGw.Control.Storage;

/// <summary>The steps that make a change durable. Each either happened or threw; a crash may fall between any two of them.</summary>
internal interface IDurableFiles
{
    /// <summary>Creates or replaces a file (mode 0600) and waits until its bytes are on the disk.</summary>
    void Write(string path, ReadOnlySpan<byte> content);

    /// <summary>Waits until the bytes of an open file are on the disk.</summary>
    void SyncFile(SafeFileHandle file, string path);

    /// <summary>Renames within one file system, replacing the target. Durable only after <see cref="SyncDirectory"/>.</summary>
    void Rename(string from, string to);

    /// <summary>Deletes a file; one that is not there is fine.</summary>
    void Delete(string path);

    /// <summary>Waits until the names in a folder are on the disk.</summary>
    void SyncDirectory(string path);
}
