using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using EdgeGw.Abi;
using EdgeGw.Epochs;
using EdgeGw.Interop;
using EdgeGw.Pipeline;

namespace EdgeGw.Services;

/// <summary>One call of a handler's, from the table's function to the callback. Pooled. Whoever comes first answers it: its run, the clock, or the end of its request; it is used
/// again only when both its run and its answer are over.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Pooled for the life of the process; the source is replaced, never left cancelled.")]
internal abstract class ServiceCall
{
    private CancellationTokenSource _cancellation = new();
    private RepliedCallback _callback;
    private Exchange _exchange = null!;
    private ServiceBinding _binding = null!;
    private int _answered;
    private int _holders;

    /// <summary>Where the run writes what the handler gets.</summary>
    public ReplyBuilder Reply { get; } = new();

    /// <summary>The request on whose behalf it is made.</summary>
    public ulong ExchangeId { get; private set; }

    /// <summary>When its time is over, in timestamp ticks.</summary>
    public long Deadline { get; private set; }

    /// <summary>When it began, in timestamp ticks.</summary>
    public long Started { get; private set; }

    /// <summary>What it asks for, as people know it.</summary>
    public abstract string OperationName { get; }

    /// <summary>Where it goes, for services that go to different places.</summary>
    public virtual string? Target => null;

    /// <summary>The id of its span, when it was told to others before it began; else 0.</summary>
    public ulong Span { get; set; }

    /// <summary>Cancelled when nobody waits for the answer any more.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>Whether it has been answered.</summary>
    public bool IsAnswered => Volatile.Read(ref _answered) != 0;

    /// <summary>What may be opened on behalf of the request.</summary>
    public ServiceScope Scope => _exchange.Services;

    /// <summary>The service it is for, and on whose account.</summary>
    public ServiceBinding Binding => _binding;

    /// <summary>The next and previous one among the calls under way of its actor; that actor's lock guards them.</summary>
    public (ServiceCall? Previous, ServiceCall? Next, ServiceActor? Of) Link { get; set; }

    /// <summary>Does the work. What it throws becomes a fault. True: it is answered now, unless it called <see cref="Answer()"/> itself; false: another call will answer and
    /// release it.</summary>
    public abstract ValueTask<bool> RunAsync(IServiceBackend backend, CancellationToken cancellationToken);

    /// <summary>Begins, inside the exchange's guard.</summary>
    public void Begin(Exchange exchange, ulong exchangeId, ServiceBinding binding, RepliedCallback callback)
    {
        _exchange = exchange;
        ExchangeId = exchangeId;
        _binding = binding;
        _callback = callback;
        _answered = 0;
        _holders = 2;
        Started = Stopwatch.GetTimestamp();
    }

    /// <summary>Has so long from its beginning, unless its caller gave it a time of its own.</summary>
    public void Within(int milliseconds) => Deadline = Started + ((OwnTimeoutMs > 0 ? OwnTimeoutMs : milliseconds) * (Stopwatch.Frequency / 1000));

    /// <summary>What it is answered with when its time is over. A fault that says <see cref="ServiceFault.BackendDown"/> counts against the backend.</summary>
    public virtual ServiceFault Late(EpochService config) => new(AbiResult.TimedOut, $"The service {config} did not answer within {config.TimeoutMs} ms.", BackendDown: true);

    /// <summary>Takes the right to answer; false when somebody has it already.</summary>
    public bool TryTake() => Interlocked.Exchange(ref _answered, 1) == 0;

    /// <summary>Answers with what was built.</summary>
    public void Answer()
    {
        if (!TryTake())
        {
            return;
        }
        if (Leave(Reply.Result, out var outer))
        {
            _callback.Invoke(ExchangeId, Reply);
            _exchange.Callbacks.Exit(outer);
        }
        Release();
    }

    /// <summary>Answers with a fault.</summary>
    public void Answer(ServiceFault fault)
    {
        if (TryTake())
        {
            AnswerTaken(fault);
        }
    }

    /// <summary>Answers with a fault after <see cref="TryTake"/>.</summary>
    public void AnswerTaken(ServiceFault fault)
    {
        if (Leave(fault.Result, out var outer))
        {
            _callback.Invoke(ExchangeId, fault.Result, fault.Error, fault.Code);
            _exchange.Callbacks.Exit(outer);
        }
        Release();
    }

    /// <summary>Tells the run that nobody waits any more.</summary>
    public void CancelRun() => _cancellation.Cancel();

    /// <summary>The request has ended: nobody will be called back.</summary>
    public void Forget()
    {
        if (TryTake())
        {
            _binding.Metrics.Record(AbiResult.Cancelled, Clock.ToMicroseconds(Stopwatch.GetTimestamp() - Started));
            CancelRun();
            Link.Of?.Left(this);
            Release();
        }
    }

    /// <summary>One of the two holders is done with it.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) != 0)
        {
            return;
        }
        // It may have joined its actor after it was answered already.
        Link.Of?.Left(this);
        Reply.Reset();
        Span = 0;
        if (!_cancellation.TryReset())
        {
            _cancellation.Dispose();
            _cancellation = new CancellationTokenSource();
        }
        Recycle();
    }

    /// <summary>A filled call that nobody is given: it has not begun.</summary>
    public void Drop()
    {
        Span = 0;
        Recycle();
    }

    /// <summary>Milliseconds that its caller gave it; 0: as long as the service allows.</summary>
    protected virtual int OwnTimeoutMs => 0;

    /// <summary>Forgets the arguments and goes back to its pool.</summary>
    protected abstract void Recycle();

    private bool Leave(AbiResult result, out (CallbackGate?, int, ulong) outer)
    {
        var now = Stopwatch.GetTimestamp();
        _binding.Metrics.Record(result, Clock.ToMicroseconds(now - Started));
        Link.Of?.Left(this);
        _exchange.Services.Left(this, result, now);
        return _exchange.Callbacks.TryEnter(ExchangeId, out outer);
    }
}
