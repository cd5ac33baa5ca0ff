namespace EdgeGw.Cli.Tests;

/// <summary>Profiles: a gateway elsewhere, by a name.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")] // modes of files
public sealed class LoginTests
{
    private const string Session = """{"user":"key ci (0a1b)","kind":"key","scopes":["read","deploy"],"csrf":null,"expires":null}""";

    private TemporaryFolder _home = null!;
    private ScriptedGateway _gateway = null!;

    private string File => Path.Combine(_home.Root, "edgegw", "profiles.json");

    [SetUp]
    public async Task Start()
    {
        _home = new TemporaryFolder();
        _gateway = (await ScriptedGateway.StartAsync()).On("GET /api/v1/session", Session).On("GET /api/v1/status", Answers.Status);
    }

    [TearDown]
    public async Task Stop()
    {
        await _gateway.DisposeAsync();
        _home.Dispose();
    }

    [Test]
    public async Task After_a_login_every_command_goes_to_that_gateway_with_that_key()
    {
        var login = await Cli("egw_1_a").RunAsync("login", "--server", _gateway.Url);
        Assert.That((login.ExitCode, login.Output), Is.EqualTo((0, $"✓ key ci (0a1b) (read, deploy) at {_gateway.Url} is the profile 'default'\n")), login.Error);
        Assert.That(System.IO.File.GetUnixFileMode(File), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That((await Cli().RunAsync("status")).ExitCode, Is.Zero);
        Assert.That(_gateway.Seen.Select(seen => (seen.Path, seen.Authorization)), Is.EqualTo(new[] { ("/api/v1/session", "Bearer egw_1_a"), ("/api/v1/status", "Bearer egw_1_a") }));
    }

    [Test]
    public async Task Profiles_have_names_and_what_is_said_wins_over_them()
    {
        await Cli("egw_1_a").RunAsync("login", "--server", _gateway.Url, "--profile", "prod");
        Assert.That((await Cli().RunAsync("status", "--profile", "prod")).ExitCode, Is.Zero);
        Assert.That((await Cli().With("EDGEGW_PROFILE", "prod").RunAsync("status")).ExitCode, Is.Zero);
        Assert.That((await Cli().With("EDGEGW_STATE", _gateway.State).RunAsync("status", "--profile", "prod", "--token", "egw_2_b")).ExitCode, Is.Zero);
        Assert.That((await Cli().With("EDGEGW_STATE", _gateway.State).RunAsync("status")).ExitCode, Is.Zero, "the local one");
        Assert.That(_gateway.Seen.Select(seen => seen.Authorization), Is.EqualTo((string?[])["Bearer egw_1_a", "Bearer egw_1_a", "Bearer egw_1_a", "Bearer egw_2_b", null]));

        var unknown = await Cli().RunAsync("status", "--profile", "test");
        Assert.That((unknown.ExitCode, unknown.Error), Is.EqualTo((ExitCode.Usage, "edgegw: there is no profile 'test' (there is prod): make it with 'edgegw login --profile test --server URL'\n")));
        Assert.That((await Cli().RunAsync("status", "--profile", "prod", "--state", "/s")).ExitCode, Is.EqualTo(ExitCode.Usage));
    }

    [Test]
    public async Task A_key_that_is_refused_is_not_kept_and_the_one_before_stays()
    {
        await Cli("egw_1_a").RunAsync("login", "--server", _gateway.Url);
        var before = await System.IO.File.ReadAllTextAsync(File);
        _gateway.On("GET /api/v1/session", """{"title":"The API key 'ci' (0a1b) has expired on 2026-01-01 00:00 UTC; have another one made with 'edgegw keys add'.","status":401}""", 401);
        var refused = await Cli("egw_2_b").RunAsync("login");
        Assert.That((refused.ExitCode, refused.Error), Is.EqualTo((1, "edgegw: The API key 'ci' (0a1b) has expired on 2026-01-01 00:00 UTC; have another one made with 'edgegw keys add'.\n")));
        Assert.That(await System.IO.File.ReadAllTextAsync(File), Is.EqualTo(before));
        foreach (var wrong in (string[])["", "two words", "new\nline"])
            Assert.That((await Cli(wrong).RunAsync("login")).ExitCode, Is.EqualTo(ExitCode.Usage), wrong);
        Assert.That((await Cli("k").RunAsync("login", "--profile", "a/b")).ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That((await Cli("k").RunAsync("login", "--server", "gateway")).ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That((await Cli("k").RunAsync("login", "--profile", "new")).ExitCode, Is.EqualTo(ExitCode.Usage), "without a server");
    }

    [Test]
    public async Task Logout_forgets()
    {
        await Cli("egw_1_a").RunAsync("login", "--server", _gateway.Url);
        Assert.That((await Cli().RunAsync("logout")).ExitCode, Is.Zero);
        Assert.That(await System.IO.File.ReadAllTextAsync(File), Does.Not.Contain("egw_1_a"));
        Assert.That((await Cli().RunAsync("logout")).ExitCode, Is.EqualTo(ExitCode.Usage));
    }

    [Test]
    public async Task A_file_that_is_damaged_is_a_sentence_and_is_not_overwritten()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        await System.IO.File.WriteAllTextAsync(File, "{");
        foreach (var command in (string[][])[["status"], ["login", "--server", _gateway.Url], ["logout"]])
        {
            var result = await Cli("k").RunAsync(command);
            Assert.That((result.ExitCode, result.Error), Is.EqualTo((1, result.Error)));
            Assert.That(result.Error, Does.StartWith($"edgegw: {File} cannot be read"));
        }
        Assert.That(await System.IO.File.ReadAllTextAsync(File), Is.EqualTo("{"));
    }

    private Edgegw Cli(string typed = "") => new Edgegw { Typed = typed }.With("XDG_CONFIG_HOME", _home.Root);
}
