using System.Threading.Channels;

namespace EdgeGw.Control.Events;

/// <summary>One who follows, and what waits for it.</summary>
internal sealed class EventFollower
{
    private readonly Channel<GatewayEvent> _waiting;
    private readonly TaskCompletionSource _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Made by the hub.</summary>
    /// <param name="position">The newest event's id when it began.</param>
    /// <param name="missed">What happened since it was here last; null when that is not all kept.</param>
    /// <param name="queue">Events that may wait.</param>
    internal EventFollower(string position, IReadOnlyList<GatewayEvent>? missed, int queue)
    {
        (Position, Missed) = (position, missed);
        _waiting = Channel.CreateBounded<GatewayEvent>(new BoundedChannelOptions(queue) { SingleReader = true });
    }

    /// <summary>The newest event's id when it began.</summary>
    internal string Position { get; }

    /// <summary>What happened since it was here last; null when that is not all kept.</summary>
    internal IReadOnlyList<GatewayEvent>? Missed { get; }

    /// <summary>What happens.</summary>
    internal ChannelReader<GatewayEvent> Events => _waiting.Reader;

    /// <summary>Completes when it was too slow: it misses what comes, and has to come back.</summary>
    internal Task Cut => _cut.Task;

    /// <summary>False when too much waits already; then it is cut off.</summary>
    internal bool TryTell(GatewayEvent next)
    {
        if (_waiting.Writer.TryWrite(next))
        {
            return true;
        }
        _cut.TrySetResult();
        return false;
    }
}
