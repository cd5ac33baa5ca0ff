namespace EdgeGw.Control.Catalog;

/// <summary>The catalog's tables in <c>control.db</c>. A step is never changed once released, only added to.</summary>
internal static class CatalogSchema
{
    /// <summary>The component's name for the database.</summary>
    internal const string Component = "catalog";

    /// <summary>The steps, in order.</summary>
    internal static IReadOnlyList<string> Steps { get; } =
    [
        """
        CREATE TABLE domain (
            id TEXT PRIMARY KEY, revision INTEGER NOT NULL, host TEXT NOT NULL UNIQUE, description TEXT NOT NULL, changed TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE collection (
            id TEXT PRIMARY KEY, revision INTEGER NOT NULL, domain TEXT NOT NULL REFERENCES domain (id), name TEXT NOT NULL, base_path TEXT NOT NULL,
            description TEXT NOT NULL, shared TEXT NOT NULL, changed TEXT NOT NULL, UNIQUE (domain, name)
        ) STRICT;
        CREATE TABLE endpoint (
            id TEXT PRIMARY KEY, revision INTEGER NOT NULL, collection TEXT NOT NULL REFERENCES collection (id), name TEXT NOT NULL UNIQUE, method TEXT, path TEXT,
            description TEXT NOT NULL, enabled INTEGER NOT NULL, kind TEXT NOT NULL, source TEXT NOT NULL, services TEXT NOT NULL, limits TEXT NOT NULL, settings TEXT NOT NULL,
            changed TEXT NOT NULL
        ) STRICT;
        CREATE INDEX endpoint_of_collection ON endpoint (collection);
        CREATE TABLE endpoint_version (
            endpoint TEXT NOT NULL REFERENCES endpoint (id) ON DELETE CASCADE, number INTEGER NOT NULL, created TEXT NOT NULL, principal TEXT NOT NULL, release TEXT NOT NULL,
            sha256 TEXT NOT NULL, build TEXT, source TEXT, handler TEXT NOT NULL, PRIMARY KEY (endpoint, number)
        ) STRICT;
        CREATE TABLE deployment (
            id INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT NOT NULL, principal TEXT NOT NULL, action TEXT NOT NULL, result TEXT NOT NULL, status INTEGER NOT NULL, epoch INTEGER,
            ms REAL NOT NULL, reason TEXT NOT NULL, reasons TEXT NOT NULL
        ) STRICT;
        CREATE TABLE deployment_handler (
            deployment INTEGER NOT NULL REFERENCES deployment (id) ON DELETE CASCADE, handler TEXT NOT NULL, change TEXT NOT NULL, release TEXT, sha256 TEXT, endpoint TEXT, version INTEGER,
            PRIMARY KEY (deployment, handler)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX deployment_of_handler ON deployment_handler (handler, deployment);
        CREATE INDEX deployment_of_endpoint ON deployment_handler (endpoint, deployment);
        """,
    ];
}
