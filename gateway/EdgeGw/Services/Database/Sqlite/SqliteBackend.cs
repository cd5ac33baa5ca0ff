using System.Collections.Concurrent;
using System.Globalization;
using EdgeGw.Abi;
using EdgeGw.Epochs;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EdgeGw.Services.Database.Sqlite;

/// <summary>The embedded database: one file, many readers, one writer at a time. Writers of this process wait for each other here, in order; those of other processes for SQLite's lock.</summary>
internal sealed class SqliteBackend : IDatabaseBackend
{
    private readonly ConcurrentStack<SqliteDatabaseConnection> _free = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly string _file;
    private readonly int _busyTimeoutMs;
    private readonly string _synchronous;
    private volatile bool _disposed;

    private SqliteBackend(string file, int busyTimeoutMs, string synchronous, long maxRowBytes)
    {
        (_file, _busyTimeoutMs, _synchronous) = (file, busyTimeoutMs, synchronous);
        MaxRowBytes = maxRowBytes;
    }

    /// <inheritdoc/>
    public bool IsImmediate => false;

    /// <inheritdoc/>
    public bool Blocks => true;

    /// <inheritdoc/>
    public long MaxRowBytes { get; }

    /// <summary>Makes one from its settings.</summary>
    public static SqliteBackend Create(EpochService config, string stateDirectory)
    {
        var settings = new ServiceSettings(config, stateDirectory);
        return new(settings.Path("path"), (int)settings.Number("busyTimeoutMs"), settings.Text("synchronous"), settings.Number("maxRowBytes"));
    }

    /// <inheritdoc/>
    public ValueTask<DatabaseConnection> RentAsync(CancellationToken cancellationToken) => ValueTask.FromResult<DatabaseConnection>(_free.TryPop(out var free) ? free : Open());

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
        _disposed = true;
        while (_free.TryPop(out var connection))
        {
            connection.Dispose();
        }
        return default;
    }

    /// <summary>A connection comes back.</summary>
    internal void Return(SqliteDatabaseConnection connection)
    {
        if (_disposed)
        {
            connection.Dispose();
        }
        else
        {
            _free.Push(connection);
        }
    }

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
                SqliteFaults.Check(database, raw.sqlite3_exec(database, string.Create(CultureInfo.InvariantCulture, $"PRAGMA {pragma}")));
            }
            return new SqliteDatabaseConnection(this, connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
