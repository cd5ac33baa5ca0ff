using System.CommandLine;
using EdgeGw.Control;

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
        command.SetAction((parse, stop) => ControlProcess.RunAsync(settings.Load(parse).Settings, settings.StateDirectory(parse), Console.Out, stop));
        return command;
    }
}
