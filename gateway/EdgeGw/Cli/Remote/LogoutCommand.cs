using System.CommandLine;

namespace EdgeGw.Cli.Remote;

/// <summary><c>edgegw logout</c>: forgets a profile. The key itself goes on being worth what it was.</summary>
internal static class LogoutCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var name = new Option<string>("--profile") { Description = "The profile to forget", HelpName = "NAME", DefaultValueFactory = _ => ProfileFile.Default };
        name.CompletionSources.Add(_ => new ProfileFile(host.Environment).Names());
        var command = new Command("logout", "Forget a profile that 'edgegw login' has made; the key itself stays valid") { name };
        command.SetAction(parse =>
        {
            var file = new ProfileFile(host.Environment);
            var profiles = file.Read();
            var profile = parse.GetValue(name)!;
            if (!profiles.Remove(profile))
                throw ServerAddress.Unknown(profile, profiles.Keys);
            file.Write(profiles);
            host.Out.WriteLine($"{host.Paint.Good("✓")} the profile '{profile}' is forgotten");
            return ExitCode.Done;
        });
        return command;
    }
}
