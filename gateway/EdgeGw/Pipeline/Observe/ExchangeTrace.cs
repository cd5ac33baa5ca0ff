using EdgeGw.Services.Http;

namespace EdgeGw.Pipeline.Observe;

/// <summary>Where one request stands in a trace. Pooled with its exchange. Nothing is read or decided before somebody asks: a call that the handler makes over HTTP, or the request's end.</summary>
internal sealed class ExchangeTrace
{
    private bool _isRead;
    private bool _isDecided;
    private TraceParent _parent;
    private string? _state;
    private string? _header;

    /// <summary>The trace; invalid until decided, and for a request that is not traced and has no parent.</summary>
    public TraceId Trace { get; private set; }

    /// <summary>Whether it is traced: its spans are recorded and sent.</summary>
    public bool IsTraced { get; private set; }

    /// <summary>The client's span; 0 when the request begins its trace.</summary>
    public ulong ParentSpan => _parent.Span;

    /// <summary>The <c>tracestate</c> of the request; null for none.</summary>
    public string? State => _state;

    /// <summary>The next request.</summary>
    public void Reset()
    {
        if (_isRead)
        {
            (_isRead, _isDecided, IsTraced, _parent, _state, Trace) = (false, false, false, default, null, default);
            _header = null;
        }
    }

    /// <summary>Reads the request's headers, once. A bad <c>traceparent</c>, or more than one, is as none (section 4.2 of the specification).</summary>
    public void Read(Exchange exchange)
    {
        if (_isRead)
        {
            return;
        }
        _isRead = true;
        var headers = exchange.Request.Headers;
        if (headers.TraceParent is { Count: 1 } value && TraceParent.TryParse(value[0], out _parent))
        {
            Trace = _parent.Trace;
            _header = value[0];
            _state = TraceState.Read(headers.TraceState);
        }
    }

    /// <summary>Decides whether the request is traced, once.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="now">In timestamp ticks.</param>
    public void Decide(Exchange exchange, long now)
    {
        if (_isDecided)
        {
            return;
        }
        _isDecided = true;
        Read(exchange);
        var tracing = exchange.Context.Tracing;
        if (!tracing.IsOn)
        {
            return;
        }
        if (Trace.IsValid)
        {
            IsTraced = _parent.IsSampled && tracing.TakesSampled(now);
            return;
        }
        IsTraced = tracing.TakesRoot(now);
        if (IsTraced)
        {
            Trace = TraceId.Create();
        }
    }

    /// <summary>Adds the trace to a request that the handler sends, unless the handler has begun a span of its own: a header that is the one it was sent, as a proxy passes it on, is no such. Inside the exchange's guard.</summary>
    /// <param name="exchange">The request that is answered.</param>
    /// <param name="request">The request that is sent.</param>
    /// <param name="now">In timestamp ticks.</param>
    /// <param name="span">The id of its span; 0 when it is not traced.</param>
    public OutgoingRequest Propagate(Exchange exchange, OutgoingRequest request, long now, out ulong span)
    {
        span = 0;
        if (!exchange.Context.Tracing.Propagates)
        {
            return request;
        }
        Decide(exchange, now);
        if ((!Trace.IsValid && !exchange.Context.Tracing.IsOn) || HasOwn(request))
        {
            return request;
        }
        if (!Trace.IsValid)
        {
            Trace = TraceId.Create();
        }
        TraceParent parent;
        if (IsTraced)
        {
            span = TraceId.CreateSpan();
            parent = new TraceParent(Trace, span, true);
        }
        else
        {
            // Who records nothing is not seen: what follows belongs to the span before. A trace that begins here and is not recorded says so, so that nobody records a part of it.
            parent = _parent.Span != 0 ? _parent : new TraceParent(Trace, TraceId.CreateSpan(), false);
        }
        List<KeyValuePair<string, string>> headers = [.. request.Headers.Where(header => !IsTrace(header.Key)), new(TraceParent.Header, parent.ToString())];
        if (_state is not null)
        {
            headers.Add(new(TraceState.Header, _state));
        }
        return request with { Headers = headers };
    }

    private bool HasOwn(OutgoingRequest request)
    {
        foreach (var (name, value) in request.Headers)
        {
            if (name.Equals(TraceParent.Header, StringComparison.OrdinalIgnoreCase) && value != _header)
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsTrace(string name) => name.Equals(TraceParent.Header, StringComparison.OrdinalIgnoreCase) || name.Equals(TraceState.Header, StringComparison.OrdinalIgnoreCase);
}
