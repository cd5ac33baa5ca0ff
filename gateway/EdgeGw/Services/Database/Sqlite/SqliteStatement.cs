using EdgeGw.Abi;
using SQLitePCL;

namespace EdgeGw.Services.Database.Sqlite;

/// <summary>What a statement does to transactions.</summary>
internal enum SqliteControl
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>BEGIN, COMMIT, END or ROLLBACK.</summary>
    Transaction,
    /// <summary>SAVEPOINT or RELEASE.</summary>
    Savepoint,
    /// <summary>ROLLBACK TO.</summary>
    RollbackTo,
}

/// <summary>A prepared statement and what is known about it, so that it is found out once.</summary>
internal sealed class SqliteStatement(sqlite3_stmt handle, SqliteControl control, bool isKept) : IDisposable
{
    private const int Reprepared = 5; // SQLITE_STMTSTATUS_REPREPARE

    private int _described = -1;

    /// <summary>SQLite's.</summary>
    public sqlite3_stmt Handle { get; } = handle;

    /// <summary>What it does to transactions.</summary>
    public SqliteControl Control { get; } = control;

    /// <summary>Whether it stays with its connection, or ends with its run.</summary>
    public bool IsKept { get; } = isKept;

    /// <summary>Whether it leaves the file as it is.</summary>
    public bool IsReadOnly { get; } = raw.sqlite3_stmt_readonly(handle) != 0;

    /// <summary>The highest number of its parameters.</summary>
    public int Parameters { get; } = raw.sqlite3_bind_parameter_count(handle);

    /// <summary>When it was run last, in the connection's count of runs.</summary>
    public long LastRun { get; set; }

    /// <summary>The names of the columns.</summary>
    public string[] Names { get; private set; } = [];

    /// <summary>What the declarations of the columns mean.</summary>
    public AbiValueKind[] Kinds { get; private set; } = [];

    /// <summary>Reads the columns. Only after the first step: a statement whose tables have changed is prepared anew by it.</summary>
    public void Describe()
    {
        var prepared = raw.sqlite3_stmt_status(Handle, Reprepared, 0);
        if (prepared == _described)
        {
            return;
        }
        _described = prepared;
        var count = raw.sqlite3_column_count(Handle);
        (Names, Kinds) = (new string[count], new AbiValueKind[count]);
        for (var i = 0; i < count; i++)
        {
            Names[i] = raw.sqlite3_column_name(Handle, i).utf8_to_string();
            Kinds[i] = SqliteColumns.KindOf(raw.sqlite3_column_decltype(Handle, i).utf8_to_string());
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();
}
