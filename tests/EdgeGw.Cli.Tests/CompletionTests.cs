namespace EdgeGw.Cli.Tests;

public class CompletionTests
{
    private static readonly string[] Handlers = ["hello"];

    [Test]
    public async Task Commands_and_options_are_completed()
    {
        Assert.That(await SuggestAsync(new Edgegw(), "ro"), Is.EqualTo(new[] { "rollback", "routes" }));
        Assert.That(await SuggestAsync(new Edgegw(), "deploy x --max"), Is.EqualTo(new[] { "--max-body" }));
        Assert.That(await SuggestAsync(new Edgegw(), "run --set Limits:Dea"), Is.EqualTo(new[] { "Limits:DeadlineMs=" }));
    }

    [TestCase("rollback ")]
    [TestCase("undeploy h")]
    [TestCase("logs --handler ")]
    [TestCase("deploy x.so --name ")]
    public async Task The_names_of_deployed_handlers_are_completed(string line)
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On("GET /api/v1/status", Answers.Status);
        Assert.That((await SuggestAsync(gateway.Cli(), line)), Is.EqualTo(Handlers));
    }

    [TestCase("service show database:", "database:main database:orders")]
    [TestCase("service disable c", "cache:default")]
    [TestCase("service add s", "storage:")]
    [TestCase("service add cache:x --provider ", "memory redis")]
    [TestCase("service add cache:x --provider redis --set p", "password= port= prefix=")]
    [TestCase("service add cache:x --set max", "maxBytes= maxEntryBytes= maxReplyBytes=")]
    [TestCase("service m", "migrate")]
    public async Task Services_their_providers_and_settings_are_completed(string line, string expected)
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On("GET /api/v1/services", Answers.Services);
        Assert.That((await SuggestAsync(gateway.Cli(), line)).Order(), Is.EqualTo(expected.Split(' ')));
    }

    [Test]
    public async Task The_line_itself_can_say_which_gateway()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On("GET /api/v1/status", Answers.Status);
        Assert.That(await SuggestAsync(new Edgegw(), $"undeploy --state {gateway.State} h"), Is.EqualTo(Handlers));
    }

    [Test]
    public async Task Without_a_gateway_there_is_nothing_to_complete_and_no_error()
    {
        using var folder = new TemporaryFolder();
        var result = await new Edgegw().With("EDGEGW_STATE", folder.Root).RunAsync("[suggest:17]", "edgegw undeploy h");
        Assert.That((result.ExitCode, result.Output, result.Error), Is.EqualTo((0, "", "")));
    }

    [TestCase("bash", """eval "$1"; COMP_WORDS=(edgegw undeploy h); COMP_CWORD=2; COMP_LINE='edgegw undeploy h'; COMP_POINT=17; _edgegw; printf '%s\n' "${COMPREPLY[@]}" """)]
    [TestCase("bash", """eval "$1"; COMP_WORDS=(edgegw undep); COMP_CWORD=1; COMP_LINE='edgegw undep'; COMP_POINT=12; _edgegw; printf '%s\n' "${COMPREPLY[@]}" """, "undeploy")]
    [TestCase("bash", """eval "$1"; COMP_WORDS=(edgegw run --set Limits : Dead); COMP_CWORD=5; COMP_LINE='edgegw run --set Limits:Dead'; COMP_POINT=28; _edgegw; printf '%s\n' "${COMPREPLY[@]}" """, "DeadlineMs=")]
    [TestCase("fish", """eval $argv[1]; complete --do-complete 'edgegw undeploy h' """)]
    [TestCase("fish", """eval $argv[1]; complete --do-complete 'edgegw deploy build.c' """, "build.cake")]
    [TestCase("fish", """eval $argv[1]; complete --do-complete 'edgegw undep' """, "undeploy")]
    [TestCase("zsh", """compdef() { }; eval "$1"; compadd() { shift; print -l ${(P)1} }; _files() { }; words=(edgegw undeploy h) CURRENT=3; _edgegw """)]
    [TestCase("zsh", """compdef() { }; eval "$1"; compadd() { shift; print -l ${(P)1} }; _files() { }; words=(edgegw undep) CURRENT=2; _edgegw """, "undeploy")]
    public async Task The_script_makes_its_shell_complete(string shell, string program, string expected = "hello")
    {
        Assert.That(new[] { "/bin", "/usr/bin" }.Any(folder => File.Exists(Path.Combine(folder, shell))), Is.True, $"{shell} is not installed; ./build.sh test installs it");
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On("GET /api/v1/status", Answers.Status);
        var script = (await new Edgegw().RunAsync("completion", shell)).Output;
        string[] arguments = shell == "fish" ? ["--no-config", "-c", program, "--", script] : ["-c", program, shell, script];
        var result = await Command.RunAsync(shell, arguments, environment: new Dictionary<string, string?>
        {
            ["PATH"] = $"{TestContext.CurrentContext.TestDirectory}:{Environment.GetEnvironmentVariable("PATH")}",
            ["EDGEGW_STATE"] = gateway.State,
        });
        Assert.That(result.Output.Trim(), Is.EqualTo(expected), result.ToString());
    }

    private static async Task<string[]> SuggestAsync(Edgegw edgegw, string line)
    {
        var whole = "edgegw " + line;
        var result = await edgegw.RunAsync($"[suggest:{whole.Length}]", whole);
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
