using EdgeGw.Abi;
using EdgeGw.Interop;

namespace EdgeGw.Services.Cache;

/// <summary>A store of bytes by key. Times to live are in milliseconds, 0 for none. Keys are checked already: 1 to 1024 bytes.</summary>
internal interface ICacheBackend : IServiceBackend
{
    /// <summary>The largest value it takes, in bytes.</summary>
    long MaxValueBytes { get; }

    /// <summary>Appends the value, as BLOB; false when there is none.</summary>
    ValueTask<bool> GetAsync(ReadOnlyMemory<byte> key, ReplyBuilder reply, CancellationToken cancellationToken);

    /// <summary>Appends one value for each key, NULL where there is none.</summary>
    ValueTask GetManyAsync(IReadOnlyList<ReadOnlyMemory<byte>> keys, ReplyBuilder reply, CancellationToken cancellationToken);

    /// <summary>Writes; false when the condition does not hold.</summary>
    ValueTask<bool> SetAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, long ttl, AbiCacheCondition condition, CancellationToken cancellationToken);

    /// <summary>Writes several.</summary>
    ValueTask SetManyAsync(IReadOnlyList<ReadOnlyMemory<byte>> keys, IReadOnlyList<ReadOnlyMemory<byte>> values, long ttl, CancellationToken cancellationToken);

    /// <summary>Removes; gives how many were there.</summary>
    ValueTask<long> RemoveAsync(IReadOnlyList<ReadOnlyMemory<byte>> keys, CancellationToken cancellationToken);

    /// <summary>Whether it is there.</summary>
    ValueTask<bool> ExistsAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken);

    /// <summary>Adds to a number, atomically; gives the sum.</summary>
    ValueTask<long> AddAsync(ReadOnlyMemory<byte> key, long delta, long ttl, CancellationToken cancellationToken);

    /// <summary>Gives another time to live; false when it is not there.</summary>
    ValueTask<bool> ExpireAsync(ReadOnlyMemory<byte> key, long ttl, CancellationToken cancellationToken);

    /// <summary>Publishes; gives how many received it.</summary>
    ValueTask<long> PublishAsync(ReadOnlyMemory<byte> channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken);
}
