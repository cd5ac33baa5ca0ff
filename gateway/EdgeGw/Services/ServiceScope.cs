using System.Diagnostics;
using EdgeGw.Abi;
using EdgeGw.Pipeline.Observe;

namespace EdgeGw.Services;

/// <summary>What one exchange has under way at services: its calls, and what they have opened. Ends with the exchange, whatever ends it. Pooled with it.</summary>
internal sealed class ServiceScope(int spans)
{
    /// <summary>The most calls and open things of one request.</summary>
    public const int Most = 1024;

    private readonly Lock _lock = new();
    private readonly List<ServiceCall> _calls = [];
    private readonly List<ServiceOpen> _opens = [];
    private readonly CallSpans _spans = new(spans);
    private ulong _exchange;
    private ulong _cancelled;
    private volatile bool _used;

    /// <summary>The calls that have ended. To be read when the request has.</summary>
    public CallSpans Spans => _spans;

    /// <summary>Keeps a call until it is answered; <see cref="AbiResult.Cancelled"/> when nobody waits for the request's answer any more, <see cref="AbiResult.Busy"/> when it has too many.</summary>
    public AbiResult Add(ServiceCall call)
    {
        lock (_lock)
        {
            if (call.ExchangeId == _cancelled)
            {
                return AbiResult.Cancelled;
            }
            if (_calls.Count == Most)
            {
                return AbiResult.Busy;
            }
            (_exchange, _used) = (call.ExchangeId, true);
            _calls.Add(call);
            return AbiResult.Ok;
        }
    }

    /// <summary>A call has been answered, so and then (in timestamp ticks).</summary>
    public void Left(ServiceCall call, AbiResult result, long now)
    {
        lock (_lock)
        {
            // One that came too late belongs to a request that is over.
            if (_calls.Remove(call))
            {
                _spans.Add(call, result, now);
            }
        }
    }

    /// <summary>Keeps something open until it is closed or the exchange ends. Throws when the exchange has ended already, or has too much open.</summary>
    public void Add(ServiceOpen open, ulong exchangeId)
    {
        lock (_lock)
        {
            if (!_used || _exchange != exchangeId || _cancelled == exchangeId)
            {
                throw new ServiceException(AbiResult.Cancelled, "The request has ended.");
            }
            if (_opens.Count == Most)
            {
                throw new ServiceException(AbiResult.Busy, $"This request has {Most} transactions, cursors and streams open, the most it may: close some.");
            }
            _opens.Add(open);
        }
    }

    /// <summary>What a number names, if it is open.</summary>
    public ServiceOpen? Find(ulong id)
    {
        lock (_lock)
        {
            foreach (var open in _opens)
            {
                if (open.Id == id)
                {
                    return open;
                }
            }
            return null;
        }
    }

    /// <summary>It is closed.</summary>
    public void Left(ServiceOpen open)
    {
        lock (_lock)
        {
            _opens.Remove(open);
        }
    }

    /// <summary>Nobody waits for the request's answer any more: its calls are answered "cancelled", and what it has open is given back at once, since a handler that does not heed the
    /// cancellation would hold a transaction and its locks for as long as it likes. It cannot begin another either.</summary>
    public void Cancel(ulong exchangeId)
    {
        ServiceCall[] calls;
        ServiceOpen[] opens;
        lock (_lock)
        {
            _cancelled = exchangeId;
            if (!_used || _exchange != exchangeId)
            {
                return;
            }
            calls = [.. _calls.Where(call => call.TryTake())];
            opens = [.. _opens];
        }
        foreach (var open in opens)
        {
            open.Abandon();
        }
        foreach (var call in calls)
        {
            call.CancelRun();
            call.AnswerTaken(new ServiceFault(AbiResult.Cancelled, "The request was cancelled."));
        }
    }

    /// <summary>The exchange is over: calls under way are forgotten, what is open is closed. Cheap when there was nothing.</summary>
    public void End()
    {
        if (!_used)
        {
            return;
        }
        ServiceCall[] calls;
        ServiceOpen[] opens;
        lock (_lock)
        {
            calls = [.. _calls];
            opens = [.. _opens];
            var now = calls.Length == 0 ? 0 : Stopwatch.GetTimestamp();
            foreach (var call in calls)
            {
                _spans.Add(call, AbiResult.Cancelled, now);
            }
            _calls.Clear();
            _opens.Clear();
            _exchange = 0;
            _used = false;
        }
        foreach (var call in calls)
        {
            call.Forget();
        }
        foreach (var open in opens)
        {
            open.Abandon();
        }
    }
}
