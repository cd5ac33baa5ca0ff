using System.Security.Cryptography;
using System.Text;
using EdgeGw.Abi;
using EdgeGw.Epochs;
using EdgeGw.Interop;

namespace EdgeGw.Services.Database.Migrations;

/// <summary>Applies migrations to a database: each once and in order, each in a transaction of its own together with the row that remembers it, so that a worker that dies leaves none half
/// applied. Several at once wait for each other.</summary>
internal sealed class DatabaseMigrator(IDatabaseBackend database, TimeProvider time)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private static readonly byte[] s_create =
        "create table if not exists edgegw_migrations (number bigint primary key, name text not null, sha256 text not null, applied timestamp not null default current_timestamp)"u8.ToArray();

    private static readonly byte[] s_all = "select name, sha256 from edgegw_migrations"u8.ToArray();
    private static readonly byte[] s_one = "select name, sha256 from edgegw_migrations where number = $1"u8.ToArray();
    private static readonly byte[] s_remember = "insert into edgegw_migrations (number, name, sha256) values ($1, $2, $3)"u8.ToArray();

    private readonly ReplyBuilder _rows = new();

    /// <summary>Applies what the database does not have yet, of a list that is right by <see cref="MigrationRules"/>.</summary>
    public async Task<MigrationOutcome> RunAsync(IReadOnlyList<Migration> migrations, CancellationToken cancellationToken)
    {
        var outcome = new MigrationOutcome();
        var connection = await database.RentAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await BeginAsync(connection, cancellationToken).ConfigureAwait(false);
            await connection.ExecuteAsync(new DatabaseStatement(s_create, default), cancellationToken).ConfigureAwait(false);
            var known = (await ReadAsync(connection, new DatabaseStatement(s_all, default), cancellationToken).ConfigureAwait(false)).ToDictionary(row => MigrationRules.Number(row.Name) ?? 0);
            await connection.CommitAsync(cancellationToken).ConfigureAwait(false);
            foreach (var migration in migrations)
            {
                if (known.TryGetValue(NumberOf(migration), out var before) && Conflict(migration, before) is { } conflict)
                {
                    outcome.Faults.Add(conflict);
                }
            }
            foreach (var migration in outcome.Faults.Count > 0 ? [] : migrations)
            {
                if (known.ContainsKey(NumberOf(migration)))
                {
                    outcome.Present++;
                }
                else if (!await TryApplyAsync(connection, migration, outcome, cancellationToken).ConfigureAwait(false))
                {
                    break;
                }
            }
            return outcome;
        }
        finally
        {
            await connection.RollbackAsync().ConfigureAwait(false);
            await connection.ReturnAsync().ConfigureAwait(false);
        }
    }

    // False: it failed, and nothing comes after it.
    private async Task<bool> TryApplyAsync(DatabaseConnection connection, Migration migration, MigrationOutcome outcome, CancellationToken cancellationToken)
    {
        try
        {
            await BeginAsync(connection, cancellationToken).ConfigureAwait(false);
            var number = new ServiceValue(AbiValueKind.Int64, NumberOf(migration), default, null);
            var before = await ReadAsync(connection, new DatabaseStatement(s_one, new[] { number }), cancellationToken).ConfigureAwait(false);
            if (before.Count > 0)
            {
                // Somebody else has applied it since the list was read.
                await connection.RollbackAsync().ConfigureAwait(false);
                if (Conflict(migration, before[0]) is { } conflict)
                {
                    outcome.Faults.Add(conflict);
                    return false;
                }
                outcome.Present++;
                return true;
            }
            await connection.ExecuteScriptAsync(migration.Sql, cancellationToken).ConfigureAwait(false);
            var row = new DatabaseStatement(s_remember, new[] { number, TextOf(migration.Name), TextOf(HashOf(migration)) });
            await connection.ExecuteAsync(row, cancellationToken).ConfigureAwait(false);
            await connection.CommitAsync(cancellationToken).ConfigureAwait(false);
            outcome.Applied.Add(migration.Name);
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            await connection.RollbackAsync().ConfigureAwait(false);
            var fault = e is ServiceException known ? known.Fault : database.Classify(e);
            outcome.Faults.Add($"{migration.Name} failed and was rolled back: {fault.Error}");
            return false;
        }
    }

    // What is read after the lock must be what is there then, whatever isolation the database has by default.
    private async Task BeginAsync(DatabaseConnection connection, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await connection.BeginAsync(AbiIsolation.ReadCommitted, readOnly: false, cancellationToken).ConfigureAwait(false);
                await connection.LockMigrationsAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (ServiceException e) when (e.Fault.Code == "55P03")
            {
                // Another one writes for longer than requests would wait. A migration has its hour.
                await connection.RollbackAsync().ConfigureAwait(false);
                await Task.Delay(s_pause, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<List<(string Name, string Hash)>> ReadAsync(DatabaseConnection connection, DatabaseStatement statement, CancellationToken cancellationToken)
    {
        var found = new List<(string, string)>();
        var rows = await connection.QueryAsync(statement, cancellationToken).ConfigureAwait(false);
        try
        {
            bool more;
            do
            {
                _rows.Reset();
                more = await rows.WritePageAsync(_rows, 0, database.MaxRowBytes, cancellationToken).ConfigureAwait(false);
                for (var i = 0; i < _rows.Count; i += 2)
                {
                    found.Add((_rows.TextAt(i), _rows.TextAt(i + 1)));
                }
            }
            while (more);
        }
        finally
        {
            await rows.CloseAsync().ConfigureAwait(false);
        }
        return found;
    }

    private static string? Conflict(Migration migration, (string Name, string Hash) before) =>
        before.Name != migration.Name ? $"The database has {before.Name} as number {NumberOf(migration):d4}, not {migration.Name}: give the new one the next free number."
        : before.Hash != HashOf(migration) ? $"{migration.Name} was changed after it had been applied: undo that, and put what is new into a new migration."
        : null;

    private static int NumberOf(Migration migration) => MigrationRules.Number(migration.Name)!.Value;

    private static ServiceValue TextOf(string text) => new(AbiValueKind.Text, 0, Encoding.UTF8.GetBytes(text), null);

    // A checkout on another system may have other line ends.
    private static string HashOf(Migration migration) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(migration.Sql.ReplaceLineEndings("\n"))));
}

/// <summary>What came of migrations.</summary>
internal sealed class MigrationOutcome
{
    /// <summary>Those applied now.</summary>
    public List<string> Applied { get; } = [];

    /// <summary>How many had been applied before.</summary>
    public int Present { get; set; }

    /// <summary>Why it ended early, one sentence each.</summary>
    public List<string> Faults { get; } = [];
}
