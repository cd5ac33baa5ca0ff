using System.CommandLine;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;
using EdgeGw.Cli.Publish;
using EdgeGw.Configuration;

namespace EdgeGw.Cli.Dev;

/// <summary><c>edgegw dev</c>: what is saved is live, as long as it runs.</summary>
internal static class DevCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var path = new Argument<string>("path") { Description = "A project folder or file, or a C file, or a folder of C files (default: this folder)", DefaultValueFactory = _ => "." };
        var listen = new Option<string?>("--listen") { Description = "Where its gateway listens (default: http://127.0.0.1:8080, or a free port when that one is taken)", HelpName = "URL" };
        var admin = new Option<string>("--admin") { Description = "Where its gateway's Admin API and Admin UI listen, such as http://127.0.0.1:8081 (default: on the Unix socket alone)", HelpName = "URL", DefaultValueFactory = _ => "" };
        var state = new Option<string?>("--state") { Description = "The state directory of its gateway (default: one for each project, below the user's data)", HelpName = "DIR" };
        var config = new Option<string?>("--config") { Description = "Its gateway's configuration file (default: edgegw.json beside the project)", HelpName = "FILE" };
        var name = new Option<string?>("--name") { Description = "The handler's name, instead of the manifest's", HelpName = "NAME" };
        var hostName = new Option<string?>("--host") { Description = "The host it answers for, instead of the manifest's", HelpName = "HOST" };
        var prefix = new Option<string?>("--prefix") { Description = "Put before every path, such as /v1", HelpName = "PATH" };
        var set = CliOptions.Pairs("--set", "KEY=VALUE", "A setting of the handler's own (repeatable)");
        var service = CliOptions.Pairs("--service", "NEEDED=SERVICE", "The service it gets for one that its manifest names (repeatable)");
        var configuration = new Option<string>("--configuration", "-c") { Description = "The configuration a project is published in", HelpName = "NAME", DefaultValueFactory = _ => "Release" };
        var command = new Command("dev", "Build and deploy a handler after each save, on a gateway of its own, and show its requests, until Ctrl+C")
        {
            path, listen, admin, state, config, name, hostName, prefix, set, service, configuration,
        };
        var elsewhere = GatewayOptions.Elsewhere(command, host);
        command.SetAction(async (parse, cancel) =>
        {
            var work = Directory.CreateTempSubdirectory("edgegw-dev-").FullName;
            try
            {
                using var build = FindBuild(parse.GetValue(path)!, parse.GetValue(configuration)!, work, host);
                var deploy = new DeployQuery
                {
                    Name = parse.GetValue(name),
                    Host = parse.GetValue(hostName),
                    Prefix = parse.GetValue(prefix),
                    Set = parse.GetValue(set) ?? [],
                    Services = parse.GetValue(service) ?? [],
                    // Routes come and go while one is at work.
                    Force = true,
                };
                using var other = elsewhere.ConnectElsewhere(parse);
                if (other is not null)
                    return await RunElsewhereAsync(build, deploy, other, host, cancel);
                var directory = parse.GetValue(state) ?? StateLocation.ForProject(build.Folder, host.Environment) ?? Path.Combine(work, "state");
                var beside = Path.Combine(build.Folder, "edgegw.json");
                var options = new DevGatewayOptions(Path.GetFullPath(directory), parse.GetValue(listen), parse.GetValue(admin)!, parse.GetValue(config) ?? (File.Exists(beside) ? beside : null));
                return await RunHereAsync(build, deploy, options, isOwnState: parse.GetValue(state) is null, host, cancel);
            }
            finally
            {
                Directory.Delete(work, recursive: true);
            }
        });
        return command;
    }

    private static IHandlerBuild FindBuild(string path, string configuration, string work, CliHost host)
    {
        if (NativeBuild.Find(path, work, host) is { } native)
            return native;
        if (ProjectPublisher.FindProject(path) is not { } project)
            throw new CliException(ExitCode.Failed, $"{path} is neither a project, nor a C file, nor a folder with either; make a project with 'edgegw new'");
        return File.Exists(project) ? new ProjectBuild(project, configuration, work, host) : throw new CliException(ExitCode.Failed, $"there is no project {project}");
    }

    private static async Task<int> RunElsewhereAsync(IHandlerBuild build, DeployQuery deploy, AdminClient client, CliHost host, CancellationToken cancel)
    {
        var console = new DevConsole(host);
        var status = await client.GetStatusAsync(cancel);
        console.Say($"{Printable.Escape(build.Name)} on the gateway at {Printable.Escape(string.Join(", ", status.Value.Listen))}; Ctrl+C ends this, and what is deployed stays");
        var session = new DevSession(build, client, deploy, console, host);
        await FirstAsync(cancel, session.RunAsync, ending => session.FollowAsync(isOwn: false, ending));
        return ExitCode.Done;
    }

    private static async Task<int> RunHereAsync(IHandlerBuild build, DeployQuery deploy, DevGatewayOptions options, bool isOwnState, CliHost host, CancellationToken cancel)
    {
        var console = new DevConsole(host);
        await using var gateway = await DevGateway.StartAsync(options, host, cancel);
        var status = (await gateway.Client.GetStatusAsync(cancel)).Value;
        console.Say($"{Printable.Escape(build.Name)} at {host.Paint.Bold(Printable.Escape(string.Join(", ", status.Listen)))}{(status.Admin is { } admin ? $", Admin UI at {Printable.Escape(admin)}/admin/" : "")}; state in {Printable.Escape(options.State)}");
        // What the session before has left would keep its routes from a handler of another name.
        foreach (var left in isOwnState ? status.Handlers : [])
            await gateway.Client.UndeployAsync(left.Name, cancel);
        var session = new DevSession(build, gateway.Client, deploy, console, host);
        await FirstAsync(cancel, session.RunAsync, ending => session.FollowAsync(isOwn: true, ending), gateway.EndedAsync);
        return ExitCode.Done;
    }

    // None of them ends but by a failure: the first failure ends all.
    private static async Task FirstAsync(CancellationToken cancel, params Func<CancellationToken, Task>[] parts)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var running = parts.Select(part => part(ending.Token)).ToList();
        var first = await Task.WhenAny(running);
        await ending.CancelAsync();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // The terminal's Ctrl+C ends the gateway too.
        cancel.ThrowIfCancellationRequested();
        await first;
    }
}
