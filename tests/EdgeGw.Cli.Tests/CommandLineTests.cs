namespace EdgeGw.Cli.Tests;

public class CommandLineTests
{
    [Test]
    public async Task Help_names_every_command()
    {
        var help = await new Edgegw().RunAsync("--help");
        Assert.That(help.ExitCode, Is.EqualTo(ExitCode.Done));
        foreach (var command in new[] { "run", "new", "deploy", "inspect", "rollback", "status", "routes", "history", "logs", "crashes", "undeploy", "service", "config", "version", "completion", "manual" })
            Assert.That(help.Output, Does.Contain($"\n  {command} "));
    }

    [Test]
    public async Task Nothing_at_all_shows_the_help_and_is_wrong_usage()
    {
        var nothing = await new Edgegw().RunAsync();
        Assert.That(nothing.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(nothing.Output, Does.Contain("Usage:"));
    }

    [TestCase("frobnicate")]
    [TestCase("deploy")]
    [TestCase("status", "--nonsense")]
    [TestCase("deploy", "x.so", "--drain", "30")]
    [TestCase("deploy", "x.so", "--max-body", "10M")]
    [TestCase("deploy", "x.so", "--concurrency", "0")]
    [TestCase("deploy", "x.so", "--set", "noequals")]
    [TestCase("deploy", "x.so", "--set", "a=1", "--set", "a=2")]
    [TestCase("rollback", "--to", "0")]
    [TestCase("rollback", "hello", "--to", "3")]
    [TestCase("logs", "--tail", "many")]
    [TestCase("history", "--limit", "-1")]
    [TestCase("undeploy")]
    [TestCase("completion", "tcsh")]
    [TestCase("new", "../escape")]
    [TestCase("new", "1st")]
    [TestCase("status", "--state", "/tmp/x", "--server", "http://127.0.0.1:1", "--token", "t")]
    [TestCase("status", "--server", "http://127.0.0.1:1")]
    [TestCase("status", "--server", "nonsense", "--token", "t")]
    [TestCase("run", "--set", "nonsense")]
    public async Task Wrong_usage_exits_with_2_and_says_why_on_standard_error(params string[] arguments)
    {
        var result = await new Edgegw().RunAsync(arguments);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage), result.ToString());
        Assert.That(result.Error, Does.StartWith("edgegw: "));
        Assert.That(result.Output, Is.Empty);
    }

    [Test]
    public async Task A_wrong_value_is_explained_and_the_help_is_named()
    {
        var result = await new Edgegw().RunAsync("deploy", "x.so", "--drain", "30");
        Assert.That(result.Error, Is.EqualTo("""
            edgegw: --drain: '30' is not a duration such as 500ms, 30s or 2m
            See 'edgegw deploy --help'.

            """));
    }

    [Test]
    public async Task Version_needs_no_gateway()
    {
        var text = await new Edgegw().RunAsync("version");
        var option = await new Edgegw().RunAsync("--version");
        var json = await new Edgegw().RunAsync("version", "--json");
        Assert.That(text.Output, Does.Match(@"^edgegw \d+\.\d+\.\d+\S* \(ABI \d+\.\d+, \S+\)\n$"));
        Assert.That(option.Output, Is.EqualTo(text.Output));
        Assert.That(System.Text.Json.JsonDocument.Parse(json.Output).RootElement.GetProperty("version").GetString(), Is.EqualTo(ProductVersion.Number));
    }

    [Test]
    public async Task Run_refuses_a_wrong_configuration_before_it_does_anything()
    {
        using var folder = new TemporaryFolder();
        var result = await new Edgegw().With("EDGEGW_Limits__DeadlineMs", "soon").RunAsync("run", "--state", folder["state"], "--listen", "nonsense");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(result.Error, Is.EqualTo("""
            edgegw: the configuration is wrong:
              - the variable EDGEGW_Limits__DeadlineMs: Limits:DeadlineMs: 'soon' is not a whole number (1 to 86400000)
              - --listen: Listen: 'nonsense' is not a URL such as http://127.0.0.1:8080

            """));
        Assert.That(Directory.Exists(folder["state"]), Is.False);
    }
}
