using System.IO.Pipelines;

namespace EdgeGw.Transport;

/// <summary>Where a connection's sender goes on when something has been written.</summary>
internal sealed class SendScheduler : PipeScheduler
{
    private volatile bool _gathers;

    /// <summary>In the pool from now on, and no longer inside the write.</summary>
    public void Gather() => _gathers = true;

    /// <inheritdoc/>
    public override void Schedule(Action<object?> action, object? state)
    {
        if (_gathers)
        {
            System.Threading.ThreadPool.UnsafeQueueUserWorkItem(action, state, preferLocal: false);
        }
        else
        {
            action(state);
        }
    }
}
