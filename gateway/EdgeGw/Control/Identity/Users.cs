using EdgeGw.Configuration;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Data;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Identity;

/// <summary>A user, without his password.</summary>
internal sealed record User(string Name, Scopes Scopes, bool Enabled, DateTimeOffset Created, DateTimeOffset? LastLogin, long Revision);

/// <summary>Who may log in. Names differ in more than the case of letters.</summary>
internal sealed class Users(ControlDatabase database, IdentitySettings settings, TimeProvider clock)
{
    private const string Columns = "SELECT name, scopes, enabled, created, last_login, revision FROM user";

    /// <summary>Whether there is none yet.</summary>
    internal bool AreNone() => database.Read(connection => connection.Number("SELECT count(*) FROM user") == 0);

    /// <summary>Some of them, by name, after one.</summary>
    internal IReadOnlyList<User> List(string after, int limit) => database.Read(
        connection => connection.Rows(Columns + " WHERE name > $after ORDER BY name LIMIT $limit", Read, ("$after", after), ("$limit", limit)));

    /// <summary>One of them; null when there is none of that name.</summary>
    internal User? Find(string name) => database.Read(connection => Find(connection, name));

    /// <summary>A user with the hash of his password, as long as he may log in.</summary>
    internal (User User, string Hash)? FindEnabled(string name) => database.Read(connection =>
    {
        var hash = connection.Row("SELECT password FROM user WHERE name = $name AND enabled", row => row.GetString(0), ("$name", name));
        return hash is not null && Find(connection, name) is { } user ? (user, hash) : ((User, string)?)null;
    });

    /// <summary>Adds one; the <paramref name="first"/> only while there is none. Throws <see cref="ChangeRefusedException"/>.</summary>
    internal User Add(string name, string hash, Scopes scopes, bool enabled, bool first = false) => database.Write(connection =>
    {
        var count = connection.Number("SELECT count(*) FROM user");
        if (first && count > 0)
        {
            throw new ChangeRefusedException(409, "The gateway is set up already: log in, or have a user made with 'edgegw users add'.");
        }
        if (count >= settings.MaxUsers)
        {
            throw new ChangeRefusedException(409, $"There are {count} users already, the most that Identity:MaxUsers allows.");
        }
        if (Find(connection, name) is { } known)
        {
            throw new ChangeRefusedException(409, $"There is a user '{known.Name}' already.");
        }
        connection.Run(
            "INSERT INTO user (name, password, scopes, enabled, created, revision) VALUES ($name, $password, $scopes, $enabled, $now, 1)",
            ("$name", name), ("$password", hash), ("$scopes", ScopeNames.Write(scopes)), ("$enabled", enabled), ("$now", Now));
        return Find(connection, name)!;
    });

    /// <summary>Changes what is not null, if the user is still at the revision (null: whatever it is). A new password, or being disabled, ends his sessions, but for <paramref name="keep"/>.</summary>
    internal User Change(string name, long? revision, Scopes? scopes, bool? enabled, string? hash, string? keep = null) => database.Write(connection =>
    {
        var user = Require(connection, name, revision);
        connection.Run(
            """
            UPDATE user SET scopes = coalesce($scopes, scopes), enabled = coalesce($enabled, enabled), password = coalesce($password, password), revision = revision + 1 WHERE name = $name
            """,
            ("$scopes", scopes is { } given ? ScopeNames.Write(given) : null), ("$enabled", enabled), ("$password", hash), ("$name", name));
        KeepAnAdministrator(connection, user);
        if (hash is not null || enabled == false)
        {
            connection.Run("DELETE FROM session WHERE user = $name AND id <> $keep", ("$name", user.Name), ("$keep", keep ?? ""));
            LoginGuard.Unlock(connection, name);
        }
        return Find(connection, name)!;
    });

    /// <summary>Takes one away, with his sessions.</summary>
    internal User Remove(string name, long? revision) => database.Write(connection =>
    {
        var user = Require(connection, name, revision);
        connection.Run("DELETE FROM user WHERE name = $name", ("$name", name));
        KeepAnAdministrator(connection, user);
        return user;
    });

    /// <summary>Notes a login, and the better hash if there is one.</summary>
    internal void LoggedIn(string name, string? better) => database.Write(connection => connection.Run(
        "UPDATE user SET last_login = $now, password = coalesce($password, password) WHERE name = $name", ("$now", Now), ("$password", better), ("$name", name)));

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private static User? Find(SqliteConnection connection, string name) => connection.Row(Columns + " WHERE name = $name", Read, ("$name", name));

    private static User Require(SqliteConnection connection, string name, long? revision)
    {
        var user = Find(connection, name) ?? throw new ChangeRefusedException(404, $"There is no user '{name}'.");
        return revision is null || revision == user.Revision ? user
            : throw new ChangeRefusedException(412, $"The user '{user.Name}' has been changed meanwhile: it is at revision {user.Revision}, not {revision}. Read it again.") { Revision = user.Revision };
    }

    // Rolled back with the change: without one, the Admin UI could be used by nobody, and the setup would not begin again.
    private static void KeepAnAdministrator(SqliteConnection connection, User changed)
    {
        if (changed.Enabled && changed.Scopes.HasFlag(Scopes.Admin)
            && !connection.Rows(Columns + " WHERE enabled", Read).Any(user => user.Scopes.HasFlag(Scopes.Admin)))
        {
            throw new ChangeRefusedException(409, $"'{changed.Name}' is the last user who may do everything; give another one the scope admin first.");
        }
    }

    private static User Read(SqliteDataReader row) => new(row.GetString(0), ScopeNames.Read(row.GetString(1)), row.GetBoolean(2), row.Time(3), row.TimeOrNull(4), row.GetInt64(5));
}
