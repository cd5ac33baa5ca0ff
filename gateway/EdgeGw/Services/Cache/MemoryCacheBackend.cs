using System.Buffers.Text;
using System.Globalization;
using System.Text;
using EdgeGw.Abi;
using EdgeGw.Epochs;
using EdgeGw.Interop;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;
using Microsoft.Extensions.Options;

namespace EdgeGw.Services.Cache;

/// <summary>The embedded cache: in this process, bounded in bytes, gone with the worker.</summary>
internal sealed class MemoryCacheBackend : ICacheBackend
{
    // What an entry takes beside its key and value, about.
    private const int EntryOverhead = 160;
    private const int Stripes = 64;
    private const double CompactBy = 0.05;

    private readonly MemoryCache _cache;
    private readonly TimeProvider _time;
    // Writes of one key come one at a time: adding and writing on a condition read first.
    private readonly Lock[] _stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new Lock())];

    private MemoryCacheBackend(long maxBytes, long maxEntryBytes, TimeProvider time)
    {
        _time = time;
        MaxValueBytes = maxEntryBytes;
        _cache = new MemoryCache(Options.Create(new MemoryCacheOptions { SizeLimit = maxBytes, TrackStatistics = true, CompactionPercentage = CompactBy, Clock = new Clock(time) }));
    }

    /// <inheritdoc/>
    public bool IsImmediate => true;

    /// <inheritdoc/>
    public bool Blocks => false;

    /// <inheritdoc/>
    public long MaxValueBytes { get; }

    /// <summary>Reads found and missed since the start.</summary>
    public (long Hits, long Misses) Reads => _cache.GetCurrentStatistics() is { } s ? (s.TotalHits, s.TotalMisses) : default;

    /// <summary>Makes one from its settings: <c>maxBytes</c> (64 MiB) and <c>maxEntryBytes</c> (8 MiB).</summary>
    public static MemoryCacheBackend Create(EpochService config, TimeProvider time)
    {
        var settings = new ServiceSettings(config, stateDirectory: "/");
        var maxBytes = settings.Number("maxBytes");
        return new MemoryCacheBackend(maxBytes, settings.Number("maxEntryBytes", Math.Min(8L << 20, maxBytes / 8)), time);
    }

    /// <inheritdoc/>
    public ValueTask CheckAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ServiceFault Classify(Exception exception) => new(AbiResult.Internal, $"The cache failed: {exception.Message}");

    /// <inheritdoc/>
    public ValueTask<bool> GetAsync(ReadOnlyMemory<byte> key, ReplyBuilder reply, CancellationToken cancellationToken)
    {
        var value = Find(key.Span);
        if (value is not null)
        {
            reply.Bytes(AbiValueKind.Blob, value);
        }
        return ValueTask.FromResult(value is not null);
    }

    /// <inheritdoc/>
    public ValueTask GetManyAsync(IReadOnlyList<ReadOnlyMemory<byte>> keys, ReplyBuilder reply, CancellationToken cancellationToken)
    {
        foreach (var key in keys)
        {
            if (Find(key.Span) is { } value)
            {
                reply.Bytes(AbiValueKind.Blob, value);
            }
            else
            {
                reply.Null();
            }
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> SetAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, long ttl, AbiCacheCondition condition, CancellationToken cancellationToken)
    {
        lock (StripeOf(key.Span))
        {
            if (condition != AbiCacheCondition.Always && (Find(key.Span) is null) != (condition == AbiCacheCondition.IfAbsent))
            {
                return ValueTask.FromResult(false);
            }
            Write(key.Span, value.ToArray(), ttl);
            return ValueTask.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask SetManyAsync(IReadOnlyList<ReadOnlyMemory<byte>> keys, IReadOnlyList<ReadOnlyMemory<byte>> values, long ttl, CancellationToken cancellationToken)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            lock (StripeOf(keys[i].Span))
            {
                Write(keys[i].Span, values[i].ToArray(), ttl);
            }
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<long> RemoveAsync(IReadOnlyList<ReadOnlyMemory<byte>> keys, CancellationToken cancellationToken)
    {
        var removed = 0L;
        foreach (var key in keys)
        {
            lock (StripeOf(key.Span))
            {
                if (Find(key.Span) is not null)
                {
                    _cache.Remove(TextOf(key.Span));
                    removed++;
                }
            }
        }
        return ValueTask.FromResult(removed);
    }

    /// <inheritdoc/>
    public ValueTask<bool> ExistsAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken) => ValueTask.FromResult(Find(key.Span) is not null);

    /// <inheritdoc/>
    public ValueTask<long> AddAsync(ReadOnlyMemory<byte> key, long delta, long ttl, CancellationToken cancellationToken)
    {
        lock (StripeOf(key.Span))
        {
            var before = Entry(key.Span);
            var number = 0L;
            if (before is not null && !TryRead(before.Value, out number))
            {
                throw new ServiceException(CacheFaults.NotANumber);
            }
            long sum;
            try
            {
                sum = checked(number + delta);
            }
            catch (OverflowException)
            {
                throw new ServiceException(CacheFaults.Overflow);
            }
            var left = before?.Expires is { } expires ? Math.Max(1, (long)(expires - _time.GetUtcNow()).TotalMilliseconds) : before is null ? ttl : 0;
            Write(key.Span, Encoding.ASCII.GetBytes(sum.ToString(CultureInfo.InvariantCulture)), left);
            return ValueTask.FromResult(sum);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> ExpireAsync(ReadOnlyMemory<byte> key, long ttl, CancellationToken cancellationToken)
    {
        lock (StripeOf(key.Span))
        {
            if (Find(key.Span) is not { } value)
            {
                return ValueTask.FromResult(false);
            }
            Write(key.Span, value, ttl);
            return ValueTask.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<long> PublishAsync(ReadOnlyMemory<byte> channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) => ValueTask.FromResult(0L); // nobody else is in this process

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _cache.Dispose();
        return ValueTask.CompletedTask;
    }

    // As strict as Redis: a number is written in one way only, so that it is one on every provider.
    private static bool TryRead(ReadOnlySpan<byte> text, out long number)
    {
        Span<byte> written = stackalloc byte[20];
        return Utf8Parser.TryParse(text, out number, out _) && Utf8Formatter.TryFormat(number, written, out var length) && text.SequenceEqual(written[..length]);
    }

    private byte[]? Find(ReadOnlySpan<byte> key) => Entry(key)?.Value;

    private CachedBytes? Entry(ReadOnlySpan<byte> key)
    {
        // A key's bytes as characters, one each: any bytes may be a key. The look-up by span makes no string.
        Span<char> text = stackalloc char[key.Length];
        Encoding.Latin1.GetChars(key, text);
        return _cache.TryGetValue(text, out var entry) ? (CachedBytes?)entry : null;
    }

    private static string TextOf(ReadOnlySpan<byte> key) => Encoding.Latin1.GetString(key);

    private Lock StripeOf(ReadOnlySpan<byte> key)
    {
        var hash = new HashCode();
        hash.AddBytes(key);
        return _stripes[(uint)hash.ToHashCode() % Stripes];
    }

    private void Write(ReadOnlySpan<byte> key, byte[] value, long ttl)
    {
        var text = TextOf(key);
        var expires = ttl > 0 ? _time.GetUtcNow().AddMilliseconds(ttl) : (DateTimeOffset?)null;
        var options = new MemoryCacheEntryOptions { Size = (2L * key.Length) + value.Length + EntryOverhead, AbsoluteExpiration = expires };
        _cache.Set(text, new CachedBytes(value, expires), options);
        // A full cache takes nothing new until something has gone: the least used goes now, and the entry comes in.
        if (!_cache.TryGetValue(text, out _))
        {
            _cache.Compact(CompactBy);
            _cache.Set(text, new CachedBytes(value, expires), options);
        }
    }

    private sealed class Clock(TimeProvider time) : ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }

    private sealed record CachedBytes(byte[] Value, DateTimeOffset? Expires);
}
