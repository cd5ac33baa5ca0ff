using System.CommandLine;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;
using EdgeGw.Cli.Publish;

namespace EdgeGw.Cli;

/// <summary><c>edgegw deploy</c>: puts a library, or a project published on the spot, in service.</summary>
internal static class DeployCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var path = new Argument<string>("path") { Description = "A published library (.so), a project folder or a project file" };
        var name = new Option<string?>("--name") { Description = "The handler's name, instead of the manifest's", HelpName = "NAME" };
        var hostName = new Option<string?>("--host") { Description = "The host it answers for, instead of the manifest's: api.example.com, *.example.com or *", HelpName = "HOST" };
        var prefix = new Option<string?>("--prefix") { Description = "Put before every path, such as /v1", HelpName = "PATH" };
        var wait = new Option<bool>("--wait") { Description = "Wait until the replaced version has finished its requests" };
        var force = new Option<bool>("--force") { Description = "Deploy it although callers of the version in its place may be let down, or although it is quarantined: it killed the worker, or kept its threads" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only try it out and say what would change" };
        var drain = CliOptions.Duration("--drain", "How long requests of the replaced version may take, such as 30s");
        var deadline = CliOptions.Duration("--deadline", "How long a request may take until it is answered 504, such as 2s");
        var hardDeadline = CliOptions.Duration("--hard-deadline", "How long after that deadline it may hold a thread until it is taken out of service, such as 30s; 0s: for ever");
        var concurrency = CliOptions.Count("--concurrency", "N", "Requests inside each route's handler at once", 1, 1_000_000);
        var total = CliOptions.Count("--total-concurrency", "N", "Requests under way at once, over all its routes", 1, 1_000_000);
        var serviceCalls = CliOptions.Count("--service-calls-per-second", "N", "Calls of services that it may begin in a second", 1, 1_000_000_000);
        var maxBody = CliOptions.Size("--max-body", "The largest request body, such as 10MB");
        var heap = CliOptions.Size("--heap", "The library's own heap limit, such as 64MB (NativeAOT libraries)");
        var isolation = new Option<string?>("--isolation") { Description = "Where it runs: in a worker process of its own, or in the one that all share (default: as the manifest says, or shared)", HelpName = "process|shared" };
        isolation.AcceptOnlyFromAmong("process", "shared");
        var memory = CliOptions.Size("--memory", "Private memory that its own worker may take, such as 512MB");
        var cpuSeconds = CliOptions.Count("--cpu-seconds", "N", "Processor seconds after which its own worker is ended and started anew", 1, 1_000_000_000);
        var openFiles = CliOptions.Count("--open-files", "N", "Descriptors that its own worker may have open", 64, 1_048_576);
        var canary = CliOptions.Percent("--canary", "Try it out beside the live version, in a worker of its own, with so many of its requests, such as 5%", 0.01, 99);
        var promoteAfter = CliOptions.Duration("--promote-after", "Let a canary take the live version's place by itself after this time, such as 10m");
        var set = CliOptions.Pairs("--set", "KEY=VALUE", "A setting of the handler's own (repeatable)");
        var service = CliOptions.Pairs("--service", "NEEDED=SERVICE", "The service it gets for one that its manifest names, such as database:main=database:pets (repeatable)");
        var runtime = new Option<string?>("--runtime", "-r") { Description = $"The platform a project is published for (default: this one, {ProductVersion.Runtime})", HelpName = "RID" };
        var configuration = new Option<string>("--configuration", "-c") { Description = "The configuration a project is published in", HelpName = "NAME", DefaultValueFactory = _ => "Release" };
        var command = new Command("deploy", "Put a library or a project in service, replacing its earlier version without losing a request")
        {
            path, name, hostName, prefix, wait, force, dryRun, drain, deadline, hardDeadline, concurrency, total, serviceCalls, maxBody, heap, isolation, memory, cpuSeconds, openFiles, canary, promoteAfter, set, service, runtime, configuration,
        };
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var query = new DeployQuery
            {
                Name = parse.GetValue(name),
                Host = parse.GetValue(hostName),
                Prefix = parse.GetValue(prefix),
                Wait = parse.GetValue(wait),
                Force = parse.GetValue(force),
                DryRun = parse.GetValue(dryRun),
                DrainMs = parse.GetValue(drain),
                DeadlineMs = parse.GetValue(deadline),
                HardDeadlineMs = parse.GetValue(hardDeadline),
                Concurrency = parse.GetValue(concurrency),
                TotalConcurrency = parse.GetValue(total),
                ServiceCallsPerSecond = parse.GetValue(serviceCalls),
                MaxBodyBytes = parse.GetValue(maxBody),
                HeapBytes = parse.GetValue(heap),
                Isolation = parse.GetValue(isolation),
                MemoryBytes = parse.GetValue(memory),
                CpuSeconds = parse.GetValue(cpuSeconds),
                OpenFiles = parse.GetValue(openFiles),
                Canary = parse.GetValue(canary),
                PromoteAfterMs = parse.GetValue(promoteAfter),
                Set = parse.GetValue(set) ?? [],
                Services = parse.GetValue(service) ?? [],
            };
            var given = parse.GetValue(path)!;
            if (ProjectPublisher.FindProject(given) is not { } project)
                return await DeployLibraryAsync(given);
            if (!File.Exists(project))
                throw new CliException(ExitCode.Failed, $"there is no project {project}");
            // Asked first: a publish takes seconds, and would be for nothing.
            await client.GetStatusAsync(cancel);
            var output = Directory.CreateTempSubdirectory("edgegw-publish-").FullName;
            try
            {
                return await DeployLibraryAsync(await ProjectPublisher.PublishAsync(
                    project, parse.GetValue(runtime) ?? ProductVersion.Runtime, parse.GetValue(configuration)!, output, host, cancel));
            }
            finally
            {
                Directory.Delete(output, recursive: true);
            }

            async Task<int> DeployLibraryAsync(string library)
            {
                var (change, sha256) = await LibraryDeploy.RunAsync(library, query, client, host, cancel);
                if (gateway.Json(parse))
                    gateway.WriteJson(change.Json);
                else if (query is { Canary: not null, DryRun: false } && change.Value.Changed)
                    ChangeText.WriteCanary(change.Value, host);
                else if (query.DryRun)
                    ChangeText.WriteDryRun(change.Value, host);
                else
                    await WriteAsync(change.Value, sha256, query.Name, client, host, cancel);
                return ExitCode.Done;
            }
        });
        name.CompletionSources.Add(gateway.HandlerNames);
        return command;
    }

    private static async Task WriteAsync(ChangeReply change, string sha256, string? name, AdminClient client, CliHost host, CancellationToken cancel)
    {
        var deployed = change.Handlers.FirstOrDefault(handler => handler.Sha256 == sha256 && (name is null || handler.Name == name));
        IReadOnlyList<RouteReply> routes = [];
        IReadOnlyList<string> listen = [];
        try
        {
            routes = [.. (await client.GetRoutesAsync(cancel)).Value.Routes.Where(route => route.Handler == deployed?.Name)];
            listen = (await client.GetStatusAsync(cancel)).Value.Listen;
        }
        catch (CliException)
        {
            // The deploy is done; only the URLs to try are missing.
        }
        ChangeText.WriteDeployed(deployed, change, routes, listen, host);
    }
}
