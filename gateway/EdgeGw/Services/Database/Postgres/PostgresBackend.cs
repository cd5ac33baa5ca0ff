using System.Collections.Concurrent;
using EdgeGw.Epochs;
using Npgsql;

namespace EdgeGw.Services.Database.Postgres;

/// <summary>A database on a PostgreSQL server. Nothing in it blocks. Each of the actor's lanes has a session of its own, opened when it is needed first and kept.</summary>
internal sealed class PostgresBackend : IDatabaseBackend
{
    // A handler that writes values into its statements makes ever new ones: then all are forgotten.
    private const int MostStatements = 4096;

    private static readonly TimeSpan s_trusted = TimeSpan.FromSeconds(1);

    private readonly ConcurrentStack<PostgresConnection> _free = new();
    private readonly ConcurrentDictionary<byte[], PostgresSql> _statements = new(StatementKeys.Instance);
    private readonly ConcurrentDictionary<byte[], PostgresSql>.AlternateLookup<ReadOnlySpan<byte>> _found;
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlDataSource _probes;
    private readonly PostgresFaults _faults;
    private readonly TimeProvider _time;
    private volatile bool _disposed;

    private PostgresBackend(PostgresSettings settings, TimeProvider time)
    {
        _found = _statements.GetAlternateLookup<ReadOnlySpan<byte>>();
        _source = settings.Build(pooled: true);
        _probes = settings.Build(pooled: false);
        _faults = new PostgresFaults(settings.Server);
        _time = time;
        (MaxRowBytes, CancelTimeoutMs) = (settings.MaxRowBytes, settings.CancelTimeoutMs);
    }

    /// <inheritdoc/>
    public bool IsImmediate => false;

    /// <inheritdoc/>
    public bool Blocks => false;

    /// <inheritdoc/>
    public long MaxRowBytes { get; }

    /// <summary>How long the server may take to end what was cancelled.</summary>
    public int CancelTimeoutMs { get; }

    /// <summary>Makes one from its settings (<see cref="ServiceProviders"/>).</summary>
    public static PostgresBackend Create(EpochService config, string stateDirectory, TimeProvider time) => new(new PostgresSettings(config, stateDirectory), time);

    /// <inheritdoc/>
    public async ValueTask<DatabaseConnection> RentAsync(CancellationToken cancellationToken)
    {
        while (_free.TryPop(out var free))
        {
            if (free.IsOpen && (_time.GetElapsedTime(free.IdleSince) < s_trusted || await free.IsAliveAsync().ConfigureAwait(false)))
            {
                return free;
            }
            await free.DisposeAsync().ConfigureAwait(false);
        }
        var connection = new PostgresConnection(this, _source.CreateConnection());
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch (Exception e)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw new ServiceException(_faults.OfOpening(e));
        }
    }

    /// <inheritdoc/>
    public async ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        // A session of its own: those of the pool may all be waiting for a server that hangs, and say nothing of a new one.
        try
        {
            await using var connection = await _probes.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using var command = new NpgsqlCommand("SELECT 1", connection);
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new ServiceException(_faults.OfOpening(e));
        }
    }

    /// <inheritdoc/>
    public ServiceFault Classify(Exception exception) => _faults.OfStatement(exception);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        await CloseFreeAsync().ConfigureAwait(false);
        await _source.DisposeAsync().ConfigureAwait(false);
        await _probes.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>What is known of a statement.</summary>
    internal PostgresSql Read(ReadOnlySpan<byte> sql)
    {
        if (_found.TryGetValue(sql, out var known))
        {
            return known;
        }
        if (_statements.Count >= MostStatements)
        {
            _statements.Clear();
        }
        return _statements.GetOrAdd(sql.ToArray(), new PostgresSql(sql));
    }

    /// <summary>A connection comes back.</summary>
    internal async ValueTask ReturnAsync(PostgresConnection connection, bool isBroken)
    {
        if (isBroken)
        {
            // What broke one may have broken all: the next call opens its own and finds out how the server is.
            await connection.DisposeAsync().ConfigureAwait(false);
            await CloseFreeAsync().ConfigureAwait(false);
            _source.Clear();
            return;
        }
        connection.IdleSince = _time.GetTimestamp();
        _free.Push(connection);
        if (_disposed)
        {
            await CloseFreeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask CloseFreeAsync()
    {
        while (_free.TryPop(out var connection))
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }
}
