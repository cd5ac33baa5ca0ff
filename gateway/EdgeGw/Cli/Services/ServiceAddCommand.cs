using System.CommandLine;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Services;

/// <summary><c>edgegw service add</c>: adds a service, or changes it, once it has been tried.</summary>
internal static class ServiceAddCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var service = ServiceArgument.Create();
        var noTest = new Option<bool>("--no-test") { Description = "Add it without trying whether it works" };
        var command = new Command("add", "Add a service, or change one: what is not given is the default") { service };
        var configuration = new ServiceConfigurationOptions(command, service, required: true);
        command.Add(noTest);
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var body = configuration.Read(parse)!;
            if (!parse.GetValue(noTest))
                await TestAsync(body, client, cancel);
            var change = await client.PutServiceAsync(body, cancel);
            if (gateway.Json(parse))
                gateway.WriteJson(change.Json);
            else
                ChangeText.WriteService(change.Value, host);
            return ExitCode.Done;
        });
        service.CompleteWith(gateway, andKinds: true);
        return command;
    }

    private static async Task TestAsync(ServiceBody body, AdminClient client, CancellationToken cancel)
    {
        try
        {
            await client.TestServiceAsync(body, cancel);
        }
        catch (CliException e) when (e.ExitCode == ExitCode.Failed)
        {
            throw new CliException(e.ExitCode, e.Message, [.. e.Reasons, "nothing was added; --no-test adds a service without trying it"]) { Json = e.Json };
        }
    }
}
