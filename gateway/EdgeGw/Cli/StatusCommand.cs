using System.CommandLine;
using System.Globalization;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli;

/// <summary><c>edgegw status</c>: the gateway, its processes, and the ledger of versions.</summary>
internal static class StatusCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var command = new Command("status", "Show the gateway, its processes and every version in the worker");
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var status = await client.GetStatusAsync(cancel);
            if (gateway.Json(parse))
                gateway.WriteJson(status.Json);
            else
                Write(status.Value, host);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(StatusReply status, CliHost host)
    {
        var (writer, paint) = (host.Out, host.Paint);
        var ready = status.Ready ? paint.Good("ready") : paint.Bad("not ready");
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{paint.Bold("edgegw " + Printable.Escape(status.Version))} (ABI {Printable.Escape(status.Abi)}) is {ready}, epoch {status.Epoch}"));
        foreach (var reason in status.Reasons)
            writer.WriteLine($"  - {Printable.Escape(reason)}");
        Line("listen", string.Join(", ", status.Listen));
        Line("admin", status.Admin);
        Line("state", status.State);
        if (status.Control is { } control)
            Line("control", string.Create(CultureInfo.InvariantCulture, $"pid {control.Pid}, up {Human.Time(control.UptimeMs)}, {Human.Bytes(control.RssBytes)}"));
        if (status.Worker is { } worker)
        {
            Line("worker", string.Create(CultureInfo.InvariantCulture,
                $"pid {worker.Pid}, up {Human.Time(worker.UptimeMs)}, {Human.Bytes(worker.RssBytes)}, {Human.Count(worker.Threads, "thread")}, {Human.Count(worker.Restarts, "restart")}, {Human.Count(worker.HandOvers, "hand-over")}, {worker.InFlight} in flight, {Human.Count(worker.Requests, "request")}{(worker.LostThreads > 0 ? $", {Human.Count(worker.LostThreads, "lost thread")}" : "")}"));
        }
        else
        {
            Line("worker", "not running");
        }
        foreach (var apart in status.Isolated)
        {
            var what = $"{apart.Handler} {apart.Version}{(apart.Canary ? " (canary)" : "")}";
            Line("alone", apart.Pid is { } pid
                ? string.Create(CultureInfo.InvariantCulture, $"pid {pid}, {what}, up {Human.Time(apart.UptimeMs)}, {Human.Bytes(apart.RssBytes)}, {Human.Count(apart.Threads, "thread")}, {Human.Count(apart.Restarts, "restart")}, {apart.InFlight} in flight, {Human.Count(apart.Requests, "request")}")
                : $"{what} is down{(apart.LastEnd is { } end ? $": {end}" : "")}");
        }
        foreach (var draining in status.Draining)
        {
            Line("draining", string.Create(CultureInfo.InvariantCulture,
                $"pid {draining.Pid}, up {Human.Time(draining.UptimeMs)}, {Human.Bytes(draining.RssBytes)}, epoch {draining.Epoch}, {Human.Count(draining.Connections, "connection")}, {draining.InFlight} in flight"));
        }

        writer.WriteLine();
        if (status.Versions.Count == 0 && status.Handlers.Count == 0)
        {
            writer.WriteLine("No handlers. Deploy one with 'edgegw deploy <file.so or project folder>'.");
            return;
        }
        var table = new Table("HANDLER", "VERSION", "STATE", ">IN FLIGHT", ">REQUESTS", ">LOAD", ">MEMORY", ">THREADS", "LOADED", "SHA-256");
        foreach (var version in status.Versions)
        {
            table.Add(version.Handler, version.Version, State(version.State), Invariant(version.InFlight), Invariant(version.Requests),
                version.LoadMs is { } load ? Human.Time(load) : "-", version.RssBytes is { } rss ? Human.Bytes(rss) : "-", Invariant(version.Threads),
                version.LoadedAt is { } loaded ? Human.Ago(loaded, host.Time) : "-", Human.Hash(version.Sha256));
        }
        foreach (var handler in status.Handlers.Where(handler => !status.Versions.Any(v => v.Handler == handler.Name && v.Sha256 == handler.Sha256)))
            table.Add(handler.Name, handler.Version, State(handler.State), "-", "-", "-", "-", "-", "-", Human.Hash(handler.Sha256));
        table.Write(writer, paint);
        foreach (var entry in status.Quarantine)
            writer.WriteLine($"{paint.Bad("quarantined:")} {Printable.Escape(entry.Reason)} 'edgegw crashes {Invariant(entry.Crash)}' shows the report.");
        foreach (var (handler, note) in status.Handlers.SelectMany(handler => (handler.Scout?.Notes ?? []).Select(note => (handler, note))))
            writer.WriteLine(Printable.Escape($"{handler.Name} {handler.Version}: {note}"));
        foreach (var version in status.Versions.Where(version => !string.IsNullOrEmpty(version.Error) && version.State != "quarantined"))
            writer.WriteLine($"{paint.Bad(Printable.Escape($"{version.Handler} {version.Version}:"))} {Printable.Escape(version.Error)}");

        void Line(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                writer.WriteLine($"  {paint.Dim(name.PadRight(8))} {Printable.Escape(value)}");
        }

        Table.Cell State(string state)
        {
            var known = Printable.Escape(state);
            // The cell arrives padded: the state decides the colour, not the padding.
            return new(known, padded => padded.Replace(known, paint.State(known), StringComparison.Ordinal));
        }
    }

    private static string Invariant(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "-";
}
