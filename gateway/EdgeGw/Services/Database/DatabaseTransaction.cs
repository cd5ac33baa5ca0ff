using EdgeGw.Abi;

namespace EdgeGw.Services.Database;

/// <summary>A transaction with the connection it runs on. Rolled back by its end, whatever ends it, unless it was committed before.</summary>
internal sealed class DatabaseTransaction(ServiceBinding binding, DatabaseConnection connection, long maxRowBytes) : ServiceSession
{
    private TransactionCursor? _cursor;

    /// <summary>On whose account it is.</summary>
    public ServiceBinding Binding { get; } = binding;

    /// <summary>Whether a cursor is open: until it is closed, the connection is its own.</summary>
    public bool HasCursor => Volatile.Read(ref _cursor) is not null;

    /// <summary>Runs a call of the transaction, or of its cursor.</summary>
    public async ValueTask RunAsync(DatabaseCall call, CancellationToken cancellationToken)
    {
        switch (call.Operation)
        {
            case DatabaseOperation.Query:
                var cursor = new TransactionCursor(this, await connection.QueryAsync(call.Statements[0], cancellationToken).ConfigureAwait(false), call.Page, call.Scope);
                _cursor = cursor;
                await NextAsync(cursor, call, cancellationToken).ConfigureAwait(false);
                break;
            case DatabaseOperation.Next when ReferenceEquals(call.Cursor, _cursor):
                await NextAsync(_cursor!, call, cancellationToken).ConfigureAwait(false);
                break;
            case DatabaseOperation.Close when call.Cursor is not null && ReferenceEquals(call.Cursor, _cursor):
                await CloseCursorAsync().ConfigureAwait(false);
                break;
            case DatabaseOperation.Next or DatabaseOperation.Close when call.Cursor is not null:
                throw new ServiceException(AbiResult.InvalidState, "The cursor is closed already.");
            case DatabaseOperation.Execute:
                call.Reply.Affected = (ulong)await connection.ExecuteAsync(call.Statements[0], cancellationToken).ConfigureAwait(false);
                break;
            case DatabaseOperation.Batch:
                await connection.ExecuteManyAsync(call.Statements, call.Reply, cancellationToken).ConfigureAwait(false);
                break;
            case DatabaseOperation.Commit:
                IsOver = true;
                await CloseCursorAsync().ConfigureAwait(false);
                await connection.CommitAsync(cancellationToken).ConfigureAwait(false);
                break;
            case DatabaseOperation.Close:
                IsOver = true;
                await CloseCursorAsync().ConfigureAwait(false);
                await connection.RollbackAsync().ConfigureAwait(false);
                break;
            default:
                throw new InvalidOperationException($"{call.Operation} is not an operation of a transaction.");
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask CloseAsync()
    {
        await CloseCursorAsync().ConfigureAwait(false);
        await connection.RollbackAsync().ConfigureAwait(false);
        await connection.ReturnAsync().ConfigureAwait(false);
    }

    private async ValueTask NextAsync(TransactionCursor cursor, DatabaseCall call, CancellationToken cancellationToken)
    {
        var more = false;
        try
        {
            if (await cursor.Rows.WritePageAsync(call.Reply, cursor.Page, maxRowBytes, cancellationToken).ConfigureAwait(false))
            {
                cursor.Keep(call.ExchangeId);
                call.Reply.Open = cursor.Id;
                more = true;
            }
        }
        finally
        {
            if (!more)
            {
                await CloseCursorAsync().ConfigureAwait(false);
            }
        }
    }

    private async ValueTask CloseCursorAsync()
    {
        if (_cursor is { } cursor)
        {
            cursor.Forget();
            await cursor.Rows.CloseAsync().ConfigureAwait(false);
            Volatile.Write(ref _cursor, null);
        }
    }
}

/// <summary>The rest of a query's rows within a transaction; its calls go through the transaction's loop.</summary>
internal sealed class TransactionCursor(DatabaseTransaction transaction, DatabaseRows rows, uint page, ServiceScope scope) : ServiceOpen
{
    private bool _kept;

    /// <summary>The transaction.</summary>
    public DatabaseTransaction Transaction { get; } = transaction;

    /// <summary>The rows.</summary>
    public DatabaseRows Rows { get; } = rows;

    /// <summary>The most rows in one reply.</summary>
    public uint Page { get; } = page;

    /// <summary>The handler gets to know it.</summary>
    public void Keep(ulong exchangeId)
    {
        if (!_kept)
        {
            scope.Add(this, exchangeId);
            _kept = true;
        }
    }

    /// <summary>It is closed.</summary>
    public void Forget()
    {
        if (_kept)
        {
            scope.Left(this);
        }
    }

    /// <inheritdoc/>
    public override void Abandon()
    {
        // The transaction is abandoned in the same moment, and closes it.
    }
}
