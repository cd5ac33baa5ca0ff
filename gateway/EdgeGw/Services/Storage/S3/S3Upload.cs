using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using EdgeGw.Abi;

namespace EdgeGw.Services.Storage.S3;

/// <summary>How large uploads are cut.</summary>
/// <param name="Bytes">Bytes of a part; the last one may be smaller.</param>
/// <param name="InFlight">Parts of one upload on their way at once.</param>
/// <param name="AbortPatience">How long the server may take to begin or discard an upload.</param>
internal readonly record struct S3Parts(int Bytes, int InFlight, TimeSpan AbortPatience);

/// <summary>An object on its way out. What fits into one part goes in one request; more goes in parts, of which one is filled while some are on their way, so memory is bounded by
/// <see cref="S3Parts"/> whatever the object's size.</summary>
internal sealed class S3Upload(S3Client client, string key, long announced, ObjectHeader header, S3Parts parts, OpenStreams streams) : ObjectUpload
{
    /// <summary>The most parts that a server takes.</summary>
    public const int MostParts = 10_000;

    private const int FirstBytes = 64 * 1024;
    private const int AbortTries = 3;

    private readonly CancellationTokenSource _life = new();
    private readonly List<Task<string>> _sent = [];
    private readonly ConcurrentBag<byte[]> _spare = [];
    private byte[] _buffer = [];
    private int _filled;
    private long _length;
    private Task<string>? _begun;
    private bool _isBroken;
    private bool _isObject;
    private bool _isClosed;

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (announced >= 0 && _length + bytes.Length > announced)
        {
            throw new ServiceException(AbiResult.Refused, $"The upload was announced with {announced} bytes, and more are written.", "IncompleteBody");
        }
        var wasBroken = _isBroken;
        _isBroken = true;
        while (!bytes.IsEmpty)
        {
            var room = Room(bytes.Length);
            var count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            (bytes, _filled, _length) = (bytes[count..], _filled + count, _length + count);
            if (_filled == parts.Bytes)
            {
                await SendAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        _isBroken = wasBroken;
    }

    /// <inheritdoc/>
    public override async ValueTask<ObjectFacts> FinishAsync(CancellationToken cancellationToken)
    {
        if (_isBroken || (announced >= 0 && _length != announced))
        {
            throw new ServiceException(AbiResult.Refused, _isBroken ? "A write of this upload failed, so it cannot be finished." : $"The upload was announced with {announced} bytes and has {_length}.", "IncompleteBody");
        }
        if (_begun is null)
        {
            var put = await client.PutAsync(key, _buffer.AsMemory(0, _filled), header, cancellationToken).ConfigureAwait(false);
            _isObject = true;
            return put;
        }
        if (_filled > 0)
        {
            await SendAsync(cancellationToken).ConfigureAwait(false);
        }
        var etags = await Task.WhenAll(_sent).WaitAsync(cancellationToken).ConfigureAwait(false);
        var (etag, modified) = await client.CompleteAsync(key, await _begun.ConfigureAwait(false), etags, cancellationToken).ConfigureAwait(false);
        _isObject = true;
        return new ObjectFacts(key, _length, modified, etag, header.ContentType, header.Metadata);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_isClosed)
        {
            return;
        }
        _isClosed = true;
        if (!_isObject)
        {
            await DiscardAsync().ConfigureAwait(false);
        }
        Give(_buffer);
        _buffer = [];
        while (_spare.TryTake(out var spare))
        {
            Give(spare);
        }
        _life.Dispose();
        streams.Leave();
    }

    // Nothing of an unfinished upload stays on the server, which keeps parts, and asks money for them, until somebody discards them.
    private async Task DiscardAsync()
    {
        await _life.CancelAsync().ConfigureAwait(false);
        // A part that arrives after the abort would stay: each is waited for.
        await ((Task)Task.WhenAll(_sent)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_begun is null)
        {
            return;
        }
        await ((Task)_begun).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        for (var i = 0; i < AbortTries && _begun.IsCompletedSuccessfully; i++)
        {
            using var patience = new CancellationTokenSource(parts.AbortPatience);
            try
            {
                await client.AbortAsync(key, await _begun.ConfigureAwait(false), patience.Token).ConfigureAwait(false);
                return;
            }
            catch (S3Exception e) when (e.Code == "NoSuchUpload")
            {
                return;
            }
            catch (Exception e) when (e is S3Exception or HttpRequestException or IOException or OperationCanceledException)
            {
                // once more; a server that is down keeps it, and a lifecycle rule of the bucket ends it (docs/services-storage.md)
            }
        }
    }

    // Grows with what is written, since many small uploads must not hold a part's memory each. From the second part on there are whole ones, used again and again.
    private Memory<byte> Room(int wanted)
    {
        if (_buffer.Length == 0 && _begun is not null)
        {
            _buffer = _spare.TryTake(out var spare) ? spare : ArrayPool<byte>.Shared.Rent(parts.Bytes);
        }
        else if (_filled == _buffer.Length)
        {
            var size = (int)Math.Min(parts.Bytes, Math.Max(FirstBytes, Math.Max(2L * _buffer.Length, (long)_filled + wanted)));
            var larger = ArrayPool<byte>.Shared.Rent(size);
            _buffer.AsSpan(0, _filled).CopyTo(larger);
            Give(_buffer);
            _buffer = larger;
        }
        return _buffer.AsMemory(_filled, Math.Min(_buffer.Length, parts.Bytes) - _filled);
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        if (_sent.Count == MostParts)
        {
            throw TooLarge(parts);
        }
        _begun ??= BeginAsync();
        var id = await _begun.WaitAsync(cancellationToken).ConfigureAwait(false);
        while (_sent.Where(part => !part.IsCompletedSuccessfully).Take(parts.InFlight).ToArray() is var waiting && waiting.Length == parts.InFlight)
        {
            await (await Task.WhenAny(waiting).WaitAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
        _sent.Add(SendAsync(id, _sent.Count + 1, _buffer, _filled));
        (_buffer, _filled) = ([], 0);
    }

    private async Task<string> SendAsync(string id, int number, byte[] buffer, int length)
    {
        try
        {
            return await client.PartAsync(key, id, number, buffer.AsMemory(0, length), _life.Token).ConfigureAwait(false);
        }
        finally
        {
            _spare.Add(buffer);
        }
    }

    // Not ended by whoever waits for it: an upload that the server has begun must be known, or it could not be discarded.
    private async Task<string> BeginAsync()
    {
        using var patience = new CancellationTokenSource(parts.AbortPatience);
        return await client.BeginAsync(key, header, patience.Token).ConfigureAwait(false);
    }

    /// <summary>The object has more bytes than there can be parts for.</summary>
    public static ServiceException TooLarge(S3Parts parts) =>
        new(AbiResult.TooLarge, string.Create(CultureInfo.InvariantCulture, $"The object needs more than {MostParts} parts of {parts.Bytes} bytes: raise the setting partBytes of this storage."), "EntityTooLarge");

    private static void Give(byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
