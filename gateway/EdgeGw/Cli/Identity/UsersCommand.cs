using System.CommandLine;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Identity;

/// <summary><c>edgegw users</c>: who may log in to the Admin UI.</summary>
internal static class UsersCommand
{
    /// <summary>Makes the command with those below it.</summary>
    public static Command Create(CliHost host) => new("users", "List, add, change and remove those who may log in to the Admin UI") { List(host), Add(host), Change(host), Remove(host) };

    private static Command List(CliHost host) => NameCommands.List(
        host, "users", "List the users", CliJson.Default.PageReplyUserReply, ["USER", "SCOPES", "STATE", "LAST LOGIN"],
        user => [user.Name, string.Join(' ', user.Scopes), user.Enabled ? "enabled" : "disabled", user.LastLogin is { } time ? Human.Ago(time, host.Time) : "never"]);

    private static Command Add(CliHost host)
    {
        var name = new Argument<string>("name") { Description = "The user's name" };
        var scope = ScopeOption.Create(required: true);
        var command = new Command("add", "Make a user; the password is asked for, or read from standard input") { name, scope };
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var user = await client.AddUserAsync(new UserBody { Name = parse.GetValue(name), Password = host.ReadSecret($"Password of {parse.GetValue(name)}"), Scopes = parse.GetValue(scope)! }, cancel);
            Write(host, gateway.Json(parse), user, "may log in");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Change(CliHost host)
    {
        var name = new Argument<string>("name") { Description = "The user's name" };
        var scope = ScopeOption.Create(required: false);
        var password = new Option<bool>("--password") { Description = "Give another password: asked for, or read from standard input" };
        var enable = new Option<bool>("--enable") { Description = "Let the user log in again" };
        var disable = new Option<bool>("--disable") { Description = "Let the user log in no more, and end every session" };
        var command = new Command("change", "Change what a user may do, the password, or whether the user may log in at all") { name, scope, password, enable, disable };
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            if (parse.GetValue(enable) && parse.GetValue(disable))
                throw new CliException(ExitCode.Usage, "give --enable or --disable, not both");
            var now = (await client.GetUserAsync(parse.GetValue(name)!, cancel)).Value;
            var user = await client.ChangeUserAsync(now.Name, now.Revision, new UserBody
            {
                Password = parse.GetValue(password) ? host.ReadSecret($"New password of {now.Name}") : null,
                Scopes = parse.GetValue(scope) is { Length: > 0 } given ? given : now.Scopes,
                Enabled = parse.GetValue(enable) || (now.Enabled && !parse.GetValue(disable)),
            }, cancel);
            Write(host, gateway.Json(parse), user, user.Value.Enabled ? "is changed" : "is disabled");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Remove(CliHost host)
    {
        var name = new Argument<string>("name") { Description = "The user's name" };
        return NameCommands.Remove(host, "Remove a user, and end every session", name, (parse, client, cancel) => client.RemoveUserAsync(parse.GetValue(name)!, cancel), user => $"{user} is removed");
    }

    private static void Write(CliHost host, bool json, AdminReply<UserReply> user, string what) =>
        host.Out.WriteLine(json ? user.Json.TrimEnd() : $"{host.Paint.Good("✓")} {Printable.Escape(user.Value.Name)} {what} ({string.Join(", ", user.Value.Scopes.Select(Printable.Escape))})");
}
