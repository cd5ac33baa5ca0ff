using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using EdgeGw.Abi;

namespace EdgeGw.Testing.Interop;

/// <summary>One request under way: its life, its end and its cancellation. The request, its body and the response are in files of their own.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "Complete disposes of the body.")]
internal sealed unsafe class FakeExchange
{
    private static readonly ConcurrentDictionary<ulong, FakeExchange> Living = new();
    private static readonly ConcurrentDictionary<ulong, FakeHost> Ended = new(); // to know whose a stale number was
    private static ulong s_last;

    private readonly Lock _callbacks = new(); // held while a callback runs, so that complete() returns after it
    private readonly FakeHost _host;
    private readonly ulong _id;
    private readonly uint* _cancelled;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _wasCancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private delegate* unmanaged<void*, void> _onCancelled;
    private void* _onCancelledState;
    private int _inside;
    private bool _isOver;

    public FakeExchange(FakeHost host, FakeRequest request, byte[] path, IReadOnlyList<byte[]> parameters, FakeRoute? route)
    {
        _host = host;
        _id = Interlocked.Increment(ref s_last);
        _cancelled = (uint*)NativeMemory.AllocZeroed(sizeof(uint));
        RequestId = request.RequestId;
        Incoming = new FakeIncoming(request, path, parameters, route);
        Body = new FakeBody(this, request, route?.MaxBodyBytes ?? host.Options.MaxBodyBytes);
        Outgoing = new FakeOutgoing(this, host.Options.ResponseBufferBytes, request.ClientBufferBytes);
        var deadline = request.Deadline ?? (route?.DeadlineMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null);
        Incoming.Fill(_id, _cancelled, deadline is { } wait ? Stopwatch.GetTimestamp() + (long)(wait.TotalSeconds * Stopwatch.Frequency) : 0);
        Living[_id] = this;
        if (deadline is { } time)
            FakeTimer.Start(host.Options.TimeProvider, time, () => Cancel(timedOut: true));
    }

    public FakeHost Host => _host;

    /// <summary>What services keep open for this exchange.</summary>
    public FakeOpens Opens { get; } = new();

    /// <summary>Ends when nobody waits for the answer any more.</summary>
    public Task Cancelled => _wasCancelled.Task;

    public string RequestId { get; }

    public FakeIncoming Incoming { get; }

    public FakeBody Body { get; }

    public FakeOutgoing Outgoing { get; }

    public string? Error { get; set; }

    public bool IsCancelled => Volatile.Read(ref *_cancelled) != 0;

    public Task<FakeHead> Head => Outgoing.Head;

    public Stream BodyReader => Outgoing.Reader;

    public Task Completion => _completion.Task;

    public static FakeExchange? Find(ulong id) => Living.GetValueOrDefault(id);

    public static AbiResult CompletedTwice(ulong id)
    {
        if (Ended.TryGetValue(id, out var host))
            host.Violations.Enqueue("An exchange was completed twice.");
        return AbiResult.InvalidState;
    }

    public void Run(int route)
    {
        var result = _host.Handle((uint)route, Incoming.Request);
        if (result == AbiResult.Pending)
            return;
        if (Living.ContainsKey(_id))
            Complete(result);
        else
            _host.Violations.Enqueue($"A handler completed its exchange and then returned {result} instead of EDGEGW_PENDING.");
    }

    /// <summary>Answers in the handler's place.</summary>
    public void Refuse(int status, string allow)
    {
        Outgoing.Refuse(status, allow);
        Complete(AbiResult.Ok);
    }

    public bool TryEnter() => Interlocked.CompareExchange(ref _inside, 1, 0) == 0;

    public void Leave() => Volatile.Write(ref _inside, 0);

    /// <summary>Runs a callback unless the exchange is over.</summary>
    public void Call(Action callback)
    {
        lock (_callbacks)
        {
            if (!_isOver)
                callback();
        }
    }

    public AbiResult OnCancelled(delegate* unmanaged<void*, void> callback, void* state)
    {
        lock (_callbacks)
        {
            if (callback is not null && IsCancelled)
            {
                callback(state);
                return AbiResult.Cancelled;
            }
            _onCancelled = callback;
            _onCancelledState = state;
            return AbiResult.Ok;
        }
    }

    public void Cancel(bool timedOut)
    {
        lock (_callbacks)
        {
            if (_isOver || IsCancelled)
                return;
            Volatile.Write(ref *_cancelled, 1);
            Outgoing.Cancel(timedOut);
            Body.Cancel();
            _wasCancelled.SetResult();
            var callback = _onCancelled;
            _onCancelled = null;
            if (callback is not null)
                callback(_onCancelledState);
        }
    }

    public AbiResult Complete(AbiResult outcome)
    {
        lock (_callbacks)
        {
            if (_isOver)
                return CompletedTwice(_id);
            _isOver = true;
            Ended[_id] = _host;
            Living.TryRemove(_id, out _);
        }
        Opens.CloseAll();
        Outgoing.End(outcome, Error);
        Incoming.Free();
        Body.Dispose();
        _completion.SetResult(); // the flag of cancellation is never freed: a handler may hold the request a moment too long
        return AbiResult.Ok;
    }
}
