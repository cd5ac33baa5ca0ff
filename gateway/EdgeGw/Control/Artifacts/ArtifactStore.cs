using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Epochs;
using EdgeGw.Control.Storage;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Artifacts;

/// <summary>Libraries on disk, each in a folder named by the SHA-256 of its bytes.</summary>
internal sealed class ArtifactStore(string folder, IDurableFiles files, long maxBytes)
{
    private const string UploadPrefix = ".upload-";
    private const int BufferBytes = 128 * 1024;

    /// <summary>Where a handler's library is, or will be. One file for each handler's name: two handlers of one library are two libraries to the loader.</summary>
    internal string PathOf(string sha256, string file) => Path.Combine(folder, sha256, file);

    /// <summary>A file with the bytes of a library; null when it is not kept.</summary>
    internal string? Find(string sha256) => Path.Combine(folder, sha256) is var home && Directory.Exists(home) ? Directory.EnumerateFiles(home).FirstOrDefault() : null;

    /// <summary>Receives a library into a temporary file while hashing it. The caller disposes what it gets. Throws <see cref="ChangeRefusedException"/>.</summary>
    internal async Task<ArtifactUpload> ReceiveAsync(Stream body, string fileName, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, UploadPrefix + Guid.NewGuid().ToString("N"));
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var checksum = new XxHash128();
            long length = 0;
            await using (var file = OnDisk(() => new FileStream(path, Files.CreateOptions(FileMode.CreateNew, FileAccess.Write))))
            {
                int read;
                while ((read = await ReadAsync(body, buffer, cancellation)) > 0)
                {
                    if (length == 0 && LibraryHeader.Check(buffer.AsSpan(0, read), RuntimeInformation.ProcessArchitecture) is { } fault)
                    {
                        throw new ChangeRefusedException(422, $"{fileName} {fault}.");
                    }
                    length += read;
                    if (length > maxBytes)
                    {
                        throw new ChangeRefusedException(413, $"{fileName} is larger than {maxBytes} bytes, the most that Handlers.MaxLibraryBytes allows.");
                    }
                    hash.AppendData(buffer, 0, read);
                    checksum.Append(buffer.AsSpan(0, read));
                    OnDisk(() => file.Write(buffer, 0, read));
                }
                if (length == 0)
                {
                    throw new ChangeRefusedException(422, $"{fileName} {LibraryHeader.Check([], RuntimeInformation.ProcessArchitecture)}.");
                }
            }
            return new ArtifactUpload(path, fileName, Convert.ToHexStringLower(hash.GetHashAndReset()), Convert.ToHexStringLower(checksum.GetCurrentHash()), length);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Keeps an upload for good: when this returns it is on the disk.</summary>
    internal void Publish(ArtifactUpload upload, string file)
    {
        var target = PathOf(upload.Sha256, file);
        if (File.Exists(target) && HashOf(target) == upload.Sha256)
        {
            return;
        }
        var home = Path.Combine(folder, upload.Sha256);
        Files.CreateDirectory(home);
        using (var handle = File.OpenHandle(upload.Path, FileMode.Open, FileAccess.ReadWrite))
        {
            files.SyncFile(handle, upload.Path);
        }
        Files.SetMode(upload.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        // Over a file that was changed after its deploy this puts the right bytes under a new inode; who mapped the old one keeps it.
        files.Rename(upload.Path, target);
        files.SyncDirectory(home);
        files.SyncDirectory(folder);
    }

    /// <summary>Removes what no kept epoch names and nobody else needs. Loaded libraries stay mapped: an unlinked file lives on until its last user is gone.</summary>
    internal void Sweep(IEnumerable<EpochConfig> kept, IEnumerable<string> needed)
    {
        var named = kept.SelectMany(epoch => epoch.Handlers.Concat(epoch.Canaries.Select(canary => canary.Handler))).Select(handler => handler.Sha256).Concat(needed).ToHashSet();
        foreach (var path in Directory.GetDirectories(folder))
        {
            var name = Path.GetFileName(path);
            if (EpochRules.IsSha256(name) && !named.Contains(name))
            {
                Directory.Delete(path, recursive: true);
            }
        }
    }

    /// <summary>Removes uploads that an earlier control left behind. At start only.</summary>
    internal void RemoveLeftovers()
    {
        foreach (var path in Directory.GetFiles(folder, UploadPrefix + "*"))
        {
            File.Delete(path);
        }
    }

    // Fills the buffer as far as the body goes, so that the first piece holds the whole ELF header.
    private static async ValueTask<int> ReadAsync(Stream body, byte[] buffer, CancellationToken cancellation) =>
        await body.ReadAtLeastAsync(buffer, LibraryHeader.Length, throwOnEndOfStream: false, cancellation);

    // Tells a disk that fails from a sender that goes away, which is an IOException too.
    private static T OnDisk<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ChangeRefusedException.NotWritable(e);
        }
    }

    private static void OnDisk(Action action) => OnDisk(() =>
    {
        action();
        return true;
    });

    private static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
