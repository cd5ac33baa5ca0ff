using SQLitePCL;

namespace EdgeGw.Services.Database.Sqlite;

/// <summary>Learns from SQLite what a statement does while it is prepared: whether it controls transactions, and whether it leaves something on the connection that the next user must
/// not see.</summary>
internal sealed class SqliteActions
{
    // The pragmas whose argument only says what to read.
    private static readonly HashSet<string> s_reading = new(
        ["table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list", "foreign_key_check", "integrity_check", "quick_check", "optimize", "wal_checkpoint"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>What the statement prepared last does to transactions.</summary>
    public SqliteControl Control { get; private set; }

    /// <summary>Whether a statement made something that stays with the connection: a temporary table, an attached file, a changed setting.</summary>
    public bool HasLeftTraces { get; private set; }

    /// <summary>Begins to listen to a connection.</summary>
    public void Listen(sqlite3 database) => SqliteFaults.Check(database, raw.sqlite3_set_authorizer(database, Seen, this));

    /// <summary>A statement is about to be prepared.</summary>
    public void Begin() => Control = SqliteControl.None;

    private static int Seen(object self, int action, utf8z first, utf8z second, utf8z database, utf8z inner)
    {
        ((SqliteActions)self).Saw(action, first, second);
        return raw.SQLITE_OK;
    }

    private void Saw(int action, utf8z first, utf8z second)
    {
        switch (action)
        {
            case raw.SQLITE_TRANSACTION:
                Control = SqliteControl.Transaction;
                break;
            case raw.SQLITE_SAVEPOINT:
                Control = first.utf8_to_string() == "ROLLBACK" ? SqliteControl.RollbackTo : SqliteControl.Savepoint;
                break;
            case raw.SQLITE_ATTACH or raw.SQLITE_DETACH or raw.SQLITE_CREATE_TEMP_TABLE or raw.SQLITE_CREATE_TEMP_VIEW or raw.SQLITE_CREATE_TEMP_TRIGGER or raw.SQLITE_CREATE_TEMP_INDEX:
            case raw.SQLITE_PRAGMA when second.utf8_to_string() is not null && !s_reading.Contains(first.utf8_to_string()):
                HasLeftTraces = true;
                break;
        }
    }
}
