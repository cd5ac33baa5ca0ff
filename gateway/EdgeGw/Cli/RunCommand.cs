using System.CommandLine;
using EdgeGw.Configuration;
using EdgeGw.Control;
using EdgeGw.Control.Changes;

namespace EdgeGw.Cli;

/// <summary><c>edgegw run</c>: the gateway itself, in the foreground, until it is told to stop.</summary>
internal static class RunCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var command = new Command("run", "Run the gateway in the foreground until SIGTERM or Ctrl+C");
        var settings = new SettingsOptions(command, host);
        // The console's own writer, not the host's: a gateway must outlive whoever reads its standard output.
        command.SetAction((parse, stop) =>
        {
            GatewaySettings? first = settings.Load(parse).Settings;
            return ControlProcess.RunAsync(() => Interlocked.Exchange(ref first, null) ?? Reread(settings, parse), settings.StateDirectory(parse), Arguments(parse), Console.Out, stop);
        });
        return command;
    }

    // What stands behind 'run', for another program that is to read the same.
    private static string[] Arguments(ParseResult parse) => [.. parse.Tokens.Select(token => token.Value).SkipWhile(text => text != "run").Skip(1)];

    private static GatewaySettings Reread(SettingsOptions settings, ParseResult parse)
    {
        try
        {
            return settings.Load(parse).Settings;
        }
        catch (CliException e)
        {
            throw new ChangeRefusedException(422, "The settings are wrong; nothing was changed.", e.Reasons.Count > 0 ? e.Reasons : [e.Message]);
        }
    }
}
