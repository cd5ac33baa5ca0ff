using EdgeGw.Bundles;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Storage;

namespace EdgeGw.Control.Bundles;

/// <summary>Archives while they are received or made: files of <c>run/</c> that go away when they are closed.</summary>
internal sealed class BundleSpool
{
    private const string Prefix = "bundle-";
    private const int BufferBytes = 128 * 1024;

    private readonly string _folder;
    private readonly BundleBounds _bounds;

    /// <summary>Spools to a folder, from which it removes what an earlier control has left.</summary>
    internal BundleSpool(string folder, BundleBounds bounds)
    {
        _folder = folder;
        _bounds = bounds;
        foreach (var path in Directory.GetFiles(folder, Prefix + "*"))
        {
            File.Delete(path);
        }
    }

    /// <summary>An empty file.</summary>
    internal FileStream Create()
    {
        try
        {
            var options = Files.CreateOptions(FileMode.CreateNew, FileAccess.ReadWrite);
            options.Options = FileOptions.DeleteOnClose;
            options.BufferSize = BufferBytes;
            return new FileStream(Path.Combine(_folder, $"{Prefix}{Guid.NewGuid():N}.zip"), options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ChangeRefusedException.NotWritable(e);
        }
    }

    /// <summary>Receives an archive. Throws <see cref="ChangeRefusedException"/>.</summary>
    internal async Task<FileStream> ReceiveAsync(Stream body, CancellationToken cancellation)
    {
        var file = Create();
        try
        {
            var buffer = new byte[BufferBytes];
            while (await body.ReadAsync(buffer, cancellation) is > 0 and var read)
            {
                if (file.Length + read > _bounds.MaxBytes)
                {
                    throw new ChangeRefusedException(413, $"The bundle is larger than {_bounds.MaxBytes} bytes, the most that Bundles:MaxBytes allows.");
                }
                Write(file, buffer.AsSpan(0, read));
            }
            file.Flush();
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    // Tells a disk that fails from a sender that goes away, which is an IOException too.
    private static void Write(FileStream file, ReadOnlySpan<byte> piece)
    {
        try
        {
            file.Write(piece);
        }
        catch (IOException e)
        {
            throw ChangeRefusedException.NotWritable(e);
        }
    }
}
