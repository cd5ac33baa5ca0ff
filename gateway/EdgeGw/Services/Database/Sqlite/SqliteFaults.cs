using EdgeGw.Abi;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EdgeGw.Services.Database.Sqlite;

/// <summary>What SQLite's results mean to a handler: each has the SQLSTATE that PostgreSQL would give.</summary>
internal static class SqliteFaults
{
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
        raw.SQLITE_BUSY_SNAPSHOT => "40001",
        _ => code switch
        {
            raw.SQLITE_CONSTRAINT => "23000",
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "55P03",
            raw.SQLITE_READONLY => "25006",
            raw.SQLITE_INTERRUPT => "57014",
            raw.SQLITE_TOOBIG => "54000",
            raw.SQLITE_FULL => "53100",
            raw.SQLITE_MISMATCH => "42804",
            raw.SQLITE_AUTH => "42501",
            _ when message.StartsWith("no such table", StringComparison.Ordinal) => "42P01",
            _ when message.StartsWith("no such column", StringComparison.Ordinal) => "42703",
            _ when message.StartsWith("no such function", StringComparison.Ordinal) => "42883",
            _ when message.Contains("already exists", StringComparison.Ordinal) => "42P07",
            _ when message.Contains("syntax error", StringComparison.Ordinal) || message.StartsWith("incomplete input", StringComparison.Ordinal)
                || message.StartsWith("unrecognized token", StringComparison.Ordinal) => "42601",
            _ when message.StartsWith("cannot commit", StringComparison.Ordinal) || message.StartsWith("cannot rollback", StringComparison.Ordinal) => "25P01",
            _ => "42000",
        },
    };
}
