using System.CommandLine;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Identity;

/// <summary><c>edgegw secrets</c>: what services refer to as <c>secret:NAME</c>.</summary>
internal static class SecretsCommand
{
    /// <summary>Makes the command with those below it.</summary>
    public static Command Create(CliHost host) => new("secrets", "List, set and remove what services refer to as secret:NAME") { List(host), Set(host), Remove(host) };

    private static Command List(CliHost host)
    {
        var command = new Command("list", "List the secrets' names, and which services use them");
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var table = new Table("SECRET", "CHANGED", "BY", "USED BY");
            for (string? after = null; ;)
            {
                var page = await client.GetSecretsAsync(after, cancel);
                if (gateway.Json(parse))
                    gateway.WriteJson(page.Json);
                foreach (var secret in page.Value.Items)
                    table.Add(secret.Name, Human.Ago(secret.Changed, host.Time), secret.ChangedBy, secret.UsedBy.Count == 0 ? new Table.Cell("nothing", host.Paint.Dim) : string.Join(", ", secret.UsedBy));
                if ((after = page.Value.Next) is null)
                    break;
            }
            if (!gateway.Json(parse))
                table.Write(host.Out, host.Paint);
            return ExitCode.Done;
        });
        return command;
    }

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
        var command = new Command("remove", "Forget a secret") { name, force };
        _ = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            await client.RemoveSecretAsync(parse.GetValue(name)!, parse.GetValue(force), cancel);
            if (!GatewayOptions.IsJson(parse))
                host.Out.WriteLine($"{host.Paint.Good("✓")} secret:{Printable.Escape(parse.GetValue(name))} is forgotten");
            return ExitCode.Done;
        });
        return command;
    }
}
