using System.CommandLine;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Units;

/// <summary><c>edgegw service status</c>: what systemd says of the service.</summary>
internal static class UnitStatusCommand
{
    private static readonly (string Property, string Label)[] s_shown =
        [("ActiveState", "state"), ("SubState", "phase"), ("StatusText", "status"), ("MainPID", "process"), ("NRestarts", "restarts"), ("UnitFileState", "at boot"), ("FragmentPath", "unit")];

    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var command = new Command("status", "Show what systemd says of the service; exit code 1 when it is not active");
        command.SetAction(async (_, cancel) =>
        {
            if (!Directory.Exists(Systemctl.Running))
                throw new CliException(ExitCode.Failed, $"systemd does not run this machine (there is no {Systemctl.Running})");
            var answer = await Systemctl.RunAsync(cancel, "show", UnitFiles.Service, "--property=LoadState," + string.Join(',', s_shown.Select(one => one.Property)));
            var values = answer.Split('\n').Select(line => line.Split('=', 2)).Where(parts => parts.Length == 2).ToDictionary(parts => parts[0], parts => parts[1]);
            if (values.GetValueOrDefault("LoadState") == "not-found")
                throw new CliException(ExitCode.Failed, "there is no service edgegw; 'edgegw service install' makes one");
            foreach (var (property, label) in s_shown)
                host.Out.WriteLine($"{host.Paint.Dim(label.PadRight(9))} {Printable.Escape(values.GetValueOrDefault(property))}");
            return values.GetValueOrDefault("ActiveState") is "active" or "reloading" ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }
}
