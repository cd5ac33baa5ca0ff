using System.Runtime.CompilerServices;
using EdgeGw.Abi;

namespace EdgeGw.Services.Cache;

/// <summary>What a call of a cache asks for.</summary>
internal enum CacheOperation
{
    /// <summary><c>get</c></summary>
    Get,
    /// <summary><c>get_many</c></summary>
    GetMany,
    /// <summary><c>set</c></summary>
    Set,
    /// <summary><c>set_many</c></summary>
    SetMany,
    /// <summary><c>remove</c></summary>
    Remove,
    /// <summary><c>exists</c></summary>
    Exists,
    /// <summary><c>add</c></summary>
    Add,
    /// <summary><c>expire</c></summary>
    Expire,
    /// <summary><c>publish</c></summary>
    Publish,
    /// <summary><c>get_or_lead</c></summary>
    GetOrLead,
    /// <summary><c>settle</c></summary>
    Settle,
}

/// <summary>One call of a cache, with its arguments copied out of the handler's memory.</summary>
internal sealed class CacheCall : ServiceCall
{
    /// <summary>What it asks for.</summary>
    public CacheOperation Operation { get; set; }

    /// <summary>The bytes of all arguments.</summary>
    public ArgumentBuffer Arguments { get; } = new();

    /// <summary>The keys; the channel of a publish.</summary>
    public List<ReadOnlyMemory<byte>> Keys { get; } = [];

    /// <summary>The values; the message of a publish.</summary>
    public List<ReadOnlyMemory<byte>> Values { get; } = [];

    /// <summary>Milliseconds; 0 for none.</summary>
    public long Ttl { get; set; }

    /// <summary>What <see cref="CacheOperation.Add"/> adds.</summary>
    public long Delta { get; set; }

    /// <summary>When <see cref="CacheOperation.Set"/> writes.</summary>
    public AbiCacheCondition Condition { get; set; }

    /// <summary>The lead that <see cref="CacheOperation.Settle"/> ends, and with what.</summary>
    public (CacheLead? Lead, AbiResult Outcome) Settles { get; set; }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<bool> RunAsync(IServiceBackend backend, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync((ICacheBackend)backend, cancellationToken).ConfigureAwait(false);
        }
        catch when (!backend.IsImmediate)
        {
            // The client may have them in a buffer that it has not sent yet; what it sends later must not be another call's.
            Arguments.Abandon();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void Recycle()
    {
        Keys.Clear();
        Values.Clear();
        Arguments.Clear();
        Settles = default;
        CallPool<CacheCall>.Return(this);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> RunAsync(ICacheBackend cache, CancellationToken cancellationToken)
    {
        switch (Operation)
        {
            case CacheOperation.Get:
                Found(await cache.GetAsync(Keys[0], Reply, cancellationToken).ConfigureAwait(false));
                break;
            case CacheOperation.GetMany:
                await cache.GetManyAsync(Keys, Reply, cancellationToken).ConfigureAwait(false);
                break;
            case CacheOperation.Set:
                Check(cache, Values[0]);
                Found(await cache.SetAsync(Keys[0], Values[0], Ttl, Condition, cancellationToken).ConfigureAwait(false));
                break;
            case CacheOperation.SetMany:
                Values.ForEach(value => Check(cache, value));
                await cache.SetManyAsync(Keys, Values, Ttl, cancellationToken).ConfigureAwait(false);
                break;
            case CacheOperation.Remove:
                Reply.Affected = (ulong)await cache.RemoveAsync(Keys, cancellationToken).ConfigureAwait(false);
                break;
            case CacheOperation.Exists:
                Found(await cache.ExistsAsync(Keys[0], cancellationToken).ConfigureAwait(false));
                break;
            case CacheOperation.Add:
                Reply.Int64(await cache.AddAsync(Keys[0], Delta, Ttl, cancellationToken).ConfigureAwait(false));
                break;
            case CacheOperation.Expire:
                Found(await cache.ExpireAsync(Keys[0], Ttl, cancellationToken).ConfigureAwait(false));
                break;
            case CacheOperation.Publish:
                Reply.Affected = (ulong)await cache.PublishAsync(Keys[0], Values[0], cancellationToken).ConfigureAwait(false);
                break;
            case CacheOperation.GetOrLead:
                if (await cache.GetAsync(Keys[0], Reply, cancellationToken).ConfigureAwait(false))
                {
                    break;
                }
                Reply.Result = AbiResult.End;
                return CacheLead.Join(this);
            case CacheOperation.Settle:
                await SettleAsync(cache, cancellationToken).ConfigureAwait(false);
                break;
            default:
                throw new InvalidOperationException($"{Operation} is not an operation of a cache.");
        }
        return true;
    }

    private async ValueTask SettleAsync(ICacheBackend cache, CancellationToken cancellationToken)
    {
        var (lead, outcome) = Settles;
        if (outcome != AbiResult.Ok)
        {
            lead!.GiveUp();
            return;
        }
        try
        {
            Check(cache, Values[0]);
            await cache.SetAsync(lead!.Key, Values[0], Ttl, AbiCacheCondition.Always, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            lead!.GiveUp();
            throw;
        }
        lead.Settle(Values[0].Span);
    }

    private void Found(bool found) => Reply.Result = found ? AbiResult.Ok : AbiResult.End;

    private static void Check(ICacheBackend cache, ReadOnlyMemory<byte> value)
    {
        if (value.Length > cache.MaxValueBytes)
        {
            throw new ServiceException(CacheFaults.TooLarge(value.Length, cache.MaxValueBytes));
        }
    }
}
