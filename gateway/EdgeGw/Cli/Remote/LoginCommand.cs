using System.CommandLine;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Remote;

/// <summary><c>edgegw login</c>: keeps where a gateway is and what lets one in, so that every other command can be used with it.</summary>
internal static class LoginCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var server = new Option<string?>("--server") { Description = "The Admin API's URL (EDGEGW_SERVER); without it, the profile's", HelpName = "URL" };
        var name = new Option<string>("--profile") { Description = "What to call it: 'default' is used by every command that is not told another", HelpName = "NAME", DefaultValueFactory = _ => ProfileFile.Default };
        var token = new Option<string?>("--token") { Description = "An API key, or the contents of admin.token (EDGEGW_TOKEN); asked for, or read from standard input, without it", HelpName = "KEY" };
        var authority = new Option<string?>("--ca") { Description = "PEM file with the authorities to trust for https", HelpName = "FILE" };
        var command = new Command("login", "Log in to a gateway elsewhere: its URL and key are kept in a profile") { server, name, token, authority };
        command.SetAction(async (parse, cancel) =>
        {
            var file = new ProfileFile(host.Environment);
            var profiles = file.Read();
            var profile = parse.GetValue(name)!;
            if (profile.Length is 0 or > 64 || !profile.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
                throw new CliException(ExitCode.Usage, "a profile's name has 1 to 64 letters, digits, '.', '_' and '-'");
            var known = profiles.GetValueOrDefault(profile);
            var url = parse.GetValue(server) ?? host.Environment.GetValueOrDefault("EDGEGW_SERVER") ?? known?.Server
                ?? throw new CliException(ExitCode.Usage, "say where the gateway is: --server https://gateway.example.com:8081");
            var next = new Profile
            {
                Server = url,
                Authority = parse.GetValue(authority) is { } given ? Path.GetFullPath(given) : url == known?.Server ? known.Authority : null,
                Token = (parse.GetValue(token) ?? host.Environment.GetValueOrDefault("EDGEGW_TOKEN") ?? host.ReadSecret("API key")).Trim(),
            };
            using var client = ServerAddress.Connect(next);
            var session = await client.GetSessionAsync(cancel);
            profiles[profile] = next;
            file.Write(profiles);
            host.Out.WriteLine($"{host.Paint.Good("✓")} {Printable.Escape(session.Value.User)} ({string.Join(", ", session.Value.Scopes.Select(Printable.Escape))}) at {next.Server} is the profile '{profile}'");
            if (new Uri(next.Server) is { Scheme: "http", IsLoopback: false })
                host.Error.WriteLine($"{host.ErrorPaint.Busy("edgegw:")} the key travels to {next.Server} unencrypted; use https ('edgegw run' with --admin https://…), or a tunnel");
            return ExitCode.Done;
        });
        return command;
    }
}
