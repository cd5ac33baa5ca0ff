namespace EdgeGw.Cli.Tests;

/// <summary><c>edgegw service install</c> and the manual page, as far as they need no systemd.</summary>
public class UnitTests
{
    [Test]
    public async Task The_manual_page_has_every_command_and_every_option()
    {
        var page = (await new Edgegw().RunAsync("manual")).Output.Replace("\\-", "-", StringComparison.Ordinal);
        var root = CommandLine.Create(new CliHost { Out = TextWriter.Null, Error = TextWriter.Null, Environment = new Dictionary<string, string>() });
        Assert.That(page, Does.StartWith(".TH EDGEGW 1 "));
        Check(root, "edgegw");

        void Check(System.CommandLine.Command command, string name)
        {
            foreach (var below in command.Subcommands.Where(one => !one.Hidden))
            {
                Assert.That(page, Does.Contain($".SS \"{name} {below.Name}\"\n"));
                foreach (var option in below.Options.Where(option => !option.Hidden))
                    Assert.That(page, Does.Contain($"\\fB{option.Name}"));
                Check(below, $"{name} {below.Name}");
            }
        }
    }

    [Test]
    public async Task The_units_are_those_of_the_package_but_for_what_was_chosen()
    {
        using var root = new TemporaryFolder();
        var result = await new Edgegw().RunAsync("service", "install", "--root", root.Root, "--user-name", "web", "--state", "/srv/my gateway", "--listen", "http://127.0.0.1:8090", "--listen", "http://*:80");
        if (ProgramIsHidden(result))
            return;
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        var service = await File.ReadAllTextAsync(root["etc/systemd/system/edgegw.service"]);
        Assert.That(service, Does.Contain(" run --state \"/srv/my gateway\" --listen http://127.0.0.1:8090 --listen http://*:80\n").And.Contain("\nUser=web\n").And.Contain("\nReadWritePaths=\"/srv/my gateway\"\n"));
        Assert.That(service, Does.Not.Contain("DynamicUser").And.Not.Contain("StateDirectory").And.Contain("\nType=notify\n"));
        var socket = await File.ReadAllTextAsync(root["etc/systemd/system/edgegw.socket"]);
        Assert.That(socket, Does.Contain("\nListenStream=127.0.0.1:8090\nListenStream=80\nBacklog="));
    }

    [Test]
    public async Task A_unit_of_another_is_left_alone()
    {
        using var root = new TemporaryFolder();
        Directory.CreateDirectory(root["etc/systemd/system"]);
        File.WriteAllText(root["etc/systemd/system/edgegw.service"], "[Unit]\n");
        var result = await new Edgegw().RunAsync("service", "install", "--root", root.Root);
        if (ProgramIsHidden(result))
            return;
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(result.Error, Does.Contain("was not written by 'edgegw service install', so it is left alone"));
    }

    [TestCase("a dynamic user owns nothing outside of /var/lib", "--state", "/srv/gateway")]
    [TestCase("is not a user's name", "--user-name", "a b")]
    [TestCase("port 0 cannot be installed", "--listen", "http://127.0.0.1:0")]
    [TestCase("is not a URL such as", "--listen", "nonsense")]
    public async Task What_cannot_be_is_one_sentence(string sentence, params string[] options)
    {
        var result = await new Edgegw().RunAsync(["service", "install", "--dry-run", .. options]);
        if (ProgramIsHidden(result))
            return;
        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(result.Error, Does.Contain(sentence));
    }

    // Where the .NET host itself is below a home folder, that is the sentence.
    private static bool ProgramIsHidden(CommandResult result) => result.Error.Contains("a service cannot see ", StringComparison.Ordinal);
}
