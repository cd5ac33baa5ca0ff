using System.Collections.Concurrent;

namespace EdgeGw.Services.Cache.Redis;

/// <summary>Keys as the client library wants them: arrays of exactly their bytes, the service's prefix in front. Used again, so that a call in steady state makes none; any thread.</summary>
internal sealed class RedisKeys(byte[] prefix)
{
    private const int MaxKeyBytes = 1024;
    // Kept in all; beyond it calls make their own.
    private const int MostBytes = 1 << 20;

    private readonly ConcurrentQueue<byte[]>?[] _free = new ConcurrentQueue<byte[]>?[MaxKeyBytes + 1];
    private int _keptBytes;

    /// <summary>The key on the server.</summary>
    public byte[] Rent(ReadOnlyMemory<byte> key)
    {
        if (_free[key.Length] is { } free && free.TryDequeue(out var bytes))
        {
            Interlocked.Add(ref _keptBytes, -bytes.Length);
        }
        else
        {
            bytes = new byte[prefix.Length + key.Length];
            prefix.CopyTo(bytes, 0);
        }
        key.Span.CopyTo(bytes.AsSpan(prefix.Length));
        return bytes;
    }

    /// <summary>Nobody reads it any more. Only for calls that succeeded: one that failed may still lie in the client's buffers, and its key must not change there.</summary>
    public void Return(byte[] key)
    {
        if (Interlocked.Add(ref _keptBytes, key.Length) > MostBytes)
        {
            Interlocked.Add(ref _keptBytes, -key.Length);
            return;
        }
        var free = LazyInitializer.EnsureInitialized(ref _free[key.Length - prefix.Length], static () => new ConcurrentQueue<byte[]>());
        free.Enqueue(key);
    }
}
