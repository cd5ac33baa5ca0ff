using System.CommandLine;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Identity;

/// <summary><c>edgegw secrets</c>: what services refer to as <c>secret:NAME</c>.</summary>
internal static class SecretsCommand
{
    /// <summary>Makes the command with those below it.</summary>
    public static Command Create(CliHost host) => new("secrets", "List, set and remove what services refer to as secret:NAME") { List(host), Set(host), Remove(host) };

    private static Command List(CliHost host) => NameCommands.List(
        host, "secrets", "List the secrets' names, and which services use them", CliJson.Default.PageReplySecretReply, ["SECRET", "CHANGED", "BY", "USED BY"],
        secret => [secret.Name, Human.Ago(secret.Changed, host.Time), secret.ChangedBy, secret.UsedBy.Count == 0 ? new Table.Cell("nothing", host.Paint.Dim) : string.Join(", ", secret.UsedBy)]);

    private static Command Set(CliHost host)
    {
        var name = new Argument<string>("name") { Description = "The secret's name" };
        var command = new Command("set", "Keep a secret, instead of the one of that name; the value is asked for, or read from standard input") { name };
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var secret = await client.SetSecretAsync(parse.GetValue(name)!, host.ReadSecret($"Value of {parse.GetValue(name)}"), cancel);
            if (gateway.Json(parse))
                gateway.WriteJson(secret.Json);
            else
                host.Out.WriteLine($"{host.Paint.Good("✓")} secret:{Printable.Escape(secret.Value.Name)} is set"
                    + (secret.Value.UsedBy.Count == 0 ? "" : $"; {Printable.Escape(string.Join(", ", secret.Value.UsedBy))} will have it after 'edgegw reload'"));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Remove(CliHost host)
    {
        var name = new Argument<string>("name") { Description = "The secret's name" };
        var force = new Option<bool>("--force") { Description = "Even if services use it: they cannot be started again then" };
        return NameCommands.Remove(
            host, "Forget a secret", name, (parse, client, cancel) => client.RemoveSecretAsync(parse.GetValue(name)!, parse.GetValue(force), cancel), secret => $"secret:{secret} is forgotten", force);
    }
}
