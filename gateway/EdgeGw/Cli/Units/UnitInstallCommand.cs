using System.CommandLine;
using EdgeGw.Configuration;
using EdgeGw.Control.Supervision;

namespace EdgeGw.Cli.Units;

/// <summary><c>edgegw service install</c>: makes this binary a service of systemd.</summary>
internal static class UnitInstallCommand
{
    private const string UnitFolder = "etc/systemd/system";

    // What the unit's sandbox hides (ProtectHome=, PrivateTmp=), and a dynamic user could not reach.
    private static readonly string[] s_hidden = ["/home/", "/root/", "/run/user/", "/tmp/", "/var/tmp/"];

    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var user = new Option<string?>("--user-name") { Description = "The user to run as; without it, one that exists only while the service runs (DynamicUser=)", HelpName = "NAME" };
        var listen = new Option<string[]>("--listen") { Description = "Where to listen for traffic (repeatable); without it, what the configuration says", HelpName = "URL" };
        var state = new Option<string>("--state") { Description = "The state directory", HelpName = "DIR", DefaultValueFactory = _ => StateLocation.Installed };
        var root = new Option<string>("--root") { Description = "Write into the tree of another system below this folder, and start nothing", HelpName = "DIR", DefaultValueFactory = _ => "/" };
        var dry = new Option<bool>("--dry-run") { Description = "Print the units and write nothing" };
        var command = new Command("install", "Make this binary a service of systemd, with its sockets held by systemd, and start it") { user, listen, state, root, dry };
        command.SetAction(async (parse, cancel) =>
        {
            var choice = new UnitChoice(Program(), parse.GetValue(user), Path.GetFullPath(parse.GetValue(state)!).TrimEnd('/'), parse.GetValue(listen) ?? []);
            var units = Units(choice, host);
            if (parse.GetValue(dry))
            {
                foreach (var (name, text) in units)
                    host.Out.WriteLine($"# /{UnitFolder}/{name}\n{text}");
                return ExitCode.Done;
            }
            var target = Path.GetFullPath(parse.GetValue(root)!);
            CheckTarget(target);
            Write(Path.Combine(target, UnitFolder), units, host);
            if (target == "/")
            {
                await Systemctl.RunAsync(cancel, "daemon-reload");
                await Systemctl.RunAsync(cancel, ["enable", .. units.Select(unit => unit.Name)]);
                await Systemctl.RunAsync(cancel, ["restart", .. units.Select(unit => unit.Name).Reverse()]);
                host.Out.WriteLine($"{host.Paint.Good("✓")} edgegw runs as a service; its state is in {choice.State}. See 'edgegw service status'.");
            }
            return ExitCode.Done;
        });
        return command;
    }

    private static string Program() => Environment.ProcessPath ?? throw new CliException(ExitCode.Failed, "the path of the edgegw executable is not known; start it by its full path");

    private static (string Name, string Text)[] Units(UnitChoice choice, CliHost host)
    {
        if (Array.Find(s_hidden, folder => choice.Program.StartsWith(folder, StringComparison.Ordinal)) is not null)
            throw new CliException(ExitCode.Failed, $"a service cannot see {choice.Program}; copy the folder it is in to /usr/local/lib/edgegw and install from there");
        if (choice.User is null && !UnitFiles.IsBelowStateParent(choice.State))
            throw new CliException(ExitCode.Usage, $"--state {choice.State} needs --user-name: a dynamic user owns nothing outside of /var/lib");
        if (choice.User is { } user && (user.Length == 0 || !user.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')))
            throw new CliException(ExitCode.Usage, $"'{user}' is not a user's name (--user-name)");
        var addresses = Addresses(choice, host);
        return addresses.Any(address => address.Port == 0)
            ? throw new CliException(ExitCode.Usage, "systemd holds the sockets, so each needs a port of its own: port 0 cannot be installed")
            : [(UnitFiles.Service, UnitFiles.ServiceText(choice)), (UnitFiles.Socket, UnitFiles.SocketText(addresses))];
    }

    private static ListenAddress[] Addresses(UnitChoice choice, CliHost host)
    {
        var errors = new List<string>();
        var sources = new List<SettingSource>();
        if (StateLocation.FindConfiguration(null, choice.State, new Dictionary<string, string>()) is { } file && SettingSource.FromFile(file, errors) is { } fromFile)
            sources.Add(fromFile);
        sources.Add(SettingSource.FromSwitches(choice.Listen.Select((url, i) => (FormattableString.Invariant($"Listen:{i}"), url, "--listen"))));
        var loaded = SettingsLoader.Load(sources, errors);
        if (loaded.Errors.Count > 0)
            throw new CliException(ExitCode.Failed, "the configuration is wrong:", loaded.Errors);
        return [.. loaded.Settings.Listen.Select(url => ListenAddress.Parse(url, "--listen"))];
    }

    private static void CheckTarget(string target)
    {
        if (target != "/")
            return;
        if (!OperatingSystem.IsLinux() || !Directory.Exists(Systemctl.Running))
            throw new CliException(ExitCode.Failed, $"systemd does not run this machine (there is no {Systemctl.Running}); run 'edgegw run' under what does, or print the units with --dry-run");
        if (!Environment.IsPrivilegedProcess)
            throw new CliException(ExitCode.Failed, "only root can install a service; run it with sudo, or print the units with --dry-run");
        if (File.Exists("/usr/lib/systemd/system/" + UnitFiles.Service))
            throw new CliException(ExitCode.Failed, "a package has installed the service already; change it with 'systemctl edit edgegw', and its settings in /etc/edgegw/edgegw.json");
    }

    private static void Write(string folder, IEnumerable<(string Name, string Text)> units, CliHost host)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, text) in units)
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path) && File.ReadLines(path).FirstOrDefault() != UnitFiles.Mark)
                throw new CliException(ExitCode.Failed, $"{path} was not written by 'edgegw service install', so it is left alone; move it away first");
            File.WriteAllText(path, text);
            host.Out.WriteLine($"{path} is written.");
        }
    }
}
