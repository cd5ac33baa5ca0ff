using System.Diagnostics.CodeAnalysis;
using EdgeGw.Abi;

namespace EdgeGw.Services;

/// <summary>A <see cref="ServiceOpen"/> that holds one of its actor's loops, and with it the loop's connection, until it is closed: calls come one at a time through
/// <see cref="Post"/>, and the loop runs them in <see cref="ServeAsync"/>.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Neither has a kernel handle or a timer; a late caller must find them usable.")]
internal abstract class ServiceSession : ServiceOpen
{
    private const int Free = 0;
    private const int Occupied = 1;
    private const int Closed = 2;

    private readonly SemaphoreSlim _arrived = new(0, 1);
    private readonly CancellationTokenSource _abandoned = new();
    private ServiceCall? _call;
    private int _state;

    /// <summary>Whether the session is over: set by the call that ends it.</summary>
    protected bool IsOver { get; set; }

    /// <summary>Cancelled when the exchange has ended.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>Gives a call to the loop. What is not <see cref="AbiResult.Pending"/> has not been taken: busy while another one is under way, invalid state when it is over.</summary>
    public AbiResult Post(ServiceCall call)
    {
        switch (Interlocked.CompareExchange(ref _state, Occupied, Free))
        {
            case Free:
                _call = call;
                _arrived.Release();
                return AbiResult.Pending;
            case Occupied:
                return AbiResult.Busy;
            default:
                return AbiResult.InvalidState;
        }
    }

    /// <inheritdoc/>
    public override void Abandon() => _abandoned.Cancel();

    /// <summary>Serves calls until one of them ends the session or the exchange ends; then <see cref="CloseAsync"/> has been called.</summary>
    public async ValueTask ServeAsync(IServiceBackend backend, ServiceScope scope)
    {
        try
        {
            while (!IsOver)
            {
                if (backend.Blocks)
                {
                    // The lane has a thread of its own: what blocks stays on it.
                    _arrived.Wait(_abandoned.Token);
                }
                else
                {
                    await _arrived.WaitAsync(_abandoned.Token).ConfigureAwait(false);
                }
                var call = _call!;
                _call = null;
                await RunAsync(call, backend).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_abandoned.IsCancellationRequested)
        {
            // the exchange has ended without closing it
        }
        finally
        {
            scope.Left(this);
            await CloseAsync().ConfigureAwait(false);
            if (Interlocked.Exchange(ref _state, Closed) == Occupied)
            {
                // Somebody is posting, or has posted, a call that came too late.
                await _arrived.WaitAsync(CancellationToken.None).ConfigureAwait(false);
                _call!.Answer(new ServiceFault(AbiResult.InvalidState, "It is closed already."));
                _call.Release();
            }
        }
    }

    /// <summary>Gives back what it holds, undoing what is not finished. Must not throw.</summary>
    protected abstract ValueTask CloseAsync();

    private async ValueTask RunAsync(ServiceCall call, IServiceBackend backend)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation, _abandoned.Token);
        var fault = default(ServiceFault?);
        try
        {
            await call.RunAsync(backend, both.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            var found = ServiceActor.FaultOf(e, backend, call);
            call.Link.Of?.Report(found);
            fault = found;
        }
        // The next call may come from inside the answer.
        Volatile.Write(ref _state, IsOver ? Closed : Free);
        if (fault is { } known)
        {
            call.Answer(known);
        }
        else
        {
            call.Answer();
        }
        call.Release();
    }
}
