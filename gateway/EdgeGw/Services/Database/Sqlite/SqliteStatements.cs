using System.Text.Unicode;
using EdgeGw.Abi;
using SQLitePCL;

namespace EdgeGw.Services.Database.Sqlite;

/// <summary>The prepared statements of one connection: the last ones are kept.</summary>
internal sealed class SqliteStatements : IDisposable
{
    private const int Most = 128;
    private const int LongestKept = 16 * 1024;

    private readonly sqlite3 _database;
    private readonly SqliteActions _actions;
    private readonly Dictionary<byte[], SqliteStatement> _kept = new(StatementKeys.Instance);
    private readonly Dictionary<byte[], SqliteStatement>.AlternateLookup<ReadOnlySpan<byte>> _found;
    private long _runs;

    /// <summary>None yet.</summary>
    public SqliteStatements(sqlite3 database, SqliteActions actions)
    {
        (_database, _actions) = (database, actions);
        _found = _kept.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The statement of a text.</summary>
    public SqliteStatement Prepare(ReadOnlySpan<byte> sql)
    {
        if (_found.TryGetValue(sql, out var known))
        {
            known.LastRun = ++_runs;
            return known;
        }
        CheckText(sql);
        // An empty array has no address, which SQLite takes for a mistake of its caller's.
        var translated = sql.IsEmpty ? " "u8.ToArray() : sql.ToArray();
        SqlitePlaceholders.Translate(translated);
        var keep = sql.Length <= LongestKept;
        var made = PrepareFirst(translated, keep, out var rest) ?? throw new ServiceException(AbiResult.Refused, "The statement is empty.", "42601");
        try
        {
            CheckParameters(made);
            if (!IsEmpty(rest))
            {
                throw new ServiceException(AbiResult.Refused, "There is more than one statement: give several to batch.", "42601");
            }
        }
        catch
        {
            made.Dispose();
            throw;
        }
        if (keep)
        {
            MakeRoom();
            made.LastRun = ++_runs;
            _kept.Add(sql.ToArray(), made);
        }
        return made;
    }

    /// <summary>The first statement of a script, without parameters; null when there is none. It ends with its run.</summary>
    public SqliteStatement? PrepareFirst(ReadOnlySpan<byte> sql, out ReadOnlySpan<byte> rest)
    {
        rest = sql;
        var made = sql.Trim("; \t\r\n"u8).IsEmpty ? null : PrepareFirst(sql, keep: false, out rest);
        if (made?.Parameters > 0)
        {
            made.Dispose();
            throw new ServiceException(AbiResult.Refused, "A migration has no parameters.", "42P02");
        }
        return made;
    }

    /// <summary>Refuses what is no text, or has a zero byte: SQLite would take it for the end.</summary>
    public static void CheckText(ReadOnlySpan<byte> sql)
    {
        if (!Utf8.IsValid(sql) || sql.Contains((byte)0))
        {
            throw new ServiceException(AbiResult.Refused, "The statement is not UTF-8 text, or has a zero byte.", "22021");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in _kept.Values)
        {
            statement.Dispose();
        }
        _kept.Clear();
    }

    private SqliteStatement? PrepareFirst(ReadOnlySpan<byte> sql, bool keep, out ReadOnlySpan<byte> rest)
    {
        _actions.Begin();
        SqliteFaults.Check(_database, raw.sqlite3_prepare_v3(_database, sql, keep ? (uint)raw.SQLITE_PREPARE_PERSISTENT : 0, out var handle, out rest));
        return handle.IsInvalid ? null : new SqliteStatement(handle, _actions.Control, keep);
    }

    // Comments and semicolons are nothing: SQLite says so by preparing nothing.
    private bool IsEmpty(ReadOnlySpan<byte> rest)
    {
        if (rest.Trim("; \t\r\n"u8).IsEmpty)
        {
            return true;
        }
        var result = raw.sqlite3_prepare_v3(_database, rest, 0, out var next, out _);
        using (next)
        {
            return result == raw.SQLITE_OK && next.IsInvalid;
        }
    }

    // SQLite has other ways to write a parameter, and numbers them in its own way.
    private static void CheckParameters(SqliteStatement statement)
    {
        for (var i = 1; i <= statement.Parameters; i++)
        {
            if (raw.sqlite3_bind_parameter_name(statement.Handle, i).utf8_to_string() is { } name && name[0] != '?')
            {
                throw new ServiceException(AbiResult.Refused, $"'{name}' is no parameter: they are written $1, $2 and so on.", "42601");
            }
        }
    }

    private void MakeRoom()
    {
        if (_kept.Count == Most)
        {
            var (sql, oldest) = _kept.MinBy(pair => pair.Value.LastRun);
            _kept.Remove(sql);
            oldest.Dispose();
        }
    }
}
