using System.CommandLine;
using EdgeGw.Cli.Output;
using EdgeGw.Cli.Scaffold;

namespace EdgeGw.Cli;

/// <summary><c>edgegw new</c>: a handler project to start from.</summary>
internal static class NewCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var name = new Argument<string>("name") { Description = "The handler's name: letters, digits, '.', '_' and '-'" };
        var output = new Option<string?>("--output", "-o") { Description = "The folder to make (default: the name)", HelpName = "DIR" };
        var feed = new Option<string?>("--feed") { Description = "The folder or URL that has the EdgeGw packages (EDGEGW_FEED)", HelpName = "DIR" };
        var command = new Command("new", "Make a handler project") { name, output, feed };
        command.SetAction(parse =>
        {
            var handler = parse.GetValue(name)!;
            if (ProjectName.Check(handler) is { } wrong)
                throw new CliException(ExitCode.Usage, wrong);
            var folder = parse.GetValue(output) ?? handler;
            var source = PackageFeed.Find(parse.GetValue(feed), host);
            HandlerTemplate.Write(folder, handler, source);
            WriteNext(handler, folder, source, host);
            return ExitCode.Done;
        });
        return command;
    }

    private static void WriteNext(string name, string folder, string? feed, CliHost host)
    {
        var paint = host.Paint;
        host.Out.WriteLine($"{paint.Good("✓")} {paint.Bold(name)} is in {Printable.Escape(Path.GetFullPath(folder))}");
        if (feed is null)
            host.Out.WriteLine("  No local feed of EdgeGw packages was found: they will come from your NuGet sources (name a feed with --feed or EDGEGW_FEED).");
        var quoted = folder.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-') ? folder : $"'{folder.Replace("'", "'\\''", StringComparison.Ordinal)}'";
        host.Out.WriteLine($"""
            Next, with a gateway running (edgegw run):
              edgegw deploy {quoted}
              curl http://127.0.0.1:8080/hello/world
            """);
    }
}
