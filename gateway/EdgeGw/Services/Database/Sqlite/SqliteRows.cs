using EdgeGw.Abi;
using EdgeGw.Interop;
using SQLitePCL;

namespace EdgeGw.Services.Database.Sqlite;

/// <summary>The rows of SQLite's statement. Kept with its connection.</summary>
internal sealed class SqliteRows(SqliteDatabaseConnection connection) : DatabaseRows
{
    private sqlite3_stmt? _statement;
    private AbiValueKind[] _kinds = [];
    private int _columns;
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
            for (var i = 0; i < _columns; i++)
            {
                size += SqliteColumns.SizeOf(_statement!, i);
            }
            return size;
        }
    }

    /// <summary>Begins with a bound statement.</summary>
    public void Open(sqlite3_stmt statement, CancellationToken cancellationToken)
    {
        _changesBefore = raw.sqlite3_total_changes(connection.Database);
        try
        {
            // The columns are certain only now: a statement whose tables have changed is prepared anew by its first step.
            _first = connection.Step(statement, cancellationToken);
        }
        catch
        {
            connection.End(statement);
            throw;
        }
        _statement = statement;
        _columns = raw.sqlite3_column_count(statement);
        if (_kinds.Length < _columns)
        {
            _kinds = new AbiValueKind[_columns];
        }
        for (var i = 0; i < _columns; i++)
        {
            _kinds[i] = SqliteColumns.KindOf(raw.sqlite3_column_decltype(statement, i).utf8_to_string());
        }
    }

    /// <inheritdoc/>
    public override void WriteNames(ReplyBuilder reply)
    {
        for (var i = 0; i < _columns; i++)
        {
            reply.Name(raw.sqlite3_column_name(_statement!, i).utf8_to_string());
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
        connection.Watch(cancellationToken);
        return ValueTask.FromResult(connection.Step(_statement, cancellationToken));
    }

    /// <inheritdoc/>
    protected override void WriteRow(ReplyBuilder reply)
    {
        for (var i = 0; i < _columns; i++)
        {
            SqliteColumns.Write(_statement!, i, _kinds[i], reply);
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
