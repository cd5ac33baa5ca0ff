namespace EdgeGw.Cli.Tests;

/// <summary>Answers of the Admin API, in the shapes of docs/admin-api.md.</summary>
internal static class Answers
{
    public const string Status = """
        { "version": "0.1.0", "abi": "1.0", "epoch": 12, "state": "/var/lib/edgegw", "ready": true, "reasons": [],
          "listen": ["http://127.0.0.1:8080"], "admin": "http://127.0.0.1:8081",
          "control": { "pid": 10, "uptimeMs": 65000, "rssBytes": 23000000 },
          "worker": { "pid": 11, "uptimeMs": 900, "rssBytes": 25000000, "restarts": 1, "inFlight": 0, "requests": 5, "threads": 9 },
          "handlers": [ { "name": "hello", "version": "1.0.1", "sha256": "aabbccddeeff00112233", "routes": 2, "state": "live" } ],
          "versions": [
            { "handler": "hello", "version": "1.0.1", "sha256": "aabbccddeeff00112233", "state": "live", "inFlight": 0, "requests": 5,
              "loadedAt": "2026-01-01T11:58:00Z", "loadMs": 1.2, "rssBytes": 1500000, "threads": 1, "error": null },
            { "handler": "hello", "version": "1.0.0", "sha256": "00112233445566778899", "state": "draining", "inFlight": 12, "requests": 1234567,
              "loadedAt": "2026-01-01T10:00:00Z", "loadMs": 41.7, "rssBytes": 2500000, "threads": 1, "error": "a thread was \u001b[2Jlost" } ] }
        """;

    public const string Routes = """
        { "routes": [
          { "method": "GET", "host": "*", "pattern": "/hello/{name}", "handler": "hello", "version": "1.0.1", "name": "Hello.Get", "deadlineMs": 30000, "maxBodyBytes": 30000000, "concurrency": 512 },
          { "method": "POST", "host": "api.example.com", "pattern": "/other", "handler": "other", "version": "2", "name": "Other", "deadlineMs": 2000, "maxBodyBytes": 512, "concurrency": 8 } ] }
        """;

    public const string Epochs = """
        { "epochs": [
          { "number": 13, "current": true, "created": "2026-01-01T11:59:30Z", "action": "deploy", "reason": "deploy hello 1.0.1", "parent": 12, "restores": null,
            "handlers": [ { "name": "hello", "version": "1.0.1", "sha256": "aa" }, { "name": "other", "version": "2", "sha256": "bb" } ] },
          { "number": 12, "current": false, "created": "2025-12-30T11:00:00Z", "action": "undeploy", "reason": "undeploy old", "parent": 11, "restores": null, "handlers": [] } ] }
        """;

    public const string Services = """
        { "services": [
          { "kind": "database", "name": "main", "provider": "sqlite", "enabled": true, "builtIn": true, "settings": {}, "defaults": { "path": "data/main.db" }, "poolSize": 16, "queueLength": 1024,
            "timeoutMs": 10000, "handlers": [], "health": null },
          { "kind": "database", "name": "orders", "provider": "postgres", "enabled": true, "builtIn": false, "settings": { "host": "db.example.com", "password": "env:PW" },
            "defaults": { "port": "5432" }, "poolSize": 8, "queueLength": 64, "timeoutMs": 2500, "handlers": [ { "handler": "shop", "as": "database:main" }, { "handler": "admin", "as": "database:orders" } ],
            "health": { "state": "down", "error": "the server \u001b[2Jis gone", "queued": 3, "running": 8, "calls": 1234, "errors": 1, "busy": 2, "timeouts": 4 } },
          { "kind": "cache", "name": "default", "provider": "memory", "enabled": false, "builtIn": false, "settings": {}, "defaults": {}, "poolSize": 16, "queueLength": 1024, "timeoutMs": 10000,
            "handlers": [], "health": { "state": "up", "error": null, "queued": 0, "running": 0, "calls": 7, "errors": 0, "busy": 0, "timeouts": 0 } } ] }
        """;

    /// <summary>One of <see cref="Services"/>.</summary>
    public static string Service(int index) => System.Text.Json.JsonDocument.Parse(Services).RootElement.GetProperty("services")[index].GetRawText();

    public static string ServiceChange(string reason, bool changed = true) =>
        $$"""{ "epoch": 14, "reason": "{{reason}}", "changed": {{(changed ? "true" : "false")}}, "handlers": [], "scout": null, "elapsedMs": 12.3, "drained": null }""";

    public static string Change(string sha256, string reason = "deploy hello 1.0.1", string drained = "null") => $$"""
        { "epoch": 13, "reason": "{{reason}}", "handlers": [ { "name": "hello", "version": "1.0.1", "sha256": "{{sha256}}" } ],
          "scout": { "abi": "1.0", "loadMs": 3.1, "rssBytes": 1600000, "threads": 1, "routes": 2 }, "elapsedMs": 41.2, "drained": {{drained}} }
        """;
}
