using System.CommandLine;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Services;

/// <summary><c>edgegw service test</c>: whether a service can be used, as it is configured or as it is given.</summary>
internal static class ServiceTestCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var service = ServiceArgument.Create();
        var command = new Command("test", "Try a service as it is configured, or, with --provider, as it would be; nothing is changed") { service };
        var configuration = new ServiceConfigurationOptions(command, service, required: false);
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var id = parse.GetValue(service);
            var body = configuration.Read(parse) ?? Body((await client.GetServiceAsync(id, cancel)).Value);
            var answer = await client.TestServiceAsync(body, cancel);
            if (gateway.Json(parse))
                gateway.WriteJson(answer.Json);
            else
                host.Out.WriteLine($"{host.Paint.Good("✓")} {Printable.Escape(id.ToString())} works ({Human.Time(answer.Value.Ms)})");
            return ExitCode.Done;
        });
        service.CompleteWith(gateway);
        return command;
    }

    private static ServiceBody Body(ServiceReply service) => new()
    {
        Kind = service.Kind,
        Name = service.Name,
        Provider = service.Provider,
        Settings = service.Settings,
        PoolSize = service.PoolSize,
        QueueLength = service.QueueLength,
        TimeoutMs = service.TimeoutMs,
    };
}
