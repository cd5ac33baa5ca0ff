using System.Data;

using System.Runtime.CompilerServices;
using System.Text;
using EdgeGw.Abi;
using EdgeGw.Interop;
using Npgsql;

namespace EdgeGw.Services.Database.Postgres;

/// <summary>One session with the server, kept open between calls. What has left traces in it is given back to Npgsql, which wipes the session before it is used again.</summary>
internal sealed class PostgresConnection : DatabaseConnection, IAsyncDisposable
{
    private const long MigrationLock = 0x65_64_67_65_67_77; // "edgegw"
    private const string StalePlan = "RevalidateCachedQuery";

    private readonly PostgresBackend _backend;
    private readonly NpgsqlConnection _connection;
    private readonly PostgresStatements _statements;
    private readonly PostgresCancellation _cancellation = new();
    private readonly PostgresRows _rows;
    private NpgsqlCommand? _running;
    private NpgsqlDataReader? _unread;
    private bool _inTransaction;
    private bool _failed;
    private bool _hasTraces;

    /// <summary>One that is not open yet.</summary>
    public PostgresConnection(PostgresBackend backend, NpgsqlConnection connection)
    {
        (_backend, _connection) = (backend, connection);
        _statements = new PostgresStatements(connection);
        _rows = new PostgresRows(this);
    }

    /// <summary>Whether there is a session that is believed to be good.</summary>
    public bool IsOpen => _connection.FullState == ConnectionState.Open;

    /// <summary>When it was given back, in timestamp ticks.</summary>
    public long IdleSince { get; set; }

    /// <summary>Opens the session.</summary>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _connection.OpenAsync(_cancellation.Follow(cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            _cancellation.Leave();
        }
    }

    /// <summary>Whether the server has not ended the session meanwhile: what it says when it does has arrived, and nothing else comes unasked.</summary>
    public async ValueTask<bool> IsAliveAsync()
    {
        try
        {
            await _connection.WaitAsync(1, CancellationToken.None).ConfigureAwait(false);
            return IsOpen;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<DatabaseRows> QueryAsync(DatabaseStatement statement, CancellationToken cancellationToken)
    {
        var sql = _backend.Read(statement.Sql.Span);
        try
        {
            return await StartAsync(sql, statement, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.Routine == StalePlan && !_inTransaction)
        {
            // A table has changed under a prepared statement. Nothing has run, and Npgsql has forgotten what it prepared.
            sql.Shape = null;
            return await StartAsync(sql, statement, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<long> ExecuteAsync(DatabaseStatement statement, CancellationToken cancellationToken)
    {
        var sql = _backend.Read(statement.Sql.Span);
        var token = await BeginStatementAsync(sql, statement, cancellationToken).ConfigureAwait(false);
        try
        {
            var command = _statements.Get(sql, statement.Parameters.Span);
            var affected = await command.ExecuteNonQueryAsync(token).ConfigureAwait(false);
            _failed = false;
            return Math.Max(0, affected);
        }
        catch (Exception e) when (e is PostgresException or OperationCanceledException)
        {
            _failed = true;
            throw;
        }
        finally
        {
            _cancellation.Leave();
        }
    }

    /// <inheritdoc/>
    public override async ValueTask ExecuteManyAsync(IReadOnlyList<DatabaseStatement> statements, ReplyBuilder reply, CancellationToken cancellationToken)
    {
        await using var batch = _connection.CreateBatch();
        foreach (var statement in statements)
        {
            var sql = _backend.Read(statement.Sql.Span);
            _hasTraces |= sql.LeavesTraces;
            batch.BatchCommands.Add(PostgresStatement.ForBatch(sql, statement.Parameters.Span));
        }
        await FinishUnreadAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // One Sync at the end: without a transaction around it the server takes all of it as one.
            await batch.ExecuteNonQueryAsync(_cancellation.Follow(cancellationToken)).ConfigureAwait(false);
            _failed = false;
        }
        catch (Exception e) when (e is PostgresException or OperationCanceledException)
        {
            _failed = true;
            throw;
        }
        finally
        {
            _cancellation.Leave();
        }
        foreach (NpgsqlBatchCommand command in batch.BatchCommands)
        {
            reply.Int64(Math.Max(0, command.RecordsAffected));
        }
    }

    /// <inheritdoc/>
    public override async ValueTask ExecuteScriptAsync(string sql, CancellationToken cancellationToken)
    {
        foreach (var statement in PostgresScript.Split(Encoding.UTF8.GetBytes(sql)))
        {
            await ControlAsync(new PostgresSql(statement.Span).Text, cancellationToken, isLong: true).ConfigureAwait(false);
        }
        _hasTraces = true;
    }

    /// <inheritdoc/>
    public override ValueTask LockMigrationsAsync(CancellationToken cancellationToken) => ControlAsync($"SELECT pg_advisory_xact_lock({MigrationLock})", cancellationToken, isLong: true);

    /// <inheritdoc/>
    public override async ValueTask BeginAsync(AbiIsolation isolation, bool readOnly, CancellationToken cancellationToken)
    {
        var level = isolation switch
        {
            AbiIsolation.ReadCommitted => " ISOLATION LEVEL READ COMMITTED",
            AbiIsolation.RepeatableRead => " ISOLATION LEVEL REPEATABLE READ",
            AbiIsolation.Serializable => " ISOLATION LEVEL SERIALIZABLE",
            _ => "",
        };
        (_inTransaction, _failed) = (true, false);
        await ControlAsync($"BEGIN{level}{(readOnly ? " READ ONLY" : "")}", cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        await FinishUnreadAsync(cancellationToken).ConfigureAwait(false);
        if (_failed)
        {
            // The server would answer with a rollback and no error.
            await RollbackAsync().ConfigureAwait(false);
            throw new ServiceException(AbiResult.Refused, "A statement of this transaction failed, so it was rolled back.", "25P02");
        }
        await ControlAsync("COMMIT", cancellationToken).ConfigureAwait(false);
        _inTransaction = false;
    }

    /// <inheritdoc/>
    public override async ValueTask RollbackAsync()
    {
        if (!_inTransaction)
        {
            return;
        }
        _inTransaction = false;
        try
        {
            await CancelUnreadAsync().ConfigureAwait(false);
            using var patience = new CancellationTokenSource(_backend.CancelTimeoutMs);
            await ControlAsync("ROLLBACK", patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or InvalidOperationException)
        {
            // Closing the session rolls back as well.
            _hasTraces = true;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask ReturnAsync()
    {
        await RollbackAsync().ConfigureAwait(false);
        await CancelUnreadAsync().ConfigureAwait(false);
        var broken = !IsOpen;
        if (broken || _hasTraces)
        {
            await CloseAsync().ConfigureAwait(false);
        }
        await _backend.ReturnAsync(this, broken).ConfigureAwait(false);
    }

    /// <summary>The token that makes Npgsql give up a statement when this one is cancelled.</summary>
    public CancellationToken Watch(CancellationToken cancellationToken) => _cancellation.Follow(cancellationToken);

    /// <summary>A statement failed while its rows were read, and with it the transaction if one is open.</summary>
    public void Fail() => _failed = true;

    /// <summary>A reader is not read any further.</summary>
    public async ValueTask EndAsync(NpgsqlDataReader reader, bool isFinished)
    {
        _cancellation.Leave();
        _unread = reader;
        if (isFinished)
        {
            await DisposeUnreadAsync().ConfigureAwait(false);
        }
        else if (!_inTransaction)
        {
            await CancelUnreadAsync().ConfigureAwait(false);
        }
        // In a transaction a cancelled statement would spoil the rest: what it has to say is heard when the next statement comes, unless none does.
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _statements.Dispose();
        await CloseAsync().ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<DatabaseRows> StartAsync(PostgresSql sql, DatabaseStatement statement, CancellationToken cancellationToken)
    {
        var token = await BeginStatementAsync(sql, statement, cancellationToken).ConfigureAwait(false);
        NpgsqlDataReader? reader = null;
        try
        {
            var command = _statements.Get(sql, statement.Parameters.Span);
            // Read once: another connection that meets changed columns forgets it at any time.
            var shape = sql.Shape;
            if (shape is null)
            {
                await using var description = await command.ExecuteReaderAsync(CommandBehavior.SchemaOnly, token).ConfigureAwait(false);
                shape = PostgresRows.ShapeOf(description, null);
                shape = shape.Types.All(PostgresColumns.IsKnown) ? shape : shape with { AsText = [.. shape.Types.Select(type => !PostgresColumns.IsKnown(type))] };
                sql.Shape = shape;
            }
            command.UnknownResultTypeList = shape.AsText;
            _running = command;
            reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
            _rows.Open(reader, sql, shape);
            _failed = false;
            return _rows;
        }
        catch (Exception e)
        {
            _failed |= e is PostgresException or OperationCanceledException;
            _cancellation.Leave();
            if (reader is not null)
            {
                await _rows.CloseAsync().ConfigureAwait(false);
            }
            throw;
        }
    }

    private async ValueTask<CancellationToken> BeginStatementAsync(PostgresSql sql, DatabaseStatement statement, CancellationToken cancellationToken)
    {
        if (_unread is not null)
        {
            await FinishUnreadAsync(cancellationToken).ConfigureAwait(false);
        }
        if (statement.Parameters.Length != sql.Parameters)
        {
            await RefuseAsync(sql, statement, cancellationToken).ConfigureAwait(false);
        }
        _hasTraces |= sql.LeavesTraces;
        return _cancellation.Follow(cancellationToken);
    }

    // Npgsql would take what the server says to a wrong number of values for a broken connection. A statement that is wrong in other ways as well is told so first.
    private async ValueTask RefuseAsync(PostgresSql sql, DatabaseStatement statement, CancellationToken cancellationToken)
    {
        if (statement.Parameters.Length > sql.Parameters)
        {
            await using var command = new NpgsqlCommand(sql.Text, _connection);
            try
            {
                await using var description = await command.ExecuteReaderAsync(CommandBehavior.SchemaOnly, _cancellation.Follow(cancellationToken)).ConfigureAwait(false);
            }
            catch (Exception e) when (e is PostgresException or OperationCanceledException)
            {
                _failed = true;
                throw;
            }
            finally
            {
                _cancellation.Leave();
            }
        }
        throw sql.WrongCount(statement.Parameters.Length);
    }

    // A statement of the gateway's own. A long one, of a migration, ends with its token only: making an index may take hours.
    private async ValueTask ControlAsync(string sql, CancellationToken cancellationToken, bool isLong = false)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        if (isLong)
        {
            command.CommandTimeout = 0;
        }
        try
        {
            await command.ExecuteNonQueryAsync(_cancellation.Follow(cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            _cancellation.Leave();
        }
    }

    // To its end: the transaction goes on.
    private async ValueTask FinishUnreadAsync(CancellationToken cancellationToken)
    {
        if (_unread is not { } reader)
        {
            return;
        }
        try
        {
            await reader.NextResultAsync(_cancellation.Follow(cancellationToken)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is PostgresException or OperationCanceledException)
        {
            _failed = true;
        }
        finally
        {
            _cancellation.Leave();
        }
        await DisposeUnreadAsync().ConfigureAwait(false);
    }

    private async ValueTask CancelUnreadAsync()
    {
        if (_unread is not null)
        {
            // Npgsql waits for the server there.
            await Task.Run(_running!.Cancel).ConfigureAwait(false);
            await DisposeUnreadAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask DisposeUnreadAsync()
    {
        var reader = _unread!;
        _unread = null;
        try
        {
            await reader.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            // The statement's own end, which nobody waits for; a broken session shows in its state.
            _failed = true;
        }
    }

    private async ValueTask CloseAsync()
    {
        try
        {
            await _connection.CloseAsync().ConfigureAwait(false);
        }
        catch (NpgsqlException)
        {
            // It was broken already.
        }
        _hasTraces = false;
    }
}
