using System.CommandLine;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli;

/// <summary><c>edgegw reload</c>: a fresh worker that has read the settings again.</summary>
internal static class ReloadCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var command = new Command("reload", "Read the settings again and hand over to a fresh worker, without losing a request");
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var reload = await client.ReloadAsync(cancel);
            if (gateway.Json(parse))
            {
                gateway.WriteJson(reload.Json);
                return ExitCode.Done;
            }
            host.Out.WriteLine($"{host.Paint.Good("reloaded")} in {Human.Time(reload.Value.ElapsedMs)}; worker process {reload.Value.Pid} serves");
            if (reload.Value.Pending.Count > 0)
                host.Out.WriteLine($"Changed, but not in force before 'edgegw upgrade' or a restart: {Printable.Escape(string.Join(", ", reload.Value.Pending))}");
            return ExitCode.Done;
        });
        return command;
    }
}
