using System.Security.Cryptography;
using EdgeGw.Control.Changes;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Control.Admin;

/// <summary>A request's body whose sender has said what it is (<c>Content-Digest</c>, RFC 9530): its last byte is not given to anybody as the last before all of it was compared.</summary>
internal sealed class BodyDigest : Stream
{
    private const string Algorithm = "sha-256=:";

    private readonly Stream _body;
    private readonly byte[] _expected;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private BodyDigest(Stream body, byte[] expected) => (_body, _expected) = (body, expected);

    /// <summary>Puts one before a request's body when its headers have a digest. Throws <see cref="ChangeRefusedException"/> (400) when it cannot be one; algorithms that are not known are left alone.</summary>
    internal static void Attach(HttpContext context)
    {
        foreach (var field in context.Request.Headers["Content-Digest"].SelectMany(line => (line ?? "").Split(',')).Select(field => field.Trim()))
        {
            if (!field.StartsWith(Algorithm, StringComparison.Ordinal))
            {
                continue;
            }
            var expected = new byte[SHA256.HashSizeInBytes];
            if (!field.EndsWith(':') || !Convert.TryFromBase64String(field[Algorithm.Length..^1], expected, out var length) || length != expected.Length)
            {
                throw new ChangeRefusedException(400, "'Content-Digest' must be sha-256=:BASE64: of the body's SHA-256.");
            }
            var body = new BodyDigest(context.Request.Body, expected);
            context.Response.RegisterForDispose(body._hash);
            context.Request.Body = body;
            return;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _body.ReadAsync(buffer, cancellationToken);
        if (read > 0)
        {
            _hash.AppendData(buffer.Span[..read]);
        }
        else if (buffer.Length > 0 && !CryptographicOperations.FixedTimeEquals(_hash.GetCurrentHash(), _expected))
        {
            throw new ChangeRefusedException(422, "What has come is not what was sent: the body's SHA-256 is another one than Content-Digest says. Nothing was changed; send it again.");
        }
        return read;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
