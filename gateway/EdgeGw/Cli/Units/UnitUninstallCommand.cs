using System.CommandLine;

namespace EdgeGw.Cli.Units;

/// <summary><c>edgegw service uninstall</c>: stops the service and removes what <c>install</c> wrote; the state stays.</summary>
internal static class UnitUninstallCommand
{
    private const string Folder = "/etc/systemd/system/";

    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var command = new Command("uninstall", "Stop the service and remove its units; the state directory stays");
        command.SetAction(async (_, cancel) =>
        {
            string[] units = [.. new[] { UnitFiles.Socket, UnitFiles.Service }.Where(name => File.Exists(Folder + name))];
            if (units.Length == 0)
                throw new CliException(ExitCode.Failed, "'edgegw service install' has installed nothing here; a package's service goes with 'apt remove edgegw'");
            if (Array.Find(units, name => File.ReadLines(Folder + name).FirstOrDefault() != UnitFiles.Mark) is { } foreign)
                throw new CliException(ExitCode.Failed, $"{Folder}{foreign} was not written by 'edgegw service install', so it is left alone");
            if (!Environment.IsPrivilegedProcess)
                throw new CliException(ExitCode.Failed, "only root can remove a service; run it with sudo");
            // The socket first: it would start the service again.
            await Systemctl.RunAsync(cancel, ["disable", "--now", .. units]);
            foreach (var name in units)
                File.Delete(Folder + name);
            await Systemctl.RunAsync(cancel, "daemon-reload");
            host.Out.WriteLine($"{host.Paint.Good("✓")} the service is gone; its state is where it was.");
            return ExitCode.Done;
        });
        return command;
    }
}
