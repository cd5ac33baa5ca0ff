using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;
using EdgeGw.Interop;

namespace EdgeGw.Services.Cache.Redis;

/// <summary>Waits for answers of one type without allocating. The runtime's own pool of state machines keeps one or two per processor, and a cache has as many calls at work as its pool
/// allows.</summary>
/// <param name="keys">Gets the keys of calls that succeeded back.</param>
/// <param name="read">Turns an answer into the result of the call, and perhaps a value of its reply.</param>
internal sealed class RedisAnswers<T>(RedisKeys keys, Func<T, ReplyBuilder?, bool> read)
{
    // As many as there were calls at work at once: bounded by the service's pool.
    private readonly ConcurrentQueue<Waiter> _free = new();

    /// <summary>The result of a call that the library has taken.</summary>
    public ValueTask<bool> Of(Task<T> answer, byte[] name, ReplyBuilder? reply) => (_free.TryDequeue(out var waiter) ? waiter : new Waiter(this)).For(answer, name, reply);

    // An endless loop has one state machine, whatever it waits for: first for a call, then for its answer.
    private sealed class Waiter : IValueTaskSource, IValueTaskSource<bool>
    {
        private readonly RedisAnswers<T> _owner;
        private ManualResetValueTaskSourceCore<bool> _asked;
        private ManualResetValueTaskSourceCore<bool> _answered;
        private Task<T> _answer = null!;
        private byte[] _name = [];
        private ReplyBuilder? _reply;

        public Waiter(RedisAnswers<T> owner)
        {
            _owner = owner;
            _ = ServeAsync();
        }

        public ValueTask<bool> For(Task<T> answer, byte[] name, ReplyBuilder? reply)
        {
            (_answer, _name, _reply) = (answer, name, reply);
            var result = new ValueTask<bool>(this, _answered.Version);
            _asked.SetResult(true);
            return result;
        }

        void IValueTaskSource.GetResult(short token) => _asked.GetResult(token);

        ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _asked.GetStatus(token);

        void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _asked.OnCompleted(continuation, state, token, flags);

        bool IValueTaskSource<bool>.GetResult(short token)
        {
            try
            {
                return _answered.GetResult(token);
            }
            finally
            {
                _answered.Reset();
                (_answer, _name, _reply) = (null!, [], null);
                _owner.GiveBack(this);
            }
        }

        ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _answered.GetStatus(token);

        void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _answered.OnCompleted(continuation, state, token, flags);

        private async Task ServeAsync()
        {
            while (true)
            {
                await new ValueTask(this, _asked.Version).ConfigureAwait(false);
                // Before the answer: whoever gets it may have the next call at once.
                _asked.Reset();
                bool result;
                try
                {
                    var answer = await _answer.ConfigureAwait(false);
                    _owner.Keep(_name);
                    result = _owner.Read(answer, _reply);
                }
                catch (Exception e)
                {
                    _answered.SetException(e);
                    continue;
                }
                _answered.SetResult(result);
            }
        }
    }

    private void Keep(byte[] name) => keys.Return(name);

    private bool Read(T answer, ReplyBuilder? reply) => read(answer, reply);

    private void GiveBack(Waiter waiter) => _free.Enqueue(waiter);
}
