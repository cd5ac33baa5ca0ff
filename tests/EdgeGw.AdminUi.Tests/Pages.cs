namespace EdgeGw.AdminUi.Tests;

/// <summary>Every page with its heading, but for those of single endpoints.</summary>
public static class Pages
{
    /// <summary>All of them, where a gateway with a crash shows something.</summary>
    public static IReadOnlyList<(string Path, string Heading)> All { get; } =
    [
        ("/", "Dashboard"), ("/endpoints", "Endpoints"), ("/endpoints/new", "New endpoint"), ("/import", "Import"), ("/services", "Services"), ("/routes", "Routes"), ("/deployments", "Deployments"), ("/crashes", "Crashes"), ("/crashes/1", "crash 1.0.0 crashed the worker"), ("/requests", "Requests"), ("/logs", "Logs"),
        ("/keys", "API keys"), ("/users", "Users"), ("/audit", "Audit log"), ("/compiler", "Compiler"), ("/system", "System"), ("/nothing", "Not found"),
    ];
}
