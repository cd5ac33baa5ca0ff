using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using EdgeGw.Cli.Backups;
using EdgeGw.Cli.Bundles;
using EdgeGw.Cli.Dev;
using EdgeGw.Cli.Identity;
using EdgeGw.Cli.Output;
using EdgeGw.Cli.Remote;
using EdgeGw.Cli.Services;

namespace EdgeGw.Cli;

/// <summary>The <c>edgegw</c> command line: every command, how it is run, and how it fails.</summary>
internal static class CommandLine
{
    // EPIPE; an IOException carries the system's own number.
    private const int BrokenPipe = 32;
    private const string Description = "Edge Gateway: serves HTTP with handlers that are native libraries, replaced without losing a request.";

    /// <summary>Parses and runs. Returns one of <see cref="ExitCode"/>; never throws for anything that a user can cause.</summary>
    public static async Task<int> InvokeAsync(IReadOnlyList<string> arguments, CliHost host, CancellationToken stop)
    {
        // '@file' is an ordinary argument: a value of --set may start with it.
        var parse = (arguments is ["run", ..] ? CreateRun(host) : Create(host)).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parse.Action is ParseErrorAction)
            return Misused(parse, host);
        try
        {
            // Signals are the caller's (Program.cs), so that 'run' has the time it needs to drain.
            var configuration = new InvocationConfiguration { Output = host.Out, Error = host.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parse.InvokeAsync(configuration, stop);
        }
        catch (CliException e)
        {
            if (e.Json is not null && GatewayOptions.IsJson(parse))
                host.Out.WriteLine(e.Json.TrimEnd());
            host.Error.WriteLine($"{host.ErrorPaint.Bad("edgegw:")} {e.Message}");
            foreach (var reason in e.Reasons)
                host.Error.WriteLine($"  - {reason}");
            return e.ExitCode;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (IOException e) when (e.HResult == BrokenPipe)
        {
            // The reader of standard output has what it wanted ('edgegw logs -f | head -1').
            return ExitCode.Failed;
        }
        catch (IOException e)
        {
            host.Error.WriteLine($"{host.ErrorPaint.Bad("edgegw:")} {e.Message}");
            return ExitCode.Failed;
        }
    }

    /// <summary>Every command, in the order of the help.</summary>
    public static RootCommand Create(CliHost host) =>
        Complete(host, new RootCommand(Description)
        {
            RunCommand.Create(host),
            NewCommand.Create(host),
            DevCommand.Create(host),
            DeployCommand.Create(host),
            ApplyCommand.Create(host),
            ExportCommand.Create(host),
            ImportCommand.Create(host),
            InspectCommand.Create(host),
            CanaryCommand.Create(host),
            CanaryEndCommand.CreatePromote(host),
            CanaryEndCommand.CreateAbort(host),
            RollbackCommand.Create(host),
            StatusCommand.Create(host),
            TopCommand.Create(host),
            RoutesCommand.Create(host),
            HistoryCommand.Create(host),
            LogsCommand.Create(host),
            EventsCommand.Create(host),
            RequestsCommand.Create(host),
            CrashesCommand.Create(host),
            UndeployCommand.Create(host),
            ReloadCommand.Create(host),
            UpgradeCommand.Create(host),
            BackupCommand.Create(host),
            RestoreCommand.Create(host),
            PreflightCommand.Create(host),
            ServiceCommand.Create(host),
            LoginCommand.Create(host),
            LogoutCommand.Create(host),
            UsersCommand.Create(host),
            KeysCommand.Create(host),
            SecretsCommand.Create(host),
            AuditCommand.Create(host),
            ConfigCommand.Create(host),
            VersionCommand.Create(host),
            CompletionCommand.Create(host),
            ManualCommand.Create(host),
        });

    // The gateway itself lives as long as its command line: the other commands would take a megabyte from it and some milliseconds from its start.
    private static RootCommand CreateRun(CliHost host) => Complete(host, new RootCommand(Description) { RunCommand.Create(host) });

    private static RootCommand Complete(CliHost host, RootCommand root)
    {
        // Without the Windows forms (/h, /?), which only clutter completion.
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        root.Options.Insert(0, new HelpOption("--help", "-h", "-?") { Recursive = true });
        root.Options.OfType<VersionOption>().Single().Action = new VersionCommand.PrintVersion(host);
        var suggest = root.Directives.OfType<SuggestDirective>().Single();
        suggest.Action = new SuggestAction(host, suggest);
        // Nothing to do is a mistake, but one that the help answers.
        root.SetAction(parse =>
        {
            new HelpAction().Invoke(parse);
            return ExitCode.Usage;
        });
        return root;
    }

    private static int Misused(ParseResult parse, CliHost host)
    {
        foreach (var error in parse.Errors)
            host.Error.WriteLine($"{host.ErrorPaint.Bad("edgegw:")} {Printable.Escape(error.Message)}");
        var names = new List<string>();
        for (var symbol = parse.CommandResult; symbol is not null; symbol = symbol.Parent as System.CommandLine.Parsing.CommandResult)
            names.Insert(0, symbol.Parent is null ? "edgegw" : symbol.Command.Name);
        host.Error.WriteLine($"See '{string.Join(' ', names)} --help'.");
        return ExitCode.Usage;
    }
}
