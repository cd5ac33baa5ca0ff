namespace EdgeGw.Cli.Tests;

/// <summary>Deploys of projects, with a script in place of <c>dotnet</c>: what matters here is what is asked of it and what is made of its answer.</summary>
[Platform("Unix")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public class PublishTests
{
    private const string FindOutput = """while [ $# -gt 0 ]; do [ "$1" = -o ] && out="$2"; shift; done""";

    [Test]
    public async Task A_project_is_published_and_its_library_deployed()
    {
        var (result, seen, calls) = await DeployAsync($$"""
            {{FindOutput}}
            printf 'ELF edgegw_handler_entry\0rest' > "$out/hello.so"
            printf 'ELF sqlite3_open\0' > "$out/libe_sqlite3.so"
            printf 'edgegw_handler_entry\0' > "$out/hello.so.dbg"
            """);
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output, Does.StartWith("✓ hello 1.0.1 is live"));
        Assert.That(result.Error, Does.StartWith("publishing hello for linux-x64 ...\npublished hello in "));
        Assert.That(seen.Single(request => request.Method == "POST").FileName, Is.EqualTo("hello.so"));
        Assert.That(calls.Single(), Does.Contain(" -r linux-x64 -c Debug ").And.StartWith("publish /").And.Contain("/hello.csproj "));
        Assert.That(Directory.Exists(calls.Single().Split(" -o ")[1].Split(' ')[0]), Is.False, "the temporary folder is left behind");
    }

    [Test]
    public async Task Compiler_errors_are_shown_as_they_are_and_nothing_is_deployed()
    {
        var (result, seen, calls) = await DeployAsync("""
            echo "/src/Handlers.cs(3,5): error CS1002: ; expected [/src/hello.csproj]"
            exit 1
            """);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(result.Error, Does.Contain("\n/src/Handlers.cs(3,5): error CS1002: ; expected [/src/hello.csproj]\n"));
        Assert.That(result.Error, Does.EndWith("edgegw: hello.csproj was not published: dotnet publish ended with exit code 1\n"));
        Assert.That(seen.Any(request => request.Method == "POST"), Is.False);
        Assert.That(calls, Has.Length.EqualTo(1));
    }

    [Test]
    public async Task The_native_compilers_rare_crash_is_tried_once_more()
    {
        var (result, _, calls) = await DeployAsync($$"""
            {{FindOutput}}
            if [ ! -e "$0.again" ]; then touch "$0.again"; echo "ILC : error : Code generation failed for method X"; exit 1; fi
            printf 'edgegw_handler_entry\0' > "$out/hello.so"
            """);
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(calls, Has.Length.EqualTo(2));
    }

    [Test]
    public async Task But_not_a_second_time()
    {
        var (result, _, calls) = await DeployAsync("""
            echo "ILC : error : Code generation failed for method X"
            exit 1
            """);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(calls, Has.Length.EqualTo(2));
    }

    [Test]
    public async Task A_machine_without_the_SDK_is_told_so()
    {
        await using var gateway = await DeployTests.StartAsync();
        using var folder = new TemporaryFolder();
        var project = folder.Write("hello.csproj", "<Project />");
        var none = await gateway.Cli().With("PATH", folder.Root).RunAsync("deploy", project);
        Assert.That(none.Error, Does.StartWith("edgegw: publishing a project needs the .NET SDK, and 'dotnet' was not found"));
        var (onlyRuntime, _, _) = await DeployAsync("""
            echo "The application 'publish' does not exist or is not a managed .dll or .exe."
            echo "No .NET SDKs were found." >&2
            exit 145
            """);
        Assert.That(onlyRuntime.Error, Does.Contain("edgegw: publishing a project needs the .NET SDK, and ").And.EndsWith("\n  - No .NET SDKs were found.\n"));
        Assert.That((none.ExitCode, onlyRuntime.ExitCode), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task A_project_that_makes_no_handler_is_refused()
    {
        var (result, _, _) = await DeployAsync($$"""
            {{FindOutput}}
            printf 'ELF' > "$out/hello.so"
            """);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(result.Error, Does.Contain("no library came of it that exports edgegw_handler_entry"));
    }

    [Test]
    public async Task Without_a_gateway_nothing_is_published()
    {
        using var folder = new TemporaryFolder();
        var project = folder.Write("hello.csproj", "<Project />");
        var result = await new Edgegw().With("EDGEGW_STATE", folder.Root).With("PATH", "/nowhere").RunAsync("deploy", project);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Unreachable));
    }

    [Test]
    public async Task A_stop_ends_dotnet_too()
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await DeployTests.StartAsync();
        Script(folder, """
            echo $$ > "$0.pid.part" && mv "$0.pid.part" "$0.pid"
            exec sleep 600
            """);
        using var stop = new CancellationTokenSource();
        var deploy = gateway.Cli().With("PATH", $"{folder.Root}:/usr/bin:/bin").RunAsync(["deploy", folder.Write("hello.csproj", "<Project />")], stop.Token);
        await Eventually.TrueAsync(() => Task.FromResult(File.Exists(folder["dotnet.pid"])), () => "dotnet runs");
        await stop.CancelAsync();
        Assert.That((await deploy).ExitCode, Is.EqualTo(ExitCode.Interrupted));
        var pid = File.ReadAllText(folder["dotnet.pid"]).Trim();
        await Eventually.TrueAsync(() => Task.FromResult(!File.Exists($"/proc/{pid}/stat") || File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal)), () => "dotnet has ended");
    }

    private static async Task<(CommandResult Result, SeenRequest[] Seen, string[] Calls)> DeployAsync(string script)
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await DeployTests.StartAsync();
        Script(folder, script);
        Directory.CreateDirectory(folder["hello"]);
        folder.Write("hello/hello.csproj", "<Project />");
        var result = await gateway.Cli().With("PATH", $"{folder.Root}:/usr/bin:/bin").RunAsync("deploy", folder["hello"], "-r", "linux-x64", "--configuration", "Debug");
        return (result, [.. gateway.Seen], File.ReadAllLines(folder["dotnet.calls"]));
    }

    private static void Script(TemporaryFolder folder, string script)
    {
        folder.Write("dotnet", $"#!/bin/sh\necho \"$@\" >> \"$0.calls\"\n{script}\n");
        File.SetUnixFileMode(folder["dotnet"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
