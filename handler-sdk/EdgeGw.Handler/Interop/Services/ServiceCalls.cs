namespace EdgeGw.Interop;

/// <summary>The service calls of one exchange that are under way. Any thread.</summary>
internal sealed class ServiceCalls
{
    private readonly Lock _gate = new();
    private ServiceCall? _first;

    /// <summary>True when the gateway was given the address of a call during this request.</summary>
    public bool IsUsed { get; private set; }

    public void Add(ServiceCall call)
    {
        lock (_gate)
        {
            IsUsed = true;
            call.List = this;
            call.Previous = null;
            call.Next = _first;
            _first?.Previous = call;
            _first = call;
        }
    }

    /// <summary>Takes a call out, if it is still here: the end of the exchange may have done so.</summary>
    public void Remove(ServiceCall call)
    {
        lock (_gate)
        {
            if (call.List != this)
                return;
            call.List = null;
            if (call.Previous is { } previous)
                previous.Next = call.Next;
            else
                _first = call.Next;
            call.Next?.Previous = call.Previous;
            call.Next = call.Previous = null;
        }
    }

    /// <summary>The exchange is over: the gateway will reply to none of them.</summary>
    public void End()
    {
        if (!IsUsed)
            return;
        ServiceCall? call;
        lock (_gate)
        {
            (call, _first) = (_first, null);
            IsUsed = false;
            for (var each = call; each is not null; each = each.Next)
                each.List = null;
        }
        while (call is not null)
        {
            var next = call.Next;
            call.Next = call.Previous = null;
            call.End();
            call = next;
        }
    }
}
