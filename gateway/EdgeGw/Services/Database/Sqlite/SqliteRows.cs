using EdgeGw.Interop;
using SQLitePCL;

namespace EdgeGw.Services.Database.Sqlite;

/// <summary>The rows of SQLite's statement. Kept with its connection.</summary>
internal sealed class SqliteRows(SqliteDatabaseConnection connection) : DatabaseRows
{
    private SqliteStatement? _statement;
    private int _changesBefore;
    private bool? _first;

    /// <inheritdoc/>
    protected override ulong Affected => raw.sqlite3_total_changes(connection.Database) == _changesBefore ? 0 : (ulong)raw.sqlite3_changes(connection.Database);

    /// <inheritdoc/>
    protected override long RowSize
    {
        get
        {
            var size = 0L;
            for (var i = 0; i < _statement!.Kinds.Length; i++)
            {
                size += SqliteColumns.SizeOf(_statement.Handle, i);
            }
            return size;
        }
    }

    /// <summary>Begins with a bound statement.</summary>
    public void Open(SqliteStatement statement, CancellationToken cancellationToken)
    {
        _changesBefore = raw.sqlite3_total_changes(connection.Database);
        try
        {
            _first = connection.StepFirst(statement, cancellationToken);
        }
        catch
        {
            connection.Fail();
            connection.End(statement);
            throw;
        }
        statement.Describe();
        _statement = statement;
    }

    /// <inheritdoc/>
    public override void WriteNames(ReplyBuilder reply)
    {
        foreach (var name in _statement!.Names)
        {
            reply.Name(name);
        }
    }

    /// <inheritdoc/>
    protected override ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_first is { } first)
        {
            _first = null;
            return ValueTask.FromResult(first);
        }
        if (_statement is null)
        {
            return ValueTask.FromResult(false);
        }
        try
        {
            return ValueTask.FromResult(connection.Step(_statement, cancellationToken));
        }
        catch
        {
            connection.Fail();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void WriteRow(ReplyBuilder reply)
    {
        for (var i = 0; i < _statement!.Kinds.Length; i++)
        {
            SqliteColumns.Write(_statement.Handle, i, _statement.Kinds[i], reply);
        }
    }

    /// <inheritdoc/>
    protected override ValueTask EndAsync()
    {
        if (_statement is { } statement)
        {
            (_statement, _first) = (null, null);
            connection.End(statement);
        }
        return default;
    }
}
