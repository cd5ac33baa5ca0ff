using EdgeGw.Abi;
using EdgeGw.Interop;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EdgeGw.Services.Database.Sqlite;

/// <summary>A connection to SQLite's file, with its prepared statements. Everything in it blocks.</summary>
internal sealed class SqliteDatabaseConnection : DatabaseConnection, IDisposable
{
    private const int MostStatements = 128;

    private readonly SqliteBackend _backend;
    private readonly SqliteConnection _connection;
    private readonly Dictionary<byte[], sqlite3_stmt> _statements = new(StatementKeys.Instance);
    private readonly Dictionary<byte[], sqlite3_stmt>.AlternateLookup<ReadOnlySpan<byte>> _found;
    private readonly SqliteRows _rows;
    private CancellationTokenRegistration _interrupt;
    private CancellationToken _watched;
    private bool _writing;
    private bool _readOnly;

    /// <summary>Opens one.</summary>
    public SqliteDatabaseConnection(SqliteBackend backend, SqliteConnection connection)
    {
        (_backend, _connection) = (backend, connection);
        _found = _statements.GetAlternateLookup<ReadOnlySpan<byte>>();
        _rows = new SqliteRows(this);
    }

    /// <summary>SQLite's own handle.</summary>
    public sqlite3 Database => _connection.Handle!;

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
        var own = !InTransaction;
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
    public override ValueTask BeginAsync(AbiIsolation isolation, bool readOnly, CancellationToken cancellationToken)
    {
        Begin(readOnly, cancellationToken);
        return default;
    }

    /// <inheritdoc/>
    public override ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        Execute("COMMIT"u8, cancellationToken);
        EndTransaction();
        return default;
    }

    /// <inheritdoc/>
    public override ValueTask RollbackAsync()
    {
        Watch(default);
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
        return default;
    }

    /// <inheritdoc/>
    public override async ValueTask ReturnAsync()
    {
        await RollbackAsync().ConfigureAwait(false);
        _backend.Return(this);
    }

    /// <summary>Interrupts what runs when the token is cancelled; the last token given counts.</summary>
    public void Watch(CancellationToken cancellationToken)
    {
        if (cancellationToken == _watched)
        {
            return;
        }
        // Waits for an interrupt that is being made: it would hit the next statement.
        _interrupt.Dispose();
        _watched = cancellationToken;
        _interrupt = cancellationToken.UnsafeRegister(static state => raw.sqlite3_interrupt(((SqliteDatabaseConnection)state!).Database), this);
    }

    /// <summary>Takes one step; false at the end.</summary>
    public bool Step(sqlite3_stmt statement, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var result = raw.sqlite3_step(statement);
        if (result == raw.SQLITE_INTERRUPT)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        SqliteFaults.Check(Database, result);
        return result == raw.SQLITE_ROW;
    }

    /// <summary>The statement has ended: what it held is free again.</summary>
    public void End(sqlite3_stmt statement)
    {
        // Resetting repeats the error of the last step, which has been told.
        _ = raw.sqlite3_reset(statement);
        _ = raw.sqlite3_clear_bindings(statement);
        if (!InTransaction)
        {
            EndTransaction();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Watch(default);
        Forget();
        _connection.Dispose();
    }

    // Gives a bound statement that has not been stepped.
    private sqlite3_stmt Start(DatabaseStatement statement, CancellationToken cancellationToken)
    {
        Watch(cancellationToken);
        var prepared = Prepare(statement.Sql.Span);
        if (raw.sqlite3_stmt_readonly(prepared) == 0)
        {
            if (_readOnly)
            {
                throw new ServiceException(AbiResult.Refused, "The transaction is read-only, and this statement writes.", "25006");
            }
            BecomeWriter(cancellationToken);
        }
        try
        {
            SqliteParameters.Bind(Database, prepared, statement.Parameters.Span);
        }
        catch
        {
            End(prepared);
            throw;
        }
        return prepared;
    }

    private long Execute(DatabaseStatement statement, CancellationToken cancellationToken)
    {
        var prepared = Start(statement, cancellationToken);
        try
        {
            var before = raw.sqlite3_total_changes(Database);
            while (Step(prepared, cancellationToken))
            {
            }
            return raw.sqlite3_total_changes(Database) == before ? 0 : raw.sqlite3_changes(Database);
        }
        finally
        {
            End(prepared);
        }
    }

    private void Execute(ReadOnlySpan<byte> sql, CancellationToken cancellationToken)
    {
        var prepared = Prepare(sql);
        try
        {
            Step(prepared, cancellationToken);
        }
        finally
        {
            _ = raw.sqlite3_reset(prepared);
        }
    }

    private void Begin(bool readOnly, CancellationToken cancellationToken)
    {
        Watch(cancellationToken);
        if (!readOnly)
        {
            BecomeWriter(cancellationToken);
        }
        _readOnly = readOnly;
        Execute(readOnly ? "BEGIN"u8 : "BEGIN IMMEDIATE"u8, cancellationToken);
    }

    private void EndTransaction()
    {
        _readOnly = false;
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

    private sqlite3_stmt Prepare(ReadOnlySpan<byte> sql)
    {
        if (_found.TryGetValue(sql, out var known))
        {
            return known;
        }
        if (_statements.Count == MostStatements)
        {
            Forget();
        }
        // An empty array has no address, which SQLite takes for a mistake of its caller's.
        var translated = sql.IsEmpty ? " "u8.ToArray() : sql.ToArray();
        SqlitePlaceholders.Translate(translated);
        SqliteFaults.Check(Database, raw.sqlite3_prepare_v3(Database, translated, raw.SQLITE_PREPARE_PERSISTENT, out var prepared, out var rest));
        if (prepared is null || prepared.IsInvalid)
        {
            throw new ServiceException(AbiResult.Refused, "The statement is empty.", "42601");
        }
        if (!IsEmpty(rest))
        {
            prepared.Dispose();
            throw new ServiceException(AbiResult.Refused, "There is more than one statement: give several to batch.", "42601");
        }
        return _statements[sql.ToArray()] = prepared;
    }

    // Comments and semicolons after the statement are nothing: SQLite says so by preparing nothing.
    private bool IsEmpty(ReadOnlySpan<byte> rest)
    {
        if (rest.Trim("; \t\r\n"u8).Length == 0)
        {
            return true;
        }
        var result = raw.sqlite3_prepare_v3(Database, rest, 0, out var next);
        using (next)
        {
            return result == raw.SQLITE_OK && (next is null || next.IsInvalid);
        }
    }

    private void Forget()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }
        _statements.Clear();
    }
}
