using EdgeGw.Abi;
using EdgeGw.Epochs;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EdgeGw.Services.Database.Sqlite;

/// <summary>The embedded database: one file, many readers, one writer at a time. Writers of this process wait for each other here; those of other
/// processes, and of a service that is being replaced, for SQLite's lock.</summary>
internal sealed class SqliteBackend : IDatabaseBackend
{
    // SQLite's own waiting does not heed cancellation, so it is asked again after this long.
    private const int LongestWaitMs = 50;

    private readonly Stack<SqliteDatabaseConnection> _free = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly string _file;
    private readonly int _busyTimeoutMs;
    private readonly string _synchronous;
    private readonly TimeProvider _time;
    private bool _disposed;

    private SqliteBackend(string file, int busyTimeoutMs, string synchronous, long maxRowBytes, TimeProvider time)
    {
        (_file, _busyTimeoutMs, _synchronous, _time) = (file, busyTimeoutMs, synchronous, time);
        MaxRowBytes = maxRowBytes;
    }

    /// <inheritdoc/>
    public bool IsImmediate => false;

    /// <inheritdoc/>
    public bool Blocks => true;

    /// <inheritdoc/>
    public long MaxRowBytes { get; }

    /// <summary>Makes one from its settings.</summary>
    public static SqliteBackend Create(EpochService config, string stateDirectory, TimeProvider time)
    {
        var settings = new ServiceSettings(config, stateDirectory);
        return new(settings.Path("path"), (int)settings.Number("busyTimeoutMs"), settings.Text("synchronous"), settings.Number("maxRowBytes"), time);
    }

    /// <inheritdoc/>
    public ValueTask<DatabaseConnection> RentAsync(CancellationToken cancellationToken)
    {
        lock (_free)
        {
            if (_free.TryPop(out var free))
            {
                return ValueTask.FromResult<DatabaseConnection>(free);
            }
        }
        return ValueTask.FromResult<DatabaseConnection>(Open());
    }

    /// <inheritdoc/>
    public async ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        var connection = await RentAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await connection.ExecuteAsync(new DatabaseStatement("SELECT count(*) FROM sqlite_master"u8.ToArray(), default), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await connection.ReturnAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ServiceFault Classify(Exception exception) => exception switch
    {
        SqliteException failure => SqliteFaults.Of(failure),
        IOException or UnauthorizedAccessException => new ServiceFault(AbiResult.Unavailable, "The database's folder cannot be made or used.", "58030", BackendDown: true),
        OperationCanceledException => new ServiceFault(AbiResult.Cancelled, "The statement was cancelled.", "57014"),
        _ => new ServiceFault(AbiResult.Internal, $"The database failed: {exception.Message}"),
    };

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_free)
        {
            _disposed = true;
            while (_free.TryPop(out var connection))
            {
                connection.Dispose();
            }
        }
        return default;
    }

    /// <summary>A connection comes back.</summary>
    internal void Return(SqliteDatabaseConnection connection)
    {
        lock (_free)
        {
            if (!_disposed && !connection.HasLeftTraces)
            {
                _free.Push(connection);
                return;
            }
        }
        connection.Dispose();
    }

    /// <summary>How long to wait for other processes, from now.</summary>
    internal SqlitePatience Patience() => new(_time, _time.GetTimestamp(), _busyTimeoutMs);

    /// <summary>Waits until no other connection of this process writes.</summary>
    internal void EnterWriting(CancellationToken cancellationToken)
    {
        if (!_writing.Wait(_busyTimeoutMs, cancellationToken))
        {
            throw new ServiceException(AbiResult.Refused, $"Another request has been writing for {_busyTimeoutMs} ms (setting busyTimeoutMs), and SQLite has one writer at a time.", "55P03");
        }
    }

    /// <summary>The next writer may go on.</summary>
    internal void LeaveWriting() => _writing.Release();

    private SqliteDatabaseConnection Open()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _file, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false }.ToString());
        try
        {
            connection.Open();
            var database = connection.Handle!;
            SqliteFaults.Check(database, raw.sqlite3_busy_timeout(database, _busyTimeoutMs));
            foreach (var pragma in (ReadOnlySpan<string>)["journal_mode=WAL", "synchronous=" + _synchronous, "foreign_keys=ON", "trusted_schema=OFF"])
            {
                SqliteFaults.Check(database, raw.sqlite3_exec(database, $"PRAGMA {pragma}"));
            }
            SqliteFaults.Check(database, raw.sqlite3_busy_timeout(database, Math.Min(_busyTimeoutMs, LongestWaitMs)));
            // A value larger than a row may be is not even made.
            _ = raw.sqlite3_limit(database, raw.SQLITE_LIMIT_LENGTH, (int)MaxRowBytes);
            return new SqliteDatabaseConnection(this, connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}

/// <summary>Until when to wait for another process.</summary>
internal readonly struct SqlitePatience(TimeProvider time, long since, int milliseconds)
{
    /// <summary>Whether it is over.</summary>
    public bool IsOver => time.GetElapsedTime(since).TotalMilliseconds >= milliseconds;
}
