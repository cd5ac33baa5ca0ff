using System.Globalization;
using EdgeGw.Cli.Admin;

namespace EdgeGw.Cli.Output;

/// <summary>A new epoch, for people.</summary>
internal static class ChangeText
{
    /// <summary>Writes one line about a rollback or an undeploy.</summary>
    /// <param name="done">What was done, as a past participle.</param>
    /// <param name="change">The answer.</param>
    /// <param name="shown">The handlers to name, as they are now.</param>
    /// <param name="host">The process.</param>
    public static void Write(string done, ChangeReply change, IEnumerable<HandlerReply> shown, CliHost host)
    {
        var now = List(shown);
        host.Out.WriteLine($"{host.Paint.Good("✓")} {Printable.Escape(done)} {When(change)}{(now.Length == 0 ? "" : ": ")}{Printable.Escape(now)}");
    }

    /// <summary>Writes one line about a change of services: what was done, or that it was so already.</summary>
    public static void WriteService(ChangeReply change, CliHost host)
    {
        var space = change.Reason.IndexOf(' ', StringComparison.Ordinal);
        var done = (change.Changed && space > 0 ? change.Reason[..space] : "") switch
        {
            "add" => "added",
            "change" => "changed",
            "remove" => "removed",
            "enable" => "enabled",
            "disable" => "disabled",
            _ => null,
        };
        var what = done is null ? change.Reason : done + change.Reason[space..];
        host.Out.WriteLine($"{host.Paint.Good("✓")} {Printable.Escape(what)} {When(change)}");
    }

    /// <summary>Handlers with version and hash: while one is being written, its version often stays the same.</summary>
    public static string List(IEnumerable<HandlerReply> handlers) => string.Join(", ", handlers.Select(handler => $"{handler.Name} {handler.Version} ({Human.Hash(handler.Sha256, 8)})"));

    /// <summary>Writes that a deployed version is live, and the routes it answers, each with the URL to try.</summary>
    /// <param name="deployed">The version.</param>
    /// <param name="change">The answer to the deploy.</param>
    /// <param name="routes">The version's routes; empty when they could not be asked for.</param>
    /// <param name="listen">Where the gateway listens.</param>
    /// <param name="host">The process.</param>
    public static void WriteDeployed(HandlerReply? deployed, ChangeReply change, IReadOnlyList<RouteReply> routes, IReadOnlyList<string> listen, CliHost host)
    {
        var (writer, paint) = (host.Out, host.Paint);
        var what = deployed is null ? Printable.Escape(change.Reason) : $"{paint.Bold(Printable.Escape($"{deployed.Name} {deployed.Version}"))} is live";
        var line = $"{paint.Good("✓")} {what} {When(change)}";
        if (routes is [var only])
        {
            writer.WriteLine($"{line}: {Printable.Escape($"{only.Method} {RouteUrl.Of(only, listen)}")}");
        }
        else
        {
            writer.WriteLine(routes.Count == 0 ? line : line + ":");
            WriteRoutes(routes, listen, host);
        }
        WriteContract(change, host);
        if (change.Scout is { } scout)
            ScoutText.Write(scout, host);
        if (change.Drained is { } drained)
            writer.WriteLine(drained ? "  the replaced version has finished its requests" : "  requests of the replaced version were still under way when the drain time ended");
    }

    /// <summary>Writes routes, each with the URL to try.</summary>
    public static void WriteRoutes(IReadOnlyList<RouteReply> routes, IReadOnlyList<string> listen, CliHost host)
    {
        const int MostRoutes = 20;
        var width = routes.Select(route => route.Method.Length).DefaultIfEmpty().Max();
        foreach (var route in routes.Take(MostRoutes))
            host.Out.WriteLine($"  {Printable.Escape($"{route.Method.PadRight(width)} {RouteUrl.Of(route, listen)}")}");
        if (routes.Count > MostRoutes)
            host.Out.WriteLine($"  and {routes.Count - MostRoutes} more: see 'edgegw routes'");
    }

    /// <summary>Writes that a version is on trial.</summary>
    public static void WriteCanary(ChangeReply change, CliHost host)
    {
        host.Out.WriteLine($"{host.Paint.Good("✓")} {Printable.Escape(change.Reason)} {When(change)}; 'edgegw canary' shows how it does");
        WriteContract(change, host);
        if (change.Scout is { } scout)
            ScoutText.Write(scout, host);
    }

    /// <summary>Writes what a deploy would do.</summary>
    public static void WriteDryRun(ChangeReply change, CliHost host)
    {
        host.Out.WriteLine($"{host.Paint.Good("✓")} {Printable.Escape(change.Reason)}; nothing was changed");
        WriteContract(change, host);
        if (change.Scout is { } scout)
            ScoutText.Write(scout, host);
    }

    // Like a diff: + and - for what comes and goes, ~ for what is different, ! behind what lets somebody down.
    private static void WriteContract(ChangeReply change, CliHost host)
    {
        foreach (var difference in change.Contract)
        {
            var mark = difference.Kind switch { "added" => "+", "removed" => "-", _ => "~" };
            var line = Printable.Escape($"{mark} {difference.What}{(difference.Detail.Length == 0 ? "" : " ")}{difference.Detail}");
            host.Out.WriteLine($"  {(difference.Breaking ? host.Paint.Bad(line + " (breaking)") : line)}");
        }
    }

    private static string When(ChangeReply change) => string.Create(CultureInfo.InvariantCulture, $"(epoch {change.Epoch}, {Human.Time(change.ElapsedMs)})");
}
