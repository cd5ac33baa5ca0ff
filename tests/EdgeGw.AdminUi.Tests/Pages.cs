namespace EdgeGw.AdminUi.Tests;

/// <summary>Every page with its heading.</summary>
public static class Pages
{
    /// <summary>All of them, where a gateway with a crash shows something.</summary>
    public static IReadOnlyList<(string Path, string Heading)> All { get; } =
    [
        ("/", "Dashboard"), ("/endpoints", "Endpoints"), ("/import", "Import"), ("/services", "Services"), ("/routes", "Routes"), ("/deployments", "Deployments"), ("/crashes", "Crashes"), ("/crashes/1", "crash 1.0.0 crashed the worker"), ("/logs", "Logs"),
        ("/keys", "API keys"), ("/users", "Users"), ("/audit", "Audit log"), ("/system", "System"), ("/nothing", "Not found"),
    ];
}
