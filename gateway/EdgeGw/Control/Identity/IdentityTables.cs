using EdgeGw.Control.Data;

namespace EdgeGw.Control.Identity;

/// <summary>The tables of users, sessions, keys, failed logins and the audit log. Times are milliseconds since 1970, scopes their names with spaces between them.</summary>
internal static class IdentityTables
{
    /// <summary>Has them made when the database is first used.</summary>
    internal static void Register(ControlDatabase database) => database.Migrate("identity",
    [
        """
        CREATE TABLE user (
            name TEXT PRIMARY KEY COLLATE NOCASE, password TEXT NOT NULL, scopes TEXT NOT NULL, enabled INTEGER NOT NULL,
            created INTEGER NOT NULL, last_login INTEGER, revision INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE session (
            id TEXT PRIMARY KEY, token BLOB NOT NULL UNIQUE, previous BLOB UNIQUE, previous_until INTEGER,
            user TEXT NOT NULL REFERENCES user (name) ON DELETE CASCADE ON UPDATE CASCADE, csrf TEXT NOT NULL,
            created INTEGER NOT NULL, seen INTEGER NOT NULL, rotated INTEGER NOT NULL, address TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX session_user ON session (user);
        CREATE TABLE api_key (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, hash BLOB NOT NULL, scopes TEXT NOT NULL,
            created INTEGER NOT NULL, created_by TEXT NOT NULL, expires INTEGER, last_used INTEGER) WITHOUT ROWID;
        CREATE TABLE login_failure (subject TEXT PRIMARY KEY, failures INTEGER NOT NULL, last INTEGER NOT NULL, locked_until INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, who TEXT NOT NULL, kind TEXT NOT NULL, address TEXT NOT NULL,
            method TEXT NOT NULL, path TEXT NOT NULL, status INTEGER NOT NULL, detail TEXT);
        """,
    ]);
}
