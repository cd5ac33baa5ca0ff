using EdgeGw.Control.Changes;
using EdgeGw.Control.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Data;

/// <summary>What control keeps besides the epochs, in <c>control.db</c> of the state directory: SQLite in WAL mode, mode 0600. Any thread may read; writers have their turns. Opened by whoever uses it
/// first. What was written is on the disk when <see cref="Write{T}"/> returns. Faults of the disk are <see cref="ChangeRefusedException"/>s (507).</summary>
internal sealed class ControlDatabase : IDisposable
{
    // Another process may have it open for a moment: a backup, an operator with the sqlite3 tool.
    private const int BusySeconds = 5;

    private readonly string _path;
    private readonly string _connectionString;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, IReadOnlyList<string>> _steps = [];
    private readonly Stack<SqliteConnection> _readers = new();
    private SqliteConnection? _writer;
    private bool _isDisposed;

    /// <summary>The database of a file, which need not exist.</summary>
    internal ControlDatabase(string path)
    {
        _path = path;
        // Connections are kept here: the library's own pool would outlive this one, and what a restore puts in the file's place.
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = BusySeconds }.ToString();
    }

    /// <summary>Has a component's tables made or brought up to date before they are first used: the steps in order, each once, each a transaction. Steps are never changed once released, only added.</summary>
    internal void Migrate(string component, IReadOnlyList<string> steps)
    {
        lock (_lock)
        {
            _steps.Add(component, steps);
            if (_writer is not null)
            {
                Bring(_writer, component, steps);
            }
        }
    }

    /// <summary>Whether anybody has used it yet: there is nothing to read as long as nobody has.</summary>
    internal bool Exists => File.Exists(_path);

    /// <summary>Reads, in one snapshot.</summary>
    internal T Read<T>(Func<SqliteConnection, T> read)
    {
        SqliteConnection? reader = null;
        try
        {
            reader = RentReader();
            using var snapshot = reader.BeginTransaction(deferred: true);
            return read(reader);
        }
        catch (SqliteException e)
        {
            throw Refused(e);
        }
        finally
        {
            if (reader is not null)
            {
                Return(reader);
            }
        }
    }

    /// <summary>Writes in one transaction: all of it, or nothing when <paramref name="write"/> throws. Must not be nested.</summary>
    internal T Write<T>(Func<SqliteConnection, T> write)
    {
        lock (_lock)
        {
            try
            {
                var writer = Writer();
                using var transaction = writer.BeginTransaction(deferred: false);
                var result = write(writer);
                transaction.Commit();
                return result;
            }
            catch (SqliteException e)
            {
                throw Refused(e);
            }
        }
    }

    /// <summary>Writes in one transaction.</summary>
    internal void Write(Action<SqliteConnection> write) => Write(connection =>
    {
        write(connection);
        return true;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            while (_readers.TryPop(out var reader))
            {
                reader.Dispose();
            }
            _writer?.Dispose();
            _writer = null;
        }
    }

    private SqliteConnection RentReader()
    {
        lock (_lock)
        {
            // The first one makes the file and its tables.
            _ = Writer();
            if (_readers.TryPop(out var free))
            {
                return free;
            }
        }
        return Connect();
    }

    private void Return(SqliteConnection reader)
    {
        lock (_lock)
        {
            // As many as there ever were at once: the Admin API's requests are bounded.
            if (!_isDisposed)
            {
                _readers.Push(reader);
                return;
            }
        }
        reader.Dispose();
    }

    private SqliteConnection Writer()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_writer is not null)
        {
            return _writer;
        }
        try
        {
            // SQLite would make it with the umask's mode, and its -wal and -shm files get the mode of this one.
            new FileStream(_path, Files.CreateOptions(FileMode.OpenOrCreate, FileAccess.ReadWrite)).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ChangeRefusedException.NotWritable(e);
        }
        var writer = Connect();
        try
        {
            Execute(writer, "PRAGMA journal_mode = WAL");
            Execute(writer, "PRAGMA synchronous = FULL");
            Execute(writer, "CREATE TABLE IF NOT EXISTS component (name TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID");
            foreach (var (component, steps) in _steps)
            {
                Bring(writer, component, steps);
            }
        }
        catch
        {
            writer.Dispose();
            throw;
        }
        return _writer = writer;
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA foreign_keys = ON");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Bring(SqliteConnection writer, string component, IReadOnlyList<string> steps)
    {
        using var select = writer.CreateCommand();
        select.CommandText = "SELECT version FROM component WHERE name = $name";
        select.Parameters.AddWithValue("$name", component);
        var version = select.ExecuteScalar() is long known ? (int)known : 0;
        if (version > steps.Count)
        {
            throw new ChangeRefusedException(500, $"'{_path}' was written by a later edgegw ({component} {version}, this one knows {steps.Count}); run that one, or restore a backup made by this one.");
        }
        for (var step = version; step < steps.Count; step++)
        {
            using var transaction = writer.BeginTransaction(deferred: false);
            Execute(writer, steps[step]);
            using var update = writer.CreateCommand();
            update.CommandText = "INSERT INTO component (name, version) VALUES ($name, $version) ON CONFLICT (name) DO UPDATE SET version = $version";
            update.Parameters.AddWithValue("$name", component);
            update.Parameters.AddWithValue("$version", step + 1);
            update.ExecuteNonQuery();
            transaction.Commit();
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private ChangeRefusedException Refused(SqliteException error) => error.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_FULL => new ChangeRefusedException(507, "The state directory cannot be written: the disk is full; free some space and try again. Nothing was changed."),
        SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_PERM =>
            new ChangeRefusedException(507, $"'{_path}' cannot be used: {error.Message}. Nothing was changed."),
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB =>
            new ChangeRefusedException(500, $"'{_path}' is damaged: {error.Message}; stop the gateway and restore a backup, or move the file away to begin with an empty one."),
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => new ChangeRefusedException(503, $"'{_path}' has been held by another process for {BusySeconds} s; end that one and try again."),
        _ => throw error,
    };
}
