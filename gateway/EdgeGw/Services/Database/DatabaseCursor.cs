namespace EdgeGw.Services.Database;

/// <summary>The rest of a query's rows, outside of any transaction: keeps the query's connection until the last page or its close.</summary>
internal sealed class DatabaseCursor(ServiceBinding binding, DatabaseConnection connection, DatabaseRows rows, uint page, long maxRowBytes) : ServiceSession
{
    /// <summary>On whose account it is.</summary>
    public ServiceBinding Binding { get; } = binding;

    /// <summary>The next page, or the end.</summary>
    public async ValueTask RunAsync(DatabaseCall call, CancellationToken cancellationToken)
    {
        IsOver = true;
        if (call.Operation == DatabaseOperation.Next && await rows.WritePageAsync(call.Reply, page, maxRowBytes, cancellationToken).ConfigureAwait(false))
        {
            IsOver = false;
            call.Reply.Open = Id;
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask CloseAsync()
    {
        await rows.CloseAsync().ConfigureAwait(false);
        await connection.ReturnAsync().ConfigureAwait(false);
    }
}
