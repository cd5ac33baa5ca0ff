using EdgeGw.Configuration;

namespace EdgeGw.Cli.Tests;

public class SettingsTests
{
    [Test]
    public void Without_any_source_the_defaults_are_in_force()
    {
        var loaded = Load(null, []);
        Assert.Multiple(() =>
        {
            Assert.That(loaded.Errors, Is.Empty);
            Assert.That(loaded.Origins, Is.Empty);
            Assert.That(loaded.Settings.Listen, Is.EqualTo(new[] { "http://127.0.0.1:8080" }));
            Assert.That(loaded.Settings.Limits.DeadlineMs, Is.EqualTo(30_000));
        });
    }

    [Test]
    public void Switches_win_over_variables_and_variables_over_the_file()
    {
        var loaded = Load("""{ "Limits": { "DeadlineMs": 1, "Concurrency": 10, "RouteQueue": 100 } }""",
            new() { ["EDGEGW_Limits__DeadlineMs"] = "2", ["EDGEGW_LIMITS__CONCURRENCY"] = "20" },
            ("limits:deadlinems", "3", "--set limits:deadlinems"));
        Assert.Multiple(() =>
        {
            Assert.That(loaded.Errors, Is.Empty);
            Assert.That(loaded.Settings.Limits.DeadlineMs, Is.EqualTo(3));
            Assert.That(loaded.Settings.Limits.Concurrency, Is.EqualTo(20));
            Assert.That(loaded.Settings.Limits.RouteQueue, Is.EqualTo(100));
            Assert.That(loaded.Origins["Limits:DeadlineMs"], Is.EqualTo("--set limits:deadlinems"));
            Assert.That(loaded.Origins["Limits:Concurrency"], Is.EqualTo("the variable EDGEGW_LIMITS__CONCURRENCY"));
            Assert.That(loaded.Origins["Limits:RouteQueue"], Does.EndWith("edgegw.json"));
        });
    }

    [Test]
    public void A_list_of_a_stronger_source_replaces_the_whole_list()
    {
        const string File = """{ "Listen": ["http://127.0.0.1:1", "http://127.0.0.1:2", "http://127.0.0.1:3"], "Proxy": { "Trusted": ["10.0.0.0/8"] } }""";
        var loaded = Load(File, new() { ["EDGEGW_Proxy__Trusted"] = "192.168.0.1; ::1" }, ("Listen:0", "http://127.0.0.1:9", "--listen"));
        Assert.Multiple(() =>
        {
            Assert.That(loaded.Errors, Is.Empty);
            Assert.That(loaded.Settings.Listen, Is.EqualTo(new[] { "http://127.0.0.1:9" }));
            Assert.That(loaded.Settings.Proxy.Trusted, Is.EqualTo(new[] { "192.168.0.1", "::1" }));
        });
    }

    [Test]
    public void An_empty_list_replaces_the_list_too()
    {
        var loaded = Load("""{ "Proxy": { "Trusted": ["10.0.0.0/8"] } }""", new() { ["EDGEGW_Proxy__Trusted"] = "" });
        Assert.That(loaded.Errors, Is.Empty);
        Assert.That(loaded.Settings.Proxy.Trusted, Is.Empty);
    }

    [Test]
    public void The_items_of_a_list_keep_their_order_past_the_tenth()
    {
        var urls = Enumerable.Range(1, 12).Select(port => $"http://127.0.0.1:{port}").ToArray();
        var loaded = Load(null, [], [.. urls.Select((url, i) => ($"Listen:{i}", url, "--listen"))]);
        Assert.That(loaded.Settings.Listen, Is.EqualTo(urls));
    }

    [Test]
    public void A_null_in_a_file_is_the_same_as_nothing()
    {
        var loaded = Load("""{ "Limits": { "DeadlineMs": null }, "Tls": { "Certificate": null }, "Log": {} }""", []);
        Assert.That(loaded.Errors, Is.Empty);
        Assert.That(loaded.Settings.Limits.DeadlineMs, Is.EqualTo(30_000));
    }

    [Test]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        const string File = """
            {
              // Comments and a last comma are fine.
              "Limts": { "DeadlineMs": 5 },
              "Limits": { "DeadlineMs": 0, "Concurrency": "abc", "Deadline": { "Ms": 1 }, },
              "AccessLog": 5,
            }
            """;
        var loaded = Load(File, new() { ["EDGEGW_MaxBodyByte"] = "1", ["EDGEGW_Log__Level"] = "loud" }, ("AccessLog:Sample", "1.5", "--set AccessLog:Sample"));
        Assert.That(loaded.Errors.Select(error => error[(error.LastIndexOf('/') + 1)..]), Is.EquivalentTo(new[]
        {
            "edgegw.json: there is no setting Limts:DeadlineMs; did you mean Limits:DeadlineMs?",
            "edgegw.json: Limits:DeadlineMs: 0 is out of range (1 to 86400000)",
            "edgegw.json: Limits:Concurrency: 'abc' is not a whole number (1 to 1000000)",
            "edgegw.json: there is no setting Limits:Deadline:Ms; did you mean Limits:DeadlineMs?",
            "edgegw.json: AccessLog is a group of settings, such as AccessLog:Enabled, and takes no value itself",
            "the variable EDGEGW_MaxBodyByte: there is no setting MaxBodyByte; did you mean Limits:MaxBodyBytes?",
            "the variable EDGEGW_Log__Level: Log:Level: 'loud' is not a level (Trace, Debug, Info, Warning, Error, Critical)",
            "--set AccessLog:Sample: AccessLog:Sample: 1.5 is out of range (0 to 1)",
        }));
    }

    [TestCase("http://127.0.0.1:8080", "http://127.0.0.1:8080")]
    [TestCase("http://localhost", "http://localhost:80")]
    [TestCase("HTTP://*:80/", "http://*:80")]
    [TestCase("http://[::1]:5000", "http://[::1]:5000")]
    [TestCase("http://127.0.0.1:0", "http://127.0.0.1:0")]
    public void A_listener_is_a_scheme_a_host_and_a_port(string given, string expected)
    {
        var loaded = Load(null, [], ("Listen:0", given, "--listen"));
        Assert.That(loaded.Errors, Is.Empty);
        Assert.That(loaded.Settings.Listen, Is.EqualTo(new[] { expected }));
    }

    [TestCase("127.0.0.1:8080")]
    [TestCase("ftp://127.0.0.1:21")]
    [TestCase("http://example.com:80")]
    [TestCase("http://127.0.0.1:65536")]
    [TestCase("http://1:80")]
    [TestCase("http://127.0.0.1:x")]
    [TestCase("http://127.0.0.1:80/path")]
    [TestCase("http://unix:/tmp/x.sock")]
    [TestCase("https://127.0.0.1:8443")]
    [TestCase("http://")]
    [TestCase("")]
    public void A_wrong_listener_is_refused(string given) => Assert.That(Load(null, [], ("Listen:0", given, "--listen")).Errors, Has.Count.EqualTo(1));

    [Test]
    public void Two_equal_listeners_are_refused() =>
        Assert.That(Load(null, new() { ["EDGEGW_Listen"] = "http://127.0.0.1:1;http://127.0.0.1:1" }).Errors, Has.Exactly(1).Contains("is in the list twice"));

    [Test]
    public void A_certificate_needs_its_key_and_is_looked_for_beside_the_file()
    {
        using var folder = new TemporaryFolder();
        folder.Write("cert.pem", "x");
        var errors = new List<string>();
        var source = SettingSource.FromFile(folder.Write("edgegw.json", """{ "Tls": { "Certificate": "cert.pem" } }"""), errors)!;
        var loaded = SettingsLoader.Load([source], errors);
        Assert.That(loaded.Settings.Tls.Certificate, Is.EqualTo(folder["cert.pem"]));
        Assert.That(loaded.Errors, Is.EqualTo(new[] { "Tls:Certificate and Tls:Key belong together: give both or neither" }));
    }

    [Test]
    public void A_missing_certificate_is_named()
    {
        var loaded = Load(null, new() { ["EDGEGW_Tls__Certificate"] = "/nowhere/cert.pem", ["EDGEGW_Tls__Key"] = "/nowhere/key.pem" });
        Assert.That(loaded.Errors, Has.Count.EqualTo(2).And.Some.Contains("there is no file /nowhere/cert.pem"));
    }

    [TestCase("10")]
    [TestCase("10/8")]
    [TestCase("10.0.0.0/33")]
    [TestCase("proxy.example.com")]
    public void A_wrong_network_is_refused(string given) => Assert.That(Load(null, new() { ["EDGEGW_Proxy__Trusted"] = given }).Errors, Has.Count.EqualTo(1));

    [Test]
    public void Malformed_JSON_says_the_file_and_the_line()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("edgegw.json", "{\n  \"Limits\": {\n    \"DeadlineMs\": oops\n  }\n}");
        var errors = new List<string>();
        Assert.That(SettingSource.FromFile(file, errors), Is.Null);
        Assert.That(errors.Single(), Does.StartWith($"{file}, line 3: this is not JSON: "));
    }

    [Test]
    public void A_key_that_is_there_twice_is_refused()
    {
        using var folder = new TemporaryFolder();
        var errors = new List<string>();
        Assert.That(SettingSource.FromFile(folder.Write("edgegw.json", """{ "Admin": "", "admin": "" }"""), errors), Is.Null);
        Assert.That(errors.Single(), Does.Contain("edgegw.json: ").And.Contain("admin"));
    }

    [Test]
    public void The_variables_that_are_no_settings_are_left_alone() =>
        Assert.That(Load(null, SettingSource.Reserved.ToDictionary(name => name, _ => "x")).Errors, Is.Empty);

    private static LoadedSettings Load(string? file, Dictionary<string, string> environment, params (string, string, string)[] switches)
    {
        using var folder = new TemporaryFolder();
        var errors = new List<string>();
        var sources = new List<SettingSource>();
        if (file is not null)
            sources.Add(SettingSource.FromFile(folder.Write("edgegw.json", file), errors)!);
        sources.Add(SettingSource.FromEnvironment(environment));
        sources.Add(SettingSource.FromSwitches(switches));
        return SettingsLoader.Load(sources, errors);
    }
}
