using EdgeGw.Interop;

namespace EdgeGw;

/// <summary>Statements that take effect together, with <see cref="CommitAsync"/>, or not at all. One call at a time.</summary>
public sealed class Transaction : Sql, IAsyncDisposable
{
    private readonly OpenHandle _open;

    internal Transaction(Exchange exchange, Interop.Service service, OpenHandle open) : base(exchange, service) => _open = open;

    internal override OpenHandle OpenTransaction => _open;

    /// <summary>Makes what was done last. The transaction is over then, even when this fails.</summary>
    public ValueTask CommitAsync() => DatabaseCalls.Commit(_open);

    /// <summary>Undoes what was done. The transaction is over then.</summary>
    public ValueTask RollbackAsync() => DatabaseCalls.Close(_open);

    /// <summary>Rolls back, unless the transaction is over. Throws nothing: a transaction that cannot be rolled back never was.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_open.IsOpen)
            return;
        try
        {
            await RollbackAsync();
        }
        catch (Exception e) when (e is HandlerError or InvalidOperationException or OperationCanceledException)
        {
            // the connection was lost, or the request has ended: both roll back
        }
    }
}
