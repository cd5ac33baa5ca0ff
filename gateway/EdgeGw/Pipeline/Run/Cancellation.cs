using EdgeGw.Interop;

namespace EdgeGw.Pipeline.Run;

/// <summary>The handler's one callback for "nobody waits any more".</summary>
internal sealed class Cancellation
{
    private readonly Lock _lock = new();
    private WorkCallback _callback;
    private bool _fired;

    /// <summary>Ready for a new exchange.</summary>
    public void Open()
    {
        _callback = default;
        _fired = false;
    }

    /// <summary>Keeps a callback, replacing the one before; false when it has happened already: then the caller calls it.</summary>
    public bool TryRegister(WorkCallback callback)
    {
        lock (_lock)
        {
            if (_fired)
            {
                return false;
            }
            _callback = callback;
            return true;
        }
    }

    /// <summary>It happens: gives the callback to call, once.</summary>
    public WorkCallback Take()
    {
        lock (_lock)
        {
            var callback = _fired ? default : _callback;
            _fired = true;
            return callback;
        }
    }
}
