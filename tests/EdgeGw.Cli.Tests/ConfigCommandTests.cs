namespace EdgeGw.Cli.Tests;

public class ConfigCommandTests
{
    [Test]
    public async Task What_is_in_force_is_shown_with_where_it_comes_from()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("edgegw.json", """{ "Log": { "Level": "warning" } }""");
        var result = await new Edgegw().With("EDGEGW_Limits__DeadlineMs", "5").RunAsync("config", "--state", folder.Root, "--listen", "http://127.0.0.1:9");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output, Does.Match(@"Listen +http://127\.0\.0\.1:9 +--listen\n"));
        Assert.That(result.Output, Does.Match(@"Limits:DeadlineMs +5 +the variable EDGEGW_Limits__DeadlineMs\n"));
        Assert.That(result.Output, Does.Match($@"Log:Level +Warning +{file}\n"));
        Assert.That(result.Output, Does.Match(@"Tls:Key +none +default\n"));
    }

    [Test]
    public async Task As_JSON_it_is_a_configuration_file_that_says_the_same()
    {
        using var folder = new TemporaryFolder();
        var options = new[] { "--set", "Proxy:Trusted=10.0.0.0/8;::1", "--set", "AccessLog:Sample=0.25", "--admin", "" };
        var json = await new Edgegw().RunAsync(["config", "--state", folder.Root, "--json", .. options]);
        var text = await new Edgegw().RunAsync(["config", "--state", folder.Root, .. options]);
        var file = folder.Write("written.json", json.Output);
        var again = await new Edgegw().RunAsync("config", "--state", folder.Root, "--config", file);
        Assert.That(Columns(again.Output), Is.EqualTo(Columns(text.Output)));
        Assert.That(again.Output, Does.Contain("10.0.0.0/8;::1"));

        static string[] Columns(string table) => [.. table.Split('\n').Skip(1).Where(line => line.Length > 0).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2)))];
    }

    [Test]
    public async Task Check_says_yes_or_no()
    {
        using var folder = new TemporaryFolder();
        var right = await new Edgegw().RunAsync("config", "--check", "--state", folder.Root, "--set", "Log:Keep=5");
        var wrong = await new Edgegw().RunAsync("config", "--check", "--state", folder.Root, "--set", "Log:Kep=5");
        Assert.That((right.ExitCode, right.Output), Is.EqualTo((0, "✓ the configuration is right (no file, 1 key set)\n")));
        Assert.That((wrong.ExitCode, wrong.Error), Is.EqualTo((1, "edgegw: --set Log:Kep: there is no setting Log:Kep; did you mean Log:Keep?\n")));
    }

    [Test]
    public async Task The_file_is_the_switchs_then_the_variables_then_the_state_directorys()
    {
        using var folder = new TemporaryFolder();
        folder.Write("edgegw.json", """{ "Log": { "Keep": 1 } }""");
        var fromState = await new Edgegw().RunAsync("config", "--state", folder.Root);
        var named = folder.Write("b.json", """{ "Log": { "Keep": 2 } }""");
        var fromVariable = await new Edgegw().With("EDGEGW_CONFIG", named).RunAsync("config", "--state", folder.Root);
        var given = folder.Write("c.json", """{ "Log": { "Keep": 3 } }""");
        var fromSwitch = await new Edgegw().With("EDGEGW_CONFIG", named).RunAsync("config", "--state", folder.Root, "--config", given);
        var missing = await new Edgegw().With("EDGEGW_CONFIG", folder["nope.json"]).RunAsync("config", "--state", folder.Root);
        Assert.That(fromState.Output, Does.Match(@"Log:Keep +1 "));
        Assert.That(fromVariable.Output, Does.Match(@"Log:Keep +2 "));
        Assert.That(fromSwitch.Output, Does.Match(@"Log:Keep +3 "));
        Assert.That(missing.Error, Does.Contain("there is no such configuration file"));
    }

    [Test]
    public async Task The_keys_are_listed()
    {
        var keys = await new Edgegw().RunAsync("config", "--keys");
        Assert.That(keys.Output, Does.Contain("| `Limits:DeadlineMs` | whole number | `30000` | 1 to 86400000 |"));
    }
}
