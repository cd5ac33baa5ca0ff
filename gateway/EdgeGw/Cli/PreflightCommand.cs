using System.CommandLine;
using EdgeGw.Control;
using EdgeGw.Control.Upgrading;

namespace EdgeGw.Cli;

/// <summary><c>edgegw preflight</c>, hidden: what a running gateway asks the program that is to take its place.</summary>
internal static class PreflightCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var command = new Command("preflight", "Answer a gateway that is being upgraded: read the settings as 'run' would, and print them") { Hidden = true };
        var settings = new SettingsOptions(command, host);
        command.SetAction(parse =>
        {
            if (ProgramFiles.Missing is { } missing)
            {
                throw new CliException(ExitCode.Failed, missing);
            }
            Preflight.Print(settings.Load(parse).Settings, ProductVersion.Number, host.Out);
            return ExitCode.Done;
        });
        return command;
    }
}
