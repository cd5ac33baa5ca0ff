using System.Threading.Tasks.Sources;
using EdgeGw.Interop;
using EdgeGw.Services;
using EdgeGw.Services.Cache;

namespace EdgeGw.Bench;

/// <summary>A backend that costs nothing: every get finds the same bytes, at once, or as soon as so many wait. What a call of it takes is the gateway's own.</summary>
/// <param name="together">How many gets are answered together, by the last one's thread; 1 answers each at once.</param>
internal sealed class AnsweringCache(int together) : ICacheBackend
{
    private readonly Answer[] _answers = [.. Enumerable.Range(0, together).Select(_ => new Answer())];
    private readonly byte[] _value = new byte[100];
    private int _waiting;

    public bool IsImmediate => false;

    public bool Blocks => false;

    public long MaxValueBytes => int.MaxValue;

    public ValueTask<bool> GetAsync(ReadOnlyMemory<byte> key, ReplyBuilder reply, CancellationToken cancellationToken)
    {
        reply.Bytes(AbiValueKind.Blob, _value);
        return together == 1 ? ValueTask.FromResult(true) : _answers[_waiting++].Begin();
    }

    /// <summary>Answers all that wait.</summary>
    public void AnswerAll()
    {
        for (var i = 0; i < _waiting; i++)
        {
            _answers[i].Give();
        }
        _waiting = 0;
    }

    public ServiceFault Classify(Exception exception) => throw exception;

    public ValueTask CheckAsync(CancellationToken cancellationToken) => default;

    public ValueTask DisposeAsync() => default;

    public ValueTask GetManyAsync(IReadOnlyList<ReadOnlyMemory<byte>> keys, ReplyBuilder reply, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<bool> SetAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, long ttl, AbiCacheCondition condition, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask SetManyAsync(IReadOnlyList<ReadOnlyMemory<byte>> keys, IReadOnlyList<ReadOnlyMemory<byte>> values, long ttl, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<long> RemoveAsync(IReadOnlyList<ReadOnlyMemory<byte>> keys, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<bool> ExistsAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<long> AddAsync(ReadOnlyMemory<byte> key, long delta, long ttl, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<bool> ExpireAsync(ReadOnlyMemory<byte> key, long ttl, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<long> PublishAsync(ReadOnlyMemory<byte> channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) => throw new NotSupportedException();

    private sealed class Answer : IValueTaskSource<bool>
    {
        private ManualResetValueTaskSourceCore<bool> _core;

        public ValueTask<bool> Begin()
        {
            _core.Reset();
            return new ValueTask<bool>(this, _core.Version);
        }

        public void Give() => _core.SetResult(true);

        bool IValueTaskSource<bool>.GetResult(short token) => _core.GetResult(token);

        ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

        void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _core.OnCompleted(continuation, state, token, flags);
    }
}
