using System.CommandLine;
using System.Globalization;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Services;

/// <summary><c>edgegw service list</c>: every service and how it does.</summary>
internal static class ServiceListCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var command = new Command("list", "List the services and how they do");
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var services = await client.GetServicesAsync(cancel);
            if (gateway.Json(parse))
            {
                gateway.WriteJson(services.Json);
                return ExitCode.Done;
            }
            var paint = host.Paint;
            var table = new Table("SERVICE", "PROVIDER", "STATE", ">RUNNING", ">QUEUED", ">CALLS", ">ERRORS", "HANDLERS");
            foreach (var service in services.Value.Services)
            {
                var health = service.Health;
                table.Add(service.Id, service.Provider + (service.BuiltIn ? " (built in)" : ""), new Table.Cell(ServiceText.State(service), paint.State),
                    Number(health?.Running), Number(health?.Queued), Number(health?.Calls), Number(health?.Errors),
                    service.Handlers.Count == 0 ? new Table.Cell("none", paint.Dim) : string.Join(", ", service.Handlers.Select(use => use.Handler)));
            }
            table.Write(host.Out, paint);
            foreach (var service in services.Value.Services.Where(service => service.Health?.Error is { Length: > 0 }))
                host.Out.WriteLine($"{service.Id}: {paint.Bad(Printable.Escape(service.Health!.Error))}");
            return ExitCode.Done;
        });
        return command;
    }

    private static string Number(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "-";
}
