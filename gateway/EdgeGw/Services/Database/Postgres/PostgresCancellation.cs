using System.Diagnostics.CodeAnalysis;

namespace EdgeGw.Services.Database.Postgres;

/// <summary>Stands between a call's cancellation and Npgsql: Npgsql opens a connection to cancel a statement and waits for it where the source is cancelled, which with a server that
/// hangs would hold up whoever cancels. Here that is a thread of the pool. Used by one statement at a time.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has neither a timer nor a handle; one that was cancelled may still be on its way to Npgsql.")]
internal sealed class PostgresCancellation
{
    private CancellationTokenSource _source = new();
    private CancellationTokenRegistration _registration;
    private CancellationToken _watched;

    /// <summary>The token for Npgsql that follows this one; the last one given counts.</summary>
    public CancellationToken Follow(CancellationToken cancellationToken)
    {
        if (cancellationToken != _watched)
        {
            Leave();
            _watched = cancellationToken;
            _registration = cancellationToken.UnsafeRegister(static state => ((PostgresCancellation)state!).Cancel(), this);
        }
        return _source.Token;
    }

    /// <summary>The statement has ended: it is not followed any more.</summary>
    public void Leave()
    {
        // Waits for a cancellation that is being passed on, so that what follows is seen.
        _registration.Dispose();
        _registration = default;
        if (_watched.IsCancellationRequested)
        {
            // Cancelled now or soon; the next statement needs one that is not.
            _source = new CancellationTokenSource();
        }
        _watched = default;
    }

    private void Cancel() => ThreadPool.UnsafeQueueUserWorkItem(static source => source.Cancel(), _source, preferLocal: false);
}
