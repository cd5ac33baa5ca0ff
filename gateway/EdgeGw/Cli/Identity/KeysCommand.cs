using System.CommandLine;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Identity;

/// <summary><c>edgegw keys</c>: API keys, for programs and for the command line elsewhere.</summary>
internal static class KeysCommand
{
    /// <summary>Makes the command with those below it.</summary>
    public static Command Create(CliHost host) => new("keys", "List, add and remove the keys of the Admin API") { List(host), Add(host), Remove(host) };

    private static Command List(CliHost host)
    {
        var command = new Command("list", "List the keys, without the keys themselves");
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var table = new Table("KEY", "NAME", "SCOPES", "MADE BY", "LAST USED", "EXPIRES");
            for (string? after = null; ;)
            {
                var page = await client.GetKeysAsync(after, cancel);
                if (gateway.Json(parse))
                    gateway.WriteJson(page.Json);
                foreach (var key in page.Value.Items)
                {
                    table.Add(key.Id, key.Name, string.Join(' ', key.Scopes), key.CreatedBy, key.LastUsed is { } time ? Human.Ago(time, host.Time) : "never",
                        key.Expired ? new Table.Cell("expired", host.Paint.Bad) : key.Expires is { } end ? end.ToString("yyyy-MM-dd HH:mm 'UTC'", System.Globalization.CultureInfo.InvariantCulture) : "never");
                }
                if ((after = page.Value.Next) is null)
                    break;
            }
            if (!gateway.Json(parse))
                table.Write(host.Out, host.Paint);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Add(CliHost host)
    {
        var name = new Argument<string>("name") { Description = "What the key is for" };
        var scope = ScopeOption.Create(required: true);
        var days = CliOptions.Count("--days", "N", "How many days the key holds; without it, until it is removed", 1, 36_500);
        var command = new Command("add", "Make a key and print it, this once") { name, scope, days };
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var key = await client.AddKeyAsync(
                new KeyBody { Name = parse.GetValue(name)!, Scopes = parse.GetValue(scope)!, Expires = parse.GetValue(days) is { } count ? host.Time.GetUtcNow().AddDays(count) : null }, cancel);
            if (gateway.Json(parse))
            {
                gateway.WriteJson(key.Json);
                return ExitCode.Done;
            }
            // The key alone on standard output, for a script to take.
            host.Error.WriteLine($"{host.ErrorPaint.Good("✓")} {Printable.Escape(key.Value.Name)} ({key.Value.Id}) may {string.Join(", ", key.Value.Scopes.Select(Printable.Escape))}; this is the key, which nobody can show again:");
            host.Out.WriteLine(Printable.Escape(key.Value.Key));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Remove(CliHost host)
    {
        var id = new Argument<string>("key") { Description = "The key's id, as 'edgegw keys list' shows it" };
        var command = new Command("remove", "Remove a key: it is worth nothing from then on") { id };
        _ = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            await client.RemoveKeyAsync(parse.GetValue(id)!, cancel);
            if (!GatewayOptions.IsJson(parse))
                host.Out.WriteLine($"{host.Paint.Good("✓")} the key {Printable.Escape(parse.GetValue(id))} is removed");
            return ExitCode.Done;
        });
        return command;
    }
}
