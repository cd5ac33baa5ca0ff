using System.CommandLine;
using System.Globalization;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Services;

/// <summary><c>edgegw service show</c>: one service with every setting.</summary>
internal static class ServiceShowCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var service = ServiceArgument.Create();
        var command = new Command("show", "Show one service with every setting; secrets as where they are") { service };
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var shown = await client.GetServiceAsync(parse.GetValue(service), cancel);
            if (gateway.Json(parse))
                gateway.WriteJson(shown.Json);
            else
                Write(shown.Value, host);
            return ExitCode.Done;
        });
        service.CompleteWith(gateway);
        return command;
    }

    private static void Write(ServiceReply service, CliHost host)
    {
        var (writer, paint) = (host.Out, host.Paint);
        var state = ServiceText.State(service);
        writer.WriteLine($"{paint.Bold(Printable.Escape(service.Id))} is {paint.State(state)} ({Printable.Escape(service.Provider)}{(service.BuiltIn ? ", built in" : "")})");
        if (service.Health is { } health)
        {
            if (health.Error is { Length: > 0 } error)
                writer.WriteLine($"  - {Printable.Escape(error)}");
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  calls     {health.Calls}, {health.Running} running, {health.Queued} waiting, {Human.Count(health.Errors, "error")}, {health.Busy} refused as busy, {Human.Count(health.Timeouts, "timeout")}"));
        }
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  bounds    {service.PoolSize} at once, {service.QueueLength} waiting, {Human.Time(service.TimeoutMs)} each"));
        var uses = service.Handlers.Select(use => use.As == service.Id ? use.Handler : $"{use.Handler} (as {use.As})").DefaultIfEmpty("none");
        writer.WriteLine($"  handlers  {Printable.Escape(string.Join(", ", uses))}");
        if (service.Settings.Count + service.Defaults.Count == 0)
            return;
        writer.WriteLine();
        var table = new Table("SETTING", "VALUE", "");
        foreach (var (key, value) in service.Settings)
            table.Add(key, value, "");
        foreach (var (key, value) in service.Defaults)
            table.Add(key, value, new Table.Cell("default", paint.Dim));
        table.Write(writer, paint);
    }
}
