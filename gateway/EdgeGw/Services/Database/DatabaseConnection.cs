using EdgeGw.Abi;
using EdgeGw.Interop;

namespace EdgeGw.Services.Database;

/// <summary>One connection of a database, used by one call at a time. Cancelling a statement's token ends it on the server as well, and leaves the connection usable or known as broken.</summary>
internal abstract class DatabaseConnection
{
    /// <summary>Runs a statement; its rows must be closed before the next one.</summary>
    public abstract ValueTask<DatabaseRows> QueryAsync(DatabaseStatement statement, CancellationToken cancellationToken);

    /// <summary>Runs a statement; gives the number of rows changed.</summary>
    public abstract ValueTask<long> ExecuteAsync(DatabaseStatement statement, CancellationToken cancellationToken);

    /// <summary>Runs statements in order and appends to the reply how many rows each has changed. Atomic when no transaction is open.</summary>
    public abstract ValueTask ExecuteManyAsync(IReadOnlyList<DatabaseStatement> statements, ReplyBuilder reply, CancellationToken cancellationToken);

    /// <summary>Runs all statements of a migration in the open transaction, without parameters. One that would begin or end a transaction is refused.</summary>
    public abstract ValueTask ExecuteScriptAsync(string sql, CancellationToken cancellationToken);

    /// <summary>Waits until no other transaction of this database, of whatever process, has done this; holds until the open transaction ends.</summary>
    public abstract ValueTask LockMigrationsAsync(CancellationToken cancellationToken);

    /// <summary>Opens a transaction.</summary>
    public abstract ValueTask BeginAsync(AbiIsolation isolation, bool readOnly, CancellationToken cancellationToken);

    /// <summary>Commits; a commit that the database turns into a rollback, because a statement had failed before, throws with 25P02.</summary>
    public abstract ValueTask CommitAsync(CancellationToken cancellationToken);

    /// <summary>Rolls back what is open. Does not throw: a connection that cannot is closed instead, which does it as well.</summary>
    public abstract ValueTask RollbackAsync();

    /// <summary>Gives the connection back, clean. Does not throw.</summary>
    public abstract ValueTask ReturnAsync();
}
