using EdgeGw.Abi;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EdgeGw.Services.Database.Sqlite;

/// <summary>What SQLite's results mean to a handler: each has the SQLSTATE that PostgreSQL would give.</summary>
internal static class SqliteFaults
{
    private const int ConstraintDatatype = raw.SQLITE_CONSTRAINT | (12 << 8);

    private static readonly (string Words, string State)[] s_words =
    [
        ("no such table", "42P01"),
        ("no such view", "42P01"),
        ("no such column", "42703"),
        ("has no column", "42703"),
        ("ambiguous column", "42702"),
        ("duplicate column", "42701"),
        ("no such function", "42883"),
        ("wrong number of arguments", "42883"),
        ("already exists", "42P07"),
        ("reserved for internal use", "42P07"),
        ("no such savepoint", "3B001"),
        ("no such index", "42704"),
        ("variable number must be", "42P02"),
        ("misuse of", "42803"),
        ("malformed JSON", "22P02"),
        ("integer overflow", "22003"),
        ("syntax error", "42601"),
        ("incomplete input", "42601"),
        ("unrecognized token", "42601"),
        ("values were supplied", "42601"),
        ("values for", "42601"),
        ("too many SQL variables", "54023"),
        ("no transaction is active", "25P01"),
    ];

    /// <summary>Throws unless it is good.</summary>
    public static void Check(sqlite3 database, int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw new ServiceException(Of(raw.sqlite3_extended_errcode(database), raw.sqlite3_errmsg(database).utf8_to_string()));
        }
    }

    /// <summary>A failure to open.</summary>
    public static ServiceFault Of(SqliteException exception) => Of(exception.SqliteExtendedErrorCode, exception.Message);

    private static ServiceFault Of(int extended, string message)
    {
        var text = message.TrimEnd('.');
        return (extended & 0xFF) switch
        {
            raw.SQLITE_TOOBIG => new ServiceFault(AbiResult.TooLarge, $"A value or row is larger than this database service takes (setting maxRowBytes): {text}.", "54000"),
            raw.SQLITE_NOMEM => new ServiceFault(AbiResult.OutOfMemory, "SQLite has not enough memory for this statement."),
            raw.SQLITE_IOERR or raw.SQLITE_CORRUPT or raw.SQLITE_CANTOPEN or raw.SQLITE_NOTADB or raw.SQLITE_PERM =>
                new ServiceFault(AbiResult.Unavailable, $"The database's file cannot be used: {text}.", "58030", BackendDown: true),
            var code => new ServiceFault(AbiResult.Refused, $"The database refused the statement: {text}.", StateOf(code, extended, text)),
        };
    }

    private static string StateOf(int code, int extended, string message) => extended switch
    {
        raw.SQLITE_CONSTRAINT_UNIQUE or raw.SQLITE_CONSTRAINT_PRIMARYKEY or raw.SQLITE_CONSTRAINT_ROWID => "23505",
        raw.SQLITE_CONSTRAINT_NOTNULL => "23502",
        raw.SQLITE_CONSTRAINT_FOREIGNKEY => "23503",
        raw.SQLITE_CONSTRAINT_CHECK => "23514",
        raw.SQLITE_CONSTRAINT_TRIGGER => "P0001",
        ConstraintDatatype => "42804",
        raw.SQLITE_BUSY_SNAPSHOT => "40001",
        _ => code switch
        {
            raw.SQLITE_CONSTRAINT => "23000",
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "55P03",
            raw.SQLITE_READONLY => "25006",
            raw.SQLITE_INTERRUPT => "57014",
            raw.SQLITE_FULL => "53100",
            raw.SQLITE_MISMATCH => "42804",
            raw.SQLITE_AUTH => "42501",
            _ => StateOf(message),
        },
    };

    // The rest has one code at SQLite, and is told apart by its words.
    private static string StateOf(string message)
    {
        foreach (var (words, state) in s_words)
        {
            if (message.Contains(words, StringComparison.Ordinal))
            {
                return state;
            }
        }
        return "42000";
    }
}
