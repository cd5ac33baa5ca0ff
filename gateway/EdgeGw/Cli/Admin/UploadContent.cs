using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace EdgeGw.Cli.Admin;

/// <summary>Sends a file as a request's body, in pieces, with its length and its hash, by which the gateway knows whether all of it has come. Sent once.</summary>
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

    /// <summary>The lower-case hex SHA-256 of the file; empty until <see cref="HashAsync"/>.</summary>
    public string Sha256 { get; private set; } = "";

    /// <summary>Whether all of it was sent, as far as this side knows.</summary>
    public bool IsSent { get; private set; }

    /// <summary>Reads the file once before it is sent, so that its hash can go ahead of it (RFC 9530).</summary>
    public async Task HashAsync(CancellationToken cancellationToken)
    {
        var hash = await SHA256.HashDataAsync(_file, cancellationToken);
        _file.Position = 0;
        Sha256 = Convert.ToHexStringLower(hash);
        Headers.Add("Content-Digest", $"sha-256=:{Convert.ToBase64String(hash)}:");
    }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var total = _file.Length;
        var buffer = new byte[128 << 10];
        for (long sent = 0; ;)
        {
            var read = await _file.ReadAsync(buffer, cancellationToken);
            if (read == 0)
                break;
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            sent += read;
            _progress(sent, total);
        }
        IsSent = true;
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
