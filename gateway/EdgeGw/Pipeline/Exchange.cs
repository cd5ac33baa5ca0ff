using System.Diagnostics;
using System.Threading.Tasks.Sources;
using EdgeGw.Abi;
using EdgeGw.Generations;
using EdgeGw.Interop;
using EdgeGw.Pipeline.Accept;
using EdgeGw.Pipeline.Match;
using EdgeGw.Pipeline.Observe;
using EdgeGw.Pipeline.Relay;
using EdgeGw.Pipeline.Run;
using EdgeGw.Pipeline.Send;
using EdgeGw.Services;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGw.Pipeline;

/// <summary>One request on its way through the pipeline, and what the handler's calls act on. Pooled: everything it owns is made once and used again.</summary>
internal sealed class Exchange : IValueTaskSource
{
    private const int Running = 0;
    private const int HandlerPending = 1;
    private const int Completed = 2;

    private readonly int _slot;
    private uint _generation;
    private ExchangeGuard _guard;
    private ManualResetValueTaskSourceCore<bool> _completed = new() { RunContinuationsAsynchronously = true };
    private int _completion;
    private AbiResult _outcome;

    /// <summary>An exchange for a slot of the registry.</summary>
    public Exchange(int slot, PipelineContext context)
    {
        _slot = slot;
        Context = context;
        Body = new RequestBody(this);
        Response = new ResponseWriter(this);
        Services = new ServiceScope(context.RequestLogSettings.Spans);
    }

    /// <summary>What all exchanges share.</summary>
    public PipelineContext Context { get; }

    /// <summary>Kestrel's side of the request.</summary>
    public IFeatureCollection Features { get; private set; } = null!;

    /// <summary>Method, target and headers, from Kestrel.</summary>
    public IHttpRequestFeature Request { get; private set; } = null!;

    /// <summary>The native side of the request.</summary>
    public ExchangeMemory Memory { get; } = new();

    /// <summary>The request's body.</summary>
    public RequestBody Body { get; }

    /// <summary>The response.</summary>
    public ResponseWriter Response { get; }

    /// <summary>The request's id.</summary>
    public RequestId RequestId { get; } = new();

    /// <summary>Callbacks into the handler pass through here.</summary>
    public CallbackGate Callbacks { get; } = new();

    /// <summary>Tells the handler that nobody waits any more.</summary>
    public Cancellation Cancellation { get; } = new();

    /// <summary>Calls of services under way, and what they have opened.</summary>
    public ServiceScope Services { get; }

    /// <summary>Its place in a trace.</summary>
    public ExchangeTrace Trace { get; } = new();

    /// <summary>Where the path's segments lie.</summary>
    public SegmentRange[] Segments { get; } = new SegmentRange[TargetParser.MaxSegments];

    /// <summary>Number of segments.</summary>
    public int SegmentCount { get; set; }

    /// <summary>When it began, in timestamp ticks.</summary>
    public long Started { get; private set; }

    /// <summary>When its turn came, in timestamp ticks; 0: at once, so that nobody looked at the clock.</summary>
    public long TurnTaken { get; set; }

    /// <summary>When its handler had ended, in timestamp ticks; 0: its answer was handed on at once after that, and nobody looked at the clock.</summary>
    public long HandlerEnded { get; set; }

    /// <summary>What the request was where it came in; null unless it was relayed to this worker.</summary>
    public RelayOrigin? Origin { get; private set; }

    /// <summary>Whether an isolated worker answers it, so that no handler of this process has it.</summary>
    public bool IsRelayed { get; set; }

    /// <summary>Whether the answer is an isolated worker's, which has recorded it.</summary>
    public bool WasAnsweredElsewhere { get; set; }

    /// <summary>The route, once matched.</summary>
    public Route? Route { get; set; }

    /// <summary>The version's lease, once pinned.</summary>
    public Lease? Lease { get; set; }

    /// <summary>The handler's message about its failure, for the log.</summary>
    public string? Error { get; set; }

    /// <summary>The id the handler calls by; 0 while no handler has it.</summary>
    public ulong Id => _guard.Id;

    /// <summary>Whether the gateway has answered in the handler's place (504, or 503 at the end of draining).</summary>
    public bool AnsweredByGateway { get; set; }

    /// <summary>Whether the request was given up: its turns were given back, though the handler has not completed it.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>The watchdog's own: when it first saw that nobody waits any more, in timestamp ticks; 0: not yet.</summary>
    public long UnwantedSince { get; set; }

    /// <summary>What the handler ended with.</summary>
    public AbiResult Outcome => _outcome;

    /// <summary>A feature of Kestrel's. Its collection implements most of them itself, and a cast costs less than a look-up by type.</summary>
    public T? Feature<T>() where T : class => Features as T ?? Features.Get<T>();

    /// <summary>Takes a request from Kestrel.</summary>
    public void Attach(IFeatureCollection features)
    {
        Features = features;
        Request = Feature<IHttpRequestFeature>()!;
        Started = Stopwatch.GetTimestamp();
        Response.Attach(features);
        Body.Attach(features);
    }

    /// <summary>Forgets the request. Nobody may hold the exchange's id by now.</summary>
    public void Detach()
    {
        BlameMemory.End(_slot);
        Memory.Reset();
        Response.Detach();
        Body.Detach();
        Trace.Reset();
        Services.Spans.Clear();
        Features = null!;
        Request = null!;
        Route = null;
        Lease = null;
        Error = null;
        AnsweredByGateway = false;
        IsGivenUp = false;
        IsRelayed = false;
        WasAnsweredElsewhere = false;
        TurnTaken = 0;
        HandlerEnded = 0;
        Origin = null;
    }

    /// <summary>It was relayed to this worker after so many microseconds: its time began with its client, not here.</summary>
    public void CameFrom(RelayOrigin origin, long microseconds)
    {
        Origin = origin;
        Started -= (long)(microseconds * (Stopwatch.Frequency / 1e6));
    }

    /// <summary>Gives the exchange an id that the handler may use from now on.</summary>
    public void Open(ushort version)
    {
        _generation = (_generation + 1) & ExchangeId.MaxGeneration;
        var id = ExchangeId.Compose(_slot, version, _generation);
        _completion = Running;
        _completed.Reset();
        Memory.Cancelled = false;
        UnwantedSince = 0;
        Memory.Fields.Exchange = id;
        Callbacks.Open(id);
        Cancellation.Open();
        _guard.Open(id);
    }

    /// <summary>A call of the handler's begins.</summary>
    public AbiResult TryEnter(ulong id) => _guard.TryEnter(id);

    /// <summary>Whether a call of the handler's is under way: calls never block.</summary>
    public bool IsEntered(ulong id) => _guard.IsEntered(id);

    /// <summary>A call of the handler's ends.</summary>
    public void Exit(ulong id) => _guard.Exit(id);

    /// <summary>The gateway acts in the handler's place.</summary>
    public bool TryEnterAsGateway(ulong id) => _guard.TryEnterAsGateway(id);

    /// <summary>The handler will not complete it as far as anybody can tell: the turns that others wait for are given back, everything that the handler may still touch stays. False when
    /// it is another exchange by now, or was given up before.</summary>
    public bool TryGiveUp(ulong id, out (string Id, string Route) request)
    {
        request = default;
        if (!_guard.TryEnterAsGateway(id))
        {
            return false;
        }
        var isFirst = !IsGivenUp && Route is not null;
        if (isFirst)
        {
            request = (RequestId.ToString(), $"{Route!.Method} {Route.Pattern}");
            IsGivenUp = true;
            Sending.GiveTurnsBack(this);
        }
        _guard.Exit(id);
        return isFirst;
    }

    /// <summary>handle() returned something else than pending: the id is stale from now on. False when the handler had completed already.</summary>
    public bool TryFinishInline(ulong id, AbiResult outcome)
    {
        if (!_guard.TryClose(id))
        {
            // Another thread is in complete(), past the point where it could be refused. Its last step must be over before the exchange may serve another request.
            var spin = default(SpinWait);
            while (Volatile.Read(ref _completion) != Completed)
            {
                spin.SpinOnce();
            }
            return false;
        }
        Callbacks.Close();
        Services.End();
        _completion = Completed;
        _outcome = outcome;
        return true;
    }

    /// <summary>handle() returned pending: true when complete() has been called meanwhile, else <see cref="WhenCompleted"/> tells.</summary>
    public bool TurnPending() => Interlocked.CompareExchange(ref _completion, HandlerPending, Running) == Completed;

    /// <summary>Ends when the handler calls complete().</summary>
    public ValueTask WhenCompleted() => new(this, _completed.Version);

    /// <summary>complete(): entered by the handler, closed when this returns.</summary>
    public void Complete(AbiResult outcome)
    {
        _outcome = outcome;
        _guard.CloseFromInside();
        Callbacks.Close();
        Services.End();
        // The last step that touches the exchange: whoever sees it may recycle the exchange at once.
        if (Interlocked.Exchange(ref _completion, Completed) == HandlerPending)
        {
            // Kestrel goes on with its own thread: the handler's stack must not grow with the next request.
            _completed.SetResult(true);
        }
    }

    /// <summary>Whether a read or a flush is still outstanding although the handler has ended.</summary>
    public bool HasWaits => Body.IsWaiting || Response.IsWaiting;

    /// <summary>Makes the id stale, whoever still has it.</summary>
    public void Close()
    {
        _guard.TryClose(_guard.Id);
        Callbacks.Close();
        Services.End();
    }

    /// <summary>Nobody waits for the answer any more. Calls the handler's callback on this thread, if it has one and the exchange is still this one.</summary>
    public void Cancel(ulong id)
    {
        if (!Callbacks.TryEnter(id, out var outer))
        {
            return;
        }
        try
        {
            Memory.Cancelled = true;
            var callback = Cancellation.Take();
            // Each step may run a callback of the handler's on this thread, which may complete the exchange: from then on it is not ours to touch.
            Services.Cancel(id);
            if (Callbacks.IsOpenFor(id))
            {
                Body.Cancel();
            }
            if (Callbacks.IsOpenFor(id))
            {
                Response.Cancel();
            }
            if (Callbacks.IsOpenFor(id) && callback.IsSet)
            {
                callback.Invoke();
            }
        }
        finally
        {
            Callbacks.Exit(outer);
        }
    }

    void IValueTaskSource.GetResult(short token) => _completed.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _completed.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completed.OnCompleted(continuation, state, token, flags);
}
