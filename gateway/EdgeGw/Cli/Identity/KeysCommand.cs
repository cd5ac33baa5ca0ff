using System.CommandLine;
using System.Globalization;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Identity;

/// <summary><c>edgegw keys</c>: API keys, for programs and for the command line elsewhere.</summary>
internal static class KeysCommand
{
    /// <summary>Makes the command with those below it.</summary>
    public static Command Create(CliHost host) => new("keys", "List, add and remove the keys of the Admin API") { List(host), Add(host), Remove(host) };

    private static Command List(CliHost host) => NameCommands.List(
        host, "keys", "List the keys, without the keys themselves", CliJson.Default.PageReplyKeyReply, ["KEY", "NAME", "SCOPES", "MADE BY", "LAST USED", "EXPIRES"],
        key => [key.Id, key.Name, string.Join(' ', key.Scopes), key.CreatedBy, key.LastUsed is { } time ? Human.Ago(time, host.Time) : "never", Expires(key, host)]);

    private static Table.Cell Expires(KeyReply key, CliHost host) =>
        key.Expired ? new Table.Cell("expired", host.Paint.Bad) : key.Expires is { } end ? end.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) : "never";

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
        return NameCommands.Remove(host, "Remove a key: it is worth nothing from then on", id, (parse, client, cancel) => client.RemoveKeyAsync(parse.GetValue(id)!, cancel), key => $"the key {key} is removed");
    }
}
