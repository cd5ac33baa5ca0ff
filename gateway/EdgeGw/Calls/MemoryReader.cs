using EdgeGw.Generations;
using EdgeGw.Pipeline;

namespace EdgeGw.Calls;

/// <summary>Asks libraries for their memory figures when somebody wants to see them. On a thread of its own, which one of them may keep: the others' figures are read by the next.</summary>
internal sealed class MemoryReader(PipelineContext context)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly HashSet<HandlerMemory> _silent = [];
    private Task _reading = Task.CompletedTask;
    private HandlerMemory? _asked;
    private long _last;

    /// <summary>Makes the figures new, unless they are; what does not answer in time keeps its last ones.</summary>
    public async Task RefreshAsync()
    {
        Task reading;
        lock (_lock)
        {
            if (_last != 0 && context.Time.GetElapsedTime(_last) < s_interval)
            {
                return;
            }
            if (!_reading.IsCompleted && _asked is { } silent)
            {
                // Its thread is the call watch's from here on.
                _silent.Add(silent);
            }
            _last = context.Time.GetTimestamp();
            reading = _reading = Task.Factory.StartNew(ReadAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        await Task.WhenAny(reading, Task.Delay(s_patience, context.Time)).ConfigureAwait(false);
    }

    private void ReadAll()
    {
        foreach (var version in context.Versions.All)
        {
            if (version.Memory is not { } memory || !IsAskable(version, memory))
            {
                continue;
            }
            // A runtime with a thread that never comes back may wait for it, and who asks with it.
            var outer = CallSlots.EnterFor(version.Ordinal);
            memory.Refresh();
            CallSlots.Leave(outer);
        }
        lock (_lock)
        {
            _asked = null;
        }
    }

    private bool IsAskable(HandlerVersion version, HandlerMemory memory)
    {
        lock (_lock)
        {
            if (version.State == VersionState.Quarantined || version.Usage.BlockedThreads > 0 || _silent.Contains(memory))
            {
                return false;
            }
            _asked = memory;
            return true;
        }
    }
}
