using System.Text;
using EdgeGw.Abi;
using EdgeGw.Interop;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EdgeGw.Services.Database.Sqlite;

/// <summary>A connection to SQLite's file. Everything in it blocks. A statement that fails in a transaction leaves it good for nothing but its end, as PostgreSQL has it: SQLite
/// itself rolls back after some errors and goes on after others.</summary>
internal sealed class SqliteDatabaseConnection : DatabaseConnection, IDisposable
{
    // SQLite's virtual machine asks this often whether to go on: some ten microseconds of work.
    private const int StepsPerLook = 2_000;

    private readonly SqliteBackend _backend;
    private readonly SqliteConnection _connection;
    private readonly SqliteActions _actions = new();
    private readonly SqliteStatements _statements;
    private readonly SqliteRows _rows;
    private CancellationToken _watched;
    private bool _writing;
    private bool _open;
    private bool _failed;
    private bool _readOnly;

    /// <summary>Takes over an open connection.</summary>
    public SqliteDatabaseConnection(SqliteBackend backend, SqliteConnection connection)
    {
        (_backend, _connection) = (backend, connection);
        _statements = new SqliteStatements(Database, _actions);
        _rows = new SqliteRows(this);
        _actions.Listen(Database);
        raw.sqlite3_progress_handler(Database, StepsPerLook, static self => ((SqliteDatabaseConnection)self)._watched.IsCancellationRequested ? 1 : 0, this);
    }

    /// <summary>SQLite's own handle.</summary>
    public sqlite3 Database => _connection.Handle!;

    /// <summary>Whether the next user of this connection would see something of the last one's.</summary>
    public bool HasLeftTraces => _actions.HasLeftTraces;

    private bool InTransaction => raw.sqlite3_get_autocommit(Database) == 0;

    /// <inheritdoc/>
    public override ValueTask<DatabaseRows> QueryAsync(DatabaseStatement statement, CancellationToken cancellationToken)
    {
        _rows.Open(Start(statement, cancellationToken), cancellationToken);
        return ValueTask.FromResult<DatabaseRows>(_rows);
    }

    /// <inheritdoc/>
    public override ValueTask<long> ExecuteAsync(DatabaseStatement statement, CancellationToken cancellationToken) => ValueTask.FromResult(Execute(statement, cancellationToken));

    /// <inheritdoc/>
    public override ValueTask ExecuteManyAsync(IReadOnlyList<DatabaseStatement> statements, ReplyBuilder reply, CancellationToken cancellationToken)
    {
        var own = !_open;
        if (own)
        {
            Begin(readOnly: false, cancellationToken);
        }
        foreach (var statement in statements)
        {
            reply.Int64(Execute(statement, cancellationToken));
        }
        // A failure leaves it to the connection's return to roll back.
        return own ? CommitAsync(cancellationToken) : default;
    }

    /// <inheritdoc/>
    public override ValueTask ExecuteScriptAsync(string sql, CancellationToken cancellationToken)
    {
        _watched = cancellationToken;
        var rest = (ReadOnlySpan<byte>)Encoding.UTF8.GetBytes(sql);
        SqliteStatements.CheckText(rest);
        while (_statements.PrepareFirst(rest, out rest) is { } next)
        {
            using (next)
            {
                if (next.Control == SqliteControl.Transaction)
                {
                    throw new ServiceException(AbiResult.Refused, "A migration runs in its own transaction, so it must not begin, commit or roll back one.", "2D000");
                }
                while (Step(next, cancellationToken))
                {
                }
            }
        }
        return default;
    }

    /// <inheritdoc/>
    public override ValueTask LockMigrationsAsync(CancellationToken cancellationToken) =>
        // A transaction that may write is the only one from its beginning.
        default;

    /// <inheritdoc/>
    public override ValueTask BeginAsync(AbiIsolation isolation, bool readOnly, CancellationToken cancellationToken)
    {
        Begin(readOnly, cancellationToken);
        return default;
    }

    /// <inheritdoc/>
    public override ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        if (_failed || !InTransaction)
        {
            RollBack();
            throw new ServiceException(AbiResult.Refused, "The transaction was rolled back: one of its statements had failed.", "25P02");
        }
        Execute("COMMIT"u8, cancellationToken);
        EndTransaction();
        return default;
    }

    /// <inheritdoc/>
    public override ValueTask RollbackAsync()
    {
        RollBack();
        return default;
    }

    /// <inheritdoc/>
    public override ValueTask ReturnAsync()
    {
        RollBack();
        _backend.Return(this);
        return default;
    }

    /// <summary>Takes the first step; false when there is no row. What another process holds is waited for.</summary>
    public bool StepFirst(SqliteStatement statement, CancellationToken cancellationToken)
    {
        var patience = _backend.Patience();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = raw.sqlite3_step(statement.Handle);
            if ((result & 0xFF) != raw.SQLITE_BUSY || raw.sqlite3_extended_errcode(Database) == raw.SQLITE_BUSY_SNAPSHOT || patience.IsOver)
            {
                return HasRow(result, cancellationToken);
            }
            _ = raw.sqlite3_reset(statement.Handle);
        }
    }

    /// <summary>Takes one step; false at the end.</summary>
    public bool Step(SqliteStatement statement, CancellationToken cancellationToken)
    {
        _watched = cancellationToken;
        cancellationToken.ThrowIfCancellationRequested();
        return HasRow(raw.sqlite3_step(statement.Handle), cancellationToken);
    }

    /// <summary>The statement has ended: what it held is free again.</summary>
    public void End(SqliteStatement statement)
    {
        if (statement.IsKept)
        {
            // Resetting repeats the error of the last step, which has been told.
            _ = raw.sqlite3_reset(statement.Handle);
            _ = raw.sqlite3_clear_bindings(statement.Handle);
        }
        else
        {
            statement.Dispose();
        }
        _watched = default;
        if (!_open && _writing)
        {
            EndTransaction();
        }
    }

    /// <summary>A statement has failed, and with it the transaction it is in.</summary>
    public void Fail() => _failed = _open;

    /// <inheritdoc/>
    public void Dispose()
    {
        _statements.Dispose();
        _connection.Dispose();
    }

    // Gives a bound statement that has not been stepped.
    private SqliteStatement Start(DatabaseStatement statement, CancellationToken cancellationToken)
    {
        _watched = cancellationToken;
        try
        {
            var prepared = _statements.Prepare(statement.Sql.Span);
            try
            {
                CheckState(prepared);
                if (!prepared.IsReadOnly)
                {
                    BecomeWriter(cancellationToken);
                }
                SqliteParameters.Bind(Database, prepared, statement.Parameters.Span);
                return prepared;
            }
            catch
            {
                End(prepared);
                throw;
            }
        }
        catch
        {
            Fail();
            throw;
        }
    }

    private void CheckState(SqliteStatement statement)
    {
        if (statement.Control == SqliteControl.Transaction)
        {
            throw new ServiceException(AbiResult.Refused, "Transactions are begun, committed and rolled back by the calls for it, not by SQL.", "2D000");
        }
        if (statement.Control != SqliteControl.None && !_open)
        {
            throw new ServiceException(AbiResult.Refused, "Savepoints are for transactions, and none is open.", "25P01");
        }
        if (_open && (!InTransaction || (_failed && statement.Control != SqliteControl.RollbackTo)))
        {
            throw new ServiceException(AbiResult.Refused, "An earlier statement of the transaction failed: it can only be rolled back, as a whole or to a savepoint.", "25P02");
        }
        if (_readOnly && !statement.IsReadOnly)
        {
            throw new ServiceException(AbiResult.Refused, "The transaction is read-only, and this statement writes.", "25006");
        }
    }

    private long Execute(DatabaseStatement statement, CancellationToken cancellationToken)
    {
        var prepared = Start(statement, cancellationToken);
        try
        {
            var before = raw.sqlite3_total_changes(Database);
            var more = StepFirst(prepared, cancellationToken);
            while (more)
            {
                more = Step(prepared, cancellationToken);
            }
            _failed &= prepared.Control != SqliteControl.RollbackTo;
            return raw.sqlite3_total_changes(Database) == before ? 0 : raw.sqlite3_changes(Database);
        }
        catch
        {
            Fail();
            throw;
        }
        finally
        {
            End(prepared);
        }
    }

    private void Execute(ReadOnlySpan<byte> sql, CancellationToken cancellationToken)
    {
        var prepared = _statements.Prepare(sql);
        _watched = cancellationToken;
        try
        {
            StepFirst(prepared, cancellationToken);
        }
        finally
        {
            _ = raw.sqlite3_reset(prepared.Handle);
        }
    }

    private void Begin(bool readOnly, CancellationToken cancellationToken)
    {
        if (!readOnly)
        {
            BecomeWriter(cancellationToken);
        }
        (_readOnly, _open) = (readOnly, true);
        Execute(readOnly ? "BEGIN"u8 : "BEGIN IMMEDIATE"u8, cancellationToken);
    }

    private void RollBack()
    {
        _watched = default;
        try
        {
            if (InTransaction)
            {
                Execute("ROLLBACK"u8, default);
            }
        }
        catch (ServiceException)
        {
            // What SQLite could not roll back on a broken file, it rolls back when the file is opened next.
        }
        EndTransaction();
    }

    private void EndTransaction()
    {
        (_open, _failed, _readOnly) = (false, false, false);
        if (_writing)
        {
            _writing = false;
            _backend.LeaveWriting();
        }
    }

    private void BecomeWriter(CancellationToken cancellationToken)
    {
        if (!_writing)
        {
            _backend.EnterWriting(cancellationToken);
            _writing = true;
        }
    }

    private bool HasRow(int result, CancellationToken cancellationToken)
    {
        if ((result & 0xFF) == raw.SQLITE_INTERRUPT)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        SqliteFaults.Check(Database, result);
        return result == raw.SQLITE_ROW;
    }
}
