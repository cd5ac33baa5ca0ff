using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Dev;
using EdgeGw.Cli.Output;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Cli.Tests;

/// <summary>Sessions of <c>edgegw dev</c> on a gateway elsewhere, with a script in place of <c>dotnet</c>: it makes a library of what the source says.</summary>
[Platform("Unix")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class DevTests
{
    private const string Compiler = """
        #!/bin/sh
        echo "$@" >> "$0.calls"
        while [ $# -gt 0 ]; do [ "$1" = -o ] && out="$2"; shift; done
        while [ -e "$0.hold" ]; do sleep 0.02; done
        if grep -q broken Handlers.cs; then
          echo "$PWD/Handlers.cs(3,5): error CS1002: ; expected [$PWD/hello.csproj]"
          exit 1
        fi
        mkdir -p "$out" obj
        cp Handlers.cs obj/seen
        { printf 'edgegw_handler_entry\0'; cat Handlers.cs; } > "$out/hello.so"
        """;

    private GatedWriter _output = null!;
    private ScriptedGateway _gateway = null!;
    private TemporaryFolder _folder = null!;
    private CancellationTokenSource _stop = null!;
    private Task<CommandResult> _session = null!;

    [SetUp]
    public async Task Start()
    {
        _output = new GatedWriter();
        _gateway = await DeployTests.StartAsync();
        _gateway.On("GET /api/v1/events", async (_, http) =>
        {
            await http.Response.WriteAsync("event: ready\ndata: {\"epoch\":1}\n\nevent: log\ndata: {\"time\":\"2026-01-01T00:00:00Z\",\"level\":\"Error\",\"source\":\"hello\",\"message\":\"from the handler\"}\n\nevent: request\ndata: {\"handler\":\"other\",\"path\":\"/other\"}\n\n");
            await http.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        _folder = new TemporaryFolder();
        _folder.Write("dotnet", Compiler);
        File.SetUnixFileMode(_folder["dotnet"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory(_folder["hello"]);
        _folder.Write("hello/hello.csproj", "<Project />");
        Save("one");
        _stop = new CancellationTokenSource();
        var edgegw = new Edgegw { Time = TimeProvider.System }.With("PATH", $"{_folder.Root}:/usr/bin:/bin");
        _session = edgegw.RunAsync(["dev", _folder["hello"], "--server", _gateway.Url, "--token", "t", "--prefix", "/v1"], _stop.Token, _output);
    }

    [TearDown]
    public async Task Stop()
    {
        await _stop.CancelAsync();
        await _session;
        _session.Dispose();
        _stop.Dispose();
        _folder.Dispose();
        await _output.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    [Test]
    public async Task Each_save_is_built_and_deployed_and_a_stop_ends_it()
    {
        await LineAsync("is live after");
        Save("two");
        await LineAsync("Handlers.cs changed; building");
        await LineAsync("is live after");
        Assert.That(Deployed(), Is.EqualTo(new[] { "one", "two" }));
        Assert.That(Deploys().Select(seen => seen.Query), Is.EqualTo(new[] { "?prefix=%2Fv1&force=true", "?name=hello&prefix=%2Fv1&force=true" }));
        await _stop.CancelAsync();
        Assert.That((await _session).ExitCode, Is.EqualTo(ExitCode.Interrupted));
    }

    [Test]
    public async Task What_does_not_build_is_shown_by_its_place_and_the_version_before_serves_on()
    {
        await LineAsync("is live after");
        Save("broken");
        Assert.That(await LineAsync("error"), Is.EqualTo("  Handlers.cs:3:5: error CS1002: ; expected"));
        Assert.That(await LineAsync("✗"), Does.EndWith("✗ hello was not built; the version before serves on"));
        Save("mended");
        await LineAsync("is live after");
        Assert.That(Deployed(), Is.EqualTo(new[] { "one", "mended" }));
    }

    [Test]
    public async Task What_is_out_of_date_when_it_is_built_is_not_deployed()
    {
        await LineAsync("is live after");
        _folder.Write("dotnet.hold", "");
        Save("two");
        await Eventually.TrueAsync(() => Task.FromResult(File.ReadAllLines(_folder["dotnet.calls"]).Length == 2), () => "the second build runs");
        Save("three, which is newer");
        File.Delete(_folder["dotnet.hold"]);
        await LineAsync("is live after");
        Assert.That(Deployed().Last(), Is.EqualTo("three, which is newer"));
        // Where the script read the source only after it was saved, what it made is still of a state that it does not know.
        Assert.That(Deployed(), Has.No.Member("two"));
    }

    [Test]
    public async Task What_the_gateway_refuses_is_shown_with_its_reasons()
    {
        await LineAsync("is live after");
        _gateway.On("POST /api/v1/deployments", """{"title":"hello was refused.","status":422,"reasons":["GET /a is there twice"]}""", 422);
        Save("refused");
        Assert.That(await LineAsync("twice"), Is.EqualTo("  - GET /a is there twice"));
        Assert.That(await LineAsync("✗"), Does.EndWith("hello was refused.; the version before serves on"));
    }

    [Test]
    public async Task What_the_handler_logs_is_shown() => Assert.That(await LineAsync("from the handler"), Does.EndWith("Error    hello: from the handler"));

    [TestCase("request", """{"handler":"hello","method":"GET","path":"/hello","status":200,"ms":1.5}""", "GET /hello 200 1.5 ms")]
    [TestCase("request", """{"handler":"other","method":"GET","path":"/other","status":200,"ms":1.5}""", null)]
    [TestCase("request", "no document", null)]
    [TestCase("log", """{"level":"Info","source":"hello","message":"its"}""", "Info     hello: its")]
    [TestCase("log", """{"level":"Info","source":"other","message":"another's"}""", null)]
    [TestCase("log", """{"level":"Error","source":"other","message":"another's"}""", "Error    other: another's")]
    [TestCase("quarantine", """{"reason":"hello 1.0.0 is quarantined"}""", "quarantine hello 1.0.0 is quarantined")]
    [TestCase("epoch", """{"number":2}""", null)]
    public void What_happens_is_shown_when_it_is_of_the_handler_or_grave(string type, string data, string? expected)
    {
        using var output = new StringWriter();
        new DevConsole(new CliHost { Out = output, Error = output, Environment = new Dictionary<string, string>(), Time = new Edgegw().Clock }).Event(new EventReply(null, type, data), handler => handler == "hello");
        Assert.That(output.ToString(), Is.EqualTo(expected is null ? "" : $"12:00:00 {expected}\n"));
    }

    [Test]
    public async Task Packages_are_restored_when_a_project_file_has_changed_and_only_then()
    {
        await LineAsync("is live after");
        Save("two");
        await LineAsync("is live after");
        _folder.Write("hello/hello.csproj", "<Project></Project>");
        await LineAsync("changed; building");
        Save("three");
        await Eventually.TrueAsync(() => Task.FromResult(Deployed().Contains("three")), () => "the third is deployed");
        var calls = File.ReadAllLines(_folder["dotnet.calls"]);
        Assert.That(calls[0], Does.StartWith("publish ").And.Contain(" -p:UseSharedCompilation=true ").And.Not.Contain("--no-restore"));
        Assert.That(calls[1], Does.EndWith(" --no-restore"));
        Assert.That(calls[2], Does.Not.Contain("--no-restore"));
    }

    [TestCase("""/src/A.cs(12,5): error CS1002: ; expected [/src/a.csproj]""", "A.cs:12:5: error CS1002: ; expected")]
    [TestCase("""/src/sub/A.cs(12,5,13,6): warning CS0168: unused [/src/a.csproj]""", "sub/A.cs:12:5: warning CS0168: unused")]
    [TestCase("""/other/A.cs(12): error X1: no column""", "/other/A.cs:12: error X1: no column")]
    [TestCase("""hello.c:3:9: error: expected ';' before '}' token""", "hello.c:3:9: error: expected ';' before '}' token")]
    [TestCase("""/src/a.csproj : error NU1101: Unable to find package X. [/src/a.csproj]""", "/src/a.csproj : error NU1101: Unable to find package X.")]
    [TestCase("a bell \u0007", "a bell \\u0007")]
    public void A_compilers_message_is_shown_as_editors_read_it(string line, string expected) =>
        Assert.That(CompilerMessages.Format([line, line, ""], "/src", new Paint(false)), Is.EqualTo(new[] { expected }));

    [Test]
    public void What_builds_and_editors_write_is_no_change()
    {
        var before = SourceTree.Read([_folder["hello"]]);
        foreach (var name in (string[])["bin/a.cs", "obj/a.cs", "node_modules/a.js", ".git/index", ".Handlers.cs.swp", "Handlers.cs~", "#Handlers.cs#", "4913", "a.so"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[$"hello/{name}"])!);
            _folder.Write($"hello/{name}", "x");
        }
        Assert.That(SourceTree.Read([_folder["hello"]]).ChangedSince(before), Is.Empty);
        _folder.Write("hello/New.cs", "x");
        Assert.That(SourceTree.Read([_folder["hello"]]).ChangedSince(before), Is.EqualTo(new[] { _folder["hello/New.cs"] }));
    }

    [Test]
    public void Folders_of_referenced_projects_are_sources_too()
    {
        Directory.CreateDirectory(_folder["shared"]);
        Directory.CreateDirectory(_folder["hello/inside"]);
        _folder.Write("shared/shared.csproj", """<Project><ItemGroup><ProjectReference Include="../hello/hello.csproj" /></ItemGroup></Project>""");
        _folder.Write("hello/inside/inside.csproj", "not XML");
        _folder.Write("hello/hello.csproj", """<Project><ItemGroup><ProjectReference Include="..\shared\shared.csproj;" /><ProjectReference Include="../shared/shared.csproj" /><ProjectReference Include="inside/inside.csproj" /></ItemGroup></Project>""");
        Assert.That(ProjectReferences.Folders(_folder["hello/hello.csproj"]), Is.EquivalentTo(new[] { _folder["hello"], _folder["shared"] }));
    }

    [Test]
    public async Task What_is_no_handler_is_a_sentence()
    {
        _folder.Write("readme.txt", "x");
        var text = await new Edgegw().RunAsync("dev", _folder["readme.txt"]);
        var missing = await new Edgegw().RunAsync("dev", _folder["nope.csproj"]);
        Assert.That((text.ExitCode, text.Error), Is.EqualTo((1, $"edgegw: {_folder["readme.txt"]} is neither a project, nor a C file, nor a folder with either; make a project with 'edgegw new'\n")));
        Assert.That(missing.Error, Is.EqualTo($"edgegw: there is no project {_folder["nope.csproj"]}\n"));
    }

    private IEnumerable<SeenRequest> Deploys() => _gateway.Seen.Where(seen => seen is { Method: "POST", Path: "/api/v1/deployments" });

    private string[] Deployed() => [.. Deploys().Select(seen => System.Text.Encoding.UTF8.GetString(seen.Body).Split('\0')[1])];

    private void Save(string text) => _folder.Write("hello/Handlers.cs", text);

    private async Task<string> LineAsync(string part)
    {
        while (true)
        {
            var line = await _output.NextAsync();
            if (line.Contains(part, StringComparison.Ordinal))
                return line;
        }
    }
}
