using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using EdgeGw.Abi;
using EdgeGw.Epochs;
using EdgeGw.Interop;
using StackExchange.Redis;

namespace EdgeGw.Services.Cache.Redis;

/// <summary>A cache on a Redis or Valkey server: one connection that all calls share, each waiting for its answer without a thread.</summary>
internal sealed class RedisCacheBackend : ICacheBackend
{
    // Keys of a get_many that go in one command: what the library holds of an answer at once is bounded by it.
    private const int KeysPerCommand = 64;

    private readonly RedisConnection _connection;
    private readonly RedisKeys _keys;
    private readonly RedisAnswers<Lease<byte>?> _values;
    private readonly RedisAnswers<bool> _flags;
    private readonly RedisFaults _faults;
    private readonly long _maxReplyBytes;

    private RedisCacheBackend(RedisConnection connection, string prefix, long maxEntryBytes, long maxReplyBytes)
    {
        _connection = connection;
        _keys = new RedisKeys(Encoding.UTF8.GetBytes(prefix));
        _values = new RedisAnswers<Lease<byte>?>(_keys, Append);
        _flags = new RedisAnswers<bool>(_keys, static (flag, _) => flag);
        _faults = new RedisFaults(connection);
        MaxValueBytes = maxEntryBytes;
        _maxReplyBytes = maxReplyBytes;
    }

    /// <inheritdoc/>
    public bool IsImmediate => false;

    /// <inheritdoc/>
    public bool Blocks => false;

    /// <inheritdoc/>
    public long MaxValueBytes { get; }

    /// <summary>Makes one from its settings.</summary>
    public static RedisCacheBackend Create(EpochService config, string stateDirectory)
    {
        var settings = new ServiceSettings(config, stateDirectory);
        var connection = new RedisConnection(RedisOptions.Create(settings, config.TimeoutMs), settings.Text("host"), settings.Number("port"), settings.Trust("caFile"));
        return new RedisCacheBackend(connection, settings.Text("prefix"), settings.Number("maxEntryBytes"), settings.Number("maxReplyBytes"));
    }

    /// <inheritdoc/>
    public async ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        var database = await _connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        await database.PingAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ServiceFault Classify(Exception exception) => _faults.Of(exception);

    /// <inheritdoc/>
    public ValueTask<bool> GetAsync(ReadOnlyMemory<byte> key, ReplyBuilder reply, CancellationToken cancellationToken)
    {
        if (_connection.Database is not { } database)
        {
            return OpenAndGetAsync(key, reply, cancellationToken);
        }
        var name = _keys.Rent(key);
        // A lease: the library's buffer is pooled, the bytes are copied once from there into the reply.
        return _values.Of(database.StringGetLeaseAsync(name), name, reply);
    }

    /// <inheritdoc/>
    public async ValueTask GetManyAsync(IReadOnlyList<ReadOnlyMemory<byte>> keys, ReplyBuilder reply, CancellationToken cancellationToken)
    {
        var database = await _connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        for (var first = 0; first < keys.Count; first += KeysPerCommand)
        {
            var names = new RedisKeyOrValue[Math.Min(KeysPerCommand, keys.Count - first)];
            for (var i = 0; i < names.Length; i++)
            {
                names[i] = (RedisKey)_keys.Rent(keys[first + i]);
            }
            using var values = await database.ExecuteRespAsync("MGET", names).ConfigureAwait(false);
            foreach (var name in names)
            {
                _keys.Return(name.Key!);
            }
            Append(values, reply);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> SetAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, long ttl, AbiCacheCondition condition, CancellationToken cancellationToken)
    {
        if (_connection.Database is not { } database)
        {
            return OpenAndSetAsync(key, value, ttl, condition, cancellationToken);
        }
        var name = _keys.Rent(key);
        return _flags.Of(database.StringSetAsync(name, value, Lasting(ttl), When(condition)), name, null);
    }

    /// <inheritdoc/>
    public async ValueTask SetManyAsync(IReadOnlyList<ReadOnlyMemory<byte>> keys, IReadOnlyList<ReadOnlyMemory<byte>> values, long ttl, CancellationToken cancellationToken)
    {
        var database = await _connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        // MSET knows no time to live. Sent one behind the other, they cost one way to the server and back.
        var names = keys.Select(_keys.Rent).ToArray();
        await Task.WhenAll(names.Select((name, i) => database.StringSetAsync(name, values[i], Lasting(ttl), ValueCondition.Always))).ConfigureAwait(false);
        Array.ForEach(names, _keys.Return);
    }

    /// <inheritdoc/>
    public async ValueTask<long> RemoveAsync(IReadOnlyList<ReadOnlyMemory<byte>> keys, CancellationToken cancellationToken)
    {
        var database = await _connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        var names = keys.Select(_keys.Rent).ToArray();
        var removed = names.Length == 1
            ? await database.KeyDeleteAsync(names[0]).ConfigureAwait(false) ? 1 : 0
            : await database.KeyDeleteAsync([.. names.Select(name => (RedisKey)name)]).ConfigureAwait(false);
        Array.ForEach(names, _keys.Return);
        return removed;
    }

    /// <inheritdoc/>
    public ValueTask<bool> ExistsAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        if (_connection.Database is not { } database)
        {
            return OpenAndLookAsync(key, cancellationToken);
        }
        var name = _keys.Rent(key);
        return _flags.Of(database.KeyExistsAsync(name), name, null);
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<long> AddAsync(ReadOnlyMemory<byte> key, long delta, long ttl, CancellationToken cancellationToken)
    {
        var database = await _connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        var name = _keys.Rent(key);
        long sum;
        if (ttl == 0)
        {
            sum = await IncrementAsync(database, name, delta).ConfigureAwait(false);
        }
        else
        {
            // INCRBY gives a new key no time to live. A script would do as well, but Lua's numbers have 53 bits, and not every user may run one.
            var both = database.CreateTransaction();
            _ = both.StringSetAsync(name, 0, Lasting(ttl), ValueCondition.NotExists);
            var added = IncrementAsync(both, name, delta);
            await both.ExecuteAsync().ConfigureAwait(false);
            sum = await added.ConfigureAwait(false);
        }
        _keys.Return(name);
        return sum;
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ExpireAsync(ReadOnlyMemory<byte> key, long ttl, CancellationToken cancellationToken)
    {
        var database = await _connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        var name = _keys.Rent(key);
        bool there;
        if (ttl > 0)
        {
            there = await database.KeyExpireAsync(name, TimeSpan.FromMilliseconds(ttl)).ConfigureAwait(false);
        }
        else
        {
            // PERSIST says the same of a key that is not there as of one that has no end.
            var lasting = database.KeyPersistAsync(name);
            var exists = database.KeyExistsAsync(name);
            there = await lasting.ConfigureAwait(false) | await exists.ConfigureAwait(false);
        }
        _keys.Return(name);
        return there;
    }

    /// <inheritdoc/>
    public async ValueTask<long> PublishAsync(ReadOnlyMemory<byte> channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var database = await _connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        return await database.PublishAsync(RedisChannel.Literal(channel.ToArray()), message).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async ValueTask<bool> OpenAndGetAsync(ReadOnlyMemory<byte> key, ReplyBuilder reply, CancellationToken cancellationToken)
    {
        await _connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        return await GetAsync(key, reply, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<bool> OpenAndSetAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, long ttl, AbiCacheCondition condition, CancellationToken cancellationToken)
    {
        await _connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        return await SetAsync(key, value, ttl, condition, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<bool> OpenAndLookAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        await _connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        return await ExistsAsync(key, cancellationToken).ConfigureAwait(false);
    }

    // The library sends a negative number as DECRBY of a positive one, and the least has none.
    private static Task<long> IncrementAsync(IDatabaseAsync database, byte[] name, long delta) =>
        delta == long.MinValue ? AsWrittenAsync(database, name, delta) : database.StringIncrementAsync(name, delta);

    private static async Task<long> AsWrittenAsync(IDatabaseAsync database, byte[] name, long delta)
    {
        using var sum = await database.ExecuteRespAsync("INCRBY", new RedisKeyOrValue[] { (RedisKey)name, (RedisValue)delta }).ConfigureAwait(false);
        return sum.ReadScalar().ReadInt64();
    }

    private static Expiration Lasting(long ttl) => ttl > 0 ? new Expiration(TimeSpan.FromMilliseconds(ttl)) : Expiration.Default;

    private static ValueCondition When(AbiCacheCondition condition) => condition switch
    {
        AbiCacheCondition.IfAbsent => ValueCondition.NotExists,
        AbiCacheCondition.IfPresent => ValueCondition.Exists,
        _ => ValueCondition.Always,
    };

    private bool Append(Lease<byte>? value, ReplyBuilder? reply)
    {
        using (value)
        {
            if (value is null)
            {
                return false;
            }
            if (value.Length > MaxValueBytes)
            {
                throw new ServiceException(CacheFaults.TooLarge(value.Length, MaxValueBytes));
            }
            reply!.Bytes(AbiValueKind.Blob, value.Span);
            return true;
        }
    }

    // From the library's buffer into the reply, without an array for each value.
    private void Append(RespResult values, ReplyBuilder reply)
    {
        foreach (var value in values.Read().AggregateChildren())
        {
            if (value.IsNull)
            {
                reply.Null();
                continue;
            }
            var length = value.ScalarLength();
            if (length > MaxValueBytes)
            {
                throw new ServiceException(CacheFaults.TooLarge(length, MaxValueBytes));
            }
            if (reply.Size + length > _maxReplyBytes)
            {
                throw new ServiceException(AbiResult.TooLarge, $"The values of these keys are more than {_maxReplyBytes} bytes together (setting maxReplyBytes): ask for fewer at once.");
            }
            value.CopyTo(reply.Room(AbiValueKind.Blob, length));
        }
    }
}
