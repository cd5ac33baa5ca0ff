using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using EdgeGw.Abi;
using EdgeGw.Epochs;
using EdgeGw.Logging;

namespace EdgeGw.Services;

/// <summary>One configured service at work: a bounded queue, and at most <see cref="EpochService.PoolSize"/> lanes that take one call after the other. A full queue is told at once;
/// a backend that is down costs its callers an error and nothing else.</summary>
internal sealed class ServiceActor : IAsyncDisposable
{
    private readonly Channel<ServiceCall> _queue;
    private readonly IServiceBackend _backend;
    private readonly LogHub _log;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopped = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Thread> _threads = [];
    private readonly Lock _lock = new();
    private ServiceCall? _first;
    private readonly ConcurrentQueue<ServiceLane> _free = new();
    private int _made;
    private int _waitingThreads;

    // How many calls it has taken and not ended, and in the sign whether it takes no more: one word, so that no call slips in behind the last one.
    private int _lease;

    /// <summary>Takes over the backend and begins to serve.</summary>
    public ServiceActor(EpochService config, IServiceBackend backend, LogHub log, TimeProvider time)
    {
        (Config, _backend, _log, _time) = (config, backend, log, time);
        Health = new ServiceHealth(time);
        _queue = Channel.CreateBounded<ServiceCall>(config.QueueLength);
    }

    /// <summary>What it was made from.</summary>
    public EpochService Config { get; }

    /// <summary>Whether the backend is believed to answer.</summary>
    public ServiceHealth Health { get; }

    /// <summary>Calls that wait.</summary>
    public int Queued => _queue.Reader.Count;

    /// <summary>Calls and sessions at work.</summary>
    public int Running => _backend.Blocks ? _threads.Count - Volatile.Read(ref _waitingThreads) : Volatile.Read(ref _made) - _free.Count;

    /// <summary>The client, for what does not come from a request: tests of a configuration, migrations.</summary>
    public IServiceBackend Backend => _backend;

    /// <summary>Takes a call. What is not <see cref="AbiResult.Pending"/> has not been taken and is the caller's answer.</summary>
    public AbiResult Post(ServiceCall call)
    {
        if (Interlocked.Increment(ref _lease) < 0)
        {
            Ended();
            return AbiResult.InvalidState;
        }
        call.Within(Config.TimeoutMs);
        if (_backend.IsImmediate)
        {
            ServiceLane.RunImmediate(this, call);
            return AbiResult.Pending;
        }
        if (Health.Error is { } error)
        {
            call.Answer(new ServiceFault(AbiResult.Unavailable, error));
            call.Release();
            Ended();
            return AbiResult.Pending;
        }
        Join(call);
        if (!_backend.Blocks && TryOpenLane(out var lane))
        {
            // On the handler's own thread until it has to wait: no hop where none is needed.
            lane.Run(call);
            return AbiResult.Pending;
        }
        if (!_queue.Writer.TryWrite(call))
        {
            Left(call);
            Ended();
            return AbiResult.Busy;
        }
        if (_backend.Blocks)
        {
            EnsureThread();
        }
        else
        {
            // The last lane may have closed since it was asked for.
            ServeQueue();
        }
        return AbiResult.Pending;
    }

    /// <summary>Lets the clock look at a call that goes to a session of this actor.</summary>
    public void Watch(ServiceCall call)
    {
        call.Within(Config.TimeoutMs);
        Join(call);
    }

    /// <summary>A call has been answered: the clock need not look at it any more.</summary>
    public void Left(ServiceCall call)
    {
        lock (_lock)
        {
            var (previous, next, of) = call.Link;
            if (of is null)
            {
                return;
            }
            if (previous is null)
            {
                _first = next;
            }
            else
            {
                previous.Link = previous.Link with { Next = next };
            }
            if (next is not null)
            {
                next.Link = next.Link with { Previous = previous };
            }
            call.Link = default;
        }
    }

    /// <summary>Answers the calls whose time is over. Called some times a second.</summary>
    public void Look(long now)
    {
        if (Volatile.Read(ref _first) is null)
        {
            return;
        }
        List<ServiceCall>? late = null;
        lock (_lock)
        {
            for (var call = _first; call is not null; call = call.Link.Next)
            {
                if (now > call.Deadline && call.TryTake())
                {
                    (late ??= []).Add(call);
                }
            }
        }
        foreach (var call in late ?? [])
        {
            var fault = call.Late(Config);
            if (fault.BackendDown && Health.TimedOut(fault.Error))
            {
                Probe();
            }
            call.CancelRun();
            call.AnswerTaken(fault);
        }
    }

    /// <summary>Takes no call any more, ends when those taken have ended, then gives the client back.</summary>
    public async ValueTask DisposeAsync()
    {
        var before = Interlocked.Or(ref _lease, int.MinValue);
        if (before < 0)
        {
            await _disposed.Task.ConfigureAwait(false);
            return;
        }
        if (before == 0)
        {
            _idle.TrySetResult();
        }
        await _idle.Task.ConfigureAwait(false);
        // Nobody writes to it any more: the threads find it empty and end.
        _queue.Writer.TryComplete();
        if (_threads.Count > 0)
        {
            await Task.Factory.StartNew(() => _threads.ForEach(thread => thread.Join()), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
        await _stopped.CancelAsync().ConfigureAwait(false);
        await _backend.DisposeAsync().ConfigureAwait(false);
        _disposed.TrySetResult();
    }

    /// <summary>What an exception means to the handler.</summary>
    public static ServiceFault FaultOf(Exception exception, IServiceBackend backend, ServiceCall call) => exception switch
    {
        ServiceException known => known.Fault,
        OperationCanceledException when call.Cancellation.IsCancellationRequested => new ServiceFault(AbiResult.Cancelled, "The request was cancelled."),
        OutOfMemoryException => new ServiceFault(AbiResult.OutOfMemory, "There is not enough memory for this answer."),
        _ => backend.Classify(exception),
    };

    /// <summary>The next call that waits.</summary>
    internal bool TryNext([NotNullWhen(true)] out ServiceCall? call) => _queue.Reader.TryRead(out call);

    /// <summary>A lane has nothing left to do.</summary>
    internal void Close(ServiceLane lane)
    {
        _free.Enqueue(lane);
        ServeQueue();
    }

    /// <summary>A call that was taken is over, its run and all.</summary>
    internal void Ended()
    {
        if (Interlocked.Decrement(ref _lease) == int.MinValue)
        {
            _idle.TrySetResult();
        }
    }

    /// <summary>A run has ended with an answer.</summary>
    internal void Succeeded(ServiceCall call)
    {
        Health.Answered();
        call.Answer();
        call.Release();
    }

    /// <summary>A run has ended with an exception.</summary>
    internal void Failed(ServiceCall call, Exception exception)
    {
        var fault = FaultOf(exception, _backend, call);
        Report(fault);
        call.Answer(fault);
        call.Release();
    }

    /// <summary>Takes notice of a fault: one that says so means that the backend is down.</summary>
    internal void Report(ServiceFault fault)
    {
        if (fault.BackendDown && Health.Failed(fault.Error))
        {
            Probe();
        }
    }

    private bool TryOpenLane([NotNullWhen(true)] out ServiceLane? lane)
    {
        if (!_free.TryDequeue(out lane))
        {
            if (Interlocked.Increment(ref _made) > Config.PoolSize)
            {
                Interlocked.Decrement(ref _made);
                return false;
            }
            lane = new ServiceLane(this);
        }
        return true;
    }

    // A call in the queue must find a lane: looked at after each write to the queue and after each lane's end, so that neither is missed.
    private void ServeQueue()
    {
        while (!_backend.Blocks && _queue.Reader.TryPeek(out _) && TryOpenLane(out var lane))
        {
            if (_queue.Reader.TryRead(out var call))
            {
                lane.Run(call);
            }
            else
            {
                _free.Enqueue(lane);
            }
        }
    }

    // Threads come with the calls that need them: an unused service has none.
    private void EnsureThread()
    {
        if (Volatile.Read(ref _waitingThreads) > 0 || _threads.Count == Config.PoolSize)
        {
            return;
        }
        lock (_threads)
        {
            if (_threads.Count < Config.PoolSize)
            {
                var thread = new Thread(Serve) { IsBackground = true, Name = $"{Config} {_threads.Count + 1}" };
                _threads.Add(thread);
                thread.Start();
            }
        }
    }

    private void Serve()
    {
        while (true)
        {
            ServiceCall call;
            Interlocked.Increment(ref _waitingThreads);
            try
            {
                call = _queue.Reader.ReadAsync().AsTask().GetAwaiter().GetResult();
            }
            catch (ChannelClosedException)
            {
                return;
            }
            finally
            {
                Interlocked.Decrement(ref _waitingThreads);
            }
            if (_queue.Reader.Count > 0)
            {
                // Calls that came while this thread still counted as waiting: with this one in a session they would find nobody.
                EnsureThread();
            }
            ServiceLane.RunOne(this, call);
        }
    }

    private void Join(ServiceCall call)
    {
        lock (_lock)
        {
            call.Link = (null, _first, this);
            if (_first is not null)
            {
                _first.Link = _first.Link with { Previous = call };
            }
            _first = call;
        }
    }

    private void Probe() => _ = ProbeAsync();

    private async Task ProbeAsync()
    {
        _log.Write(Level.Warning, "services", $"{Config} is down: {Health.Error}");
        try
        {
            while (Health.Error is not null)
            {
                await Task.Delay(Health.NextBackoff(), _time, _stopped.Token).ConfigureAwait(false);
                await CheckAsync().ConfigureAwait(false);
            }
            _log.Write(Level.Info, "services", $"{Config} answers again.");
        }
        catch (OperationCanceledException)
        {
            // stopped
        }
    }

    private async Task CheckAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stopped.Token);
        patience.CancelAfter(ServiceHealth.LongestBackoff);
        try
        {
            await Task.Run(() => _backend.CheckAsync(patience.Token).AsTask(), patience.Token).WaitAsync(patience.Token).ConfigureAwait(false);
            Health.Answered();
        }
        catch (Exception e) when (!_stopped.IsCancellationRequested)
        {
            if (e is not OperationCanceledException)
            {
                Health.Failed(e is ServiceException known ? known.Fault.Error : _backend.Classify(e).Error);
            }
        }
    }
}
