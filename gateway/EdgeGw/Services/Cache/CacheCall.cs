using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
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
internal sealed class CacheCall : ServiceCall, IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> _run;
    private ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter _found;
    private Action? _resume;

    /// <summary>What it asks for.</summary>
    public CacheOperation Operation { get; set; }

    /// <inheritdoc/>
    public override string OperationName => OperationNames<CacheOperation>.Of((int)Operation);

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
    public override ValueTask<bool> RunAsync(IServiceBackend backend, CancellationToken cancellationToken)
    {
        var cache = (ICacheBackend)backend;
        return Operation switch
        {
            CacheOperation.Get or CacheOperation.GetOrLead => When(cache.GetAsync(Keys[0], Reply, cancellationToken)),
            CacheOperation.Set => When(SetAsync(cache, cancellationToken)),
            CacheOperation.Exists => When(cache.ExistsAsync(Keys[0], cancellationToken)),
            _ => RunOtherAsync(cache, cancellationToken),
        };
    }

    /// <inheritdoc/>
    bool IValueTaskSource<bool>.GetResult(short token) => _run.GetResult(token);

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _run.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _run.OnCompleted(continuation, state, token, flags);

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
    private async ValueTask<bool> RunOtherAsync(ICacheBackend cache, CancellationToken cancellationToken)
    {
        try
        {
            await OtherAsync(cache, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch
        {
            Abandon();
            throw;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask OtherAsync(ICacheBackend cache, CancellationToken cancellationToken)
    {
        switch (Operation)
        {
            case CacheOperation.GetMany:
                await cache.GetManyAsync(Keys, Reply, cancellationToken).ConfigureAwait(false);
                break;
            case CacheOperation.SetMany:
                Values.ForEach(value => Check(cache, value));
                await cache.SetManyAsync(Keys, Values, Ttl, cancellationToken).ConfigureAwait(false);
                break;
            case CacheOperation.Remove:
                Reply.Affected = (ulong)await cache.RemoveAsync(Keys, cancellationToken).ConfigureAwait(false);
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
            case CacheOperation.Settle:
                await SettleAsync(cache, cancellationToken).ConfigureAwait(false);
                break;
            default:
                throw new InvalidOperationException($"{Operation} is not an operation of a cache.");
        }
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

    private ValueTask<bool> SetAsync(ICacheBackend cache, CancellationToken cancellationToken)
    {
        Check(cache, Values[0]);
        return cache.SetAsync(Keys[0], Values[0], Ttl, Condition, cancellationToken);
    }

    // The frequent operations come to whether something was found, and go without a state machine: the call itself waits.
    private ValueTask<bool> When(ValueTask<bool> found)
    {
        _found = found.ConfigureAwait(false).GetAwaiter();
        if (_found.IsCompleted)
        {
            return ValueTask.FromResult(Finish());
        }
        _run.Reset();
        var run = new ValueTask<bool>(this, _run.Version);
        _found.UnsafeOnCompleted(_resume ??= Resume);
        return run;
    }

    private void Resume()
    {
        bool answered;
        try
        {
            answered = Finish();
        }
        catch (Exception e)
        {
            _run.SetException(e);
            return;
        }
        _run.SetResult(answered);
    }

    private bool Finish()
    {
        try
        {
            var found = _found.GetResult();
            Found(found);
            return found || Operation != CacheOperation.GetOrLead || CacheLead.Join(this);
        }
        catch
        {
            Abandon();
            throw;
        }
    }

    // The client may have the arguments in a buffer that it has not sent yet; what it sends later must not be another call's.
    private void Abandon() => Arguments.Abandon();

    private void Found(bool found) => Reply.Result = found ? AbiResult.Ok : AbiResult.End;

    private static void Check(ICacheBackend cache, ReadOnlyMemory<byte> value)
    {
        if (value.Length > cache.MaxValueBytes)
        {
            throw new ServiceException(CacheFaults.TooLarge(value.Length, cache.MaxValueBytes));
        }
    }
}
