using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace EdgeGw.Cli.Admin;

/// <summary>Sends a file as a request's body, in pieces, and computes its hash on the way. Sent once.</summary>
internal sealed class UploadContent : HttpContent
{
    private readonly FileStream _file;
    private readonly Action<long, long> _progress;

    /// <summary>Takes over <paramref name="file"/>; <paramref name="progress"/> is told the bytes sent and their total, on the sending thread.</summary>
    public UploadContent(FileStream file, Action<long, long> progress)
    {
        _file = file;
        _progress = progress;
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    }

    /// <summary>The file's name with what a header cannot carry replaced.</summary>
    public string HeaderName => string.Concat(Path.GetFileName(_file.Name).Select(c => c is > ' ' and < '\x7f' ? c : '_'));

    /// <summary>The lower-case hex SHA-256 of what was sent; empty until all was.</summary>
    public string Sha256 { get; private set; } = "";

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var total = _file.Length;
        var buffer = new byte[128 << 10];
        for (long sent = 0; ;)
        {
            var read = await _file.ReadAsync(buffer, cancellationToken);
            if (read == 0)
                break;
            hash.AppendData(buffer, 0, read);
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            sent += read;
            _progress(sent, total);
        }
        Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = _file.Length;
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }
}
