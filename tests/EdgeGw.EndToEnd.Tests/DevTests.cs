using System.Diagnostics;

namespace EdgeGw.EndToEnd.Tests;

/// <summary><c>edgegw dev</c> as its users run it: a gateway of its own, and nothing of it left when it has ended.</summary>
[NonParallelizable]
public sealed class DevTests
{
    private static readonly TimeSpan BuildPatience = TimeSpan.FromMinutes(10);

    [Test]
    public async Task A_C_handler_is_live_after_each_save_and_everything_ends_with_the_session()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["hello"]);
        var source = await File.ReadAllTextAsync(Repository.Path("native-abi/examples/hello.c"));
        folder.Write("hello/hello.c", source);
        await RunAsync(folder, "hello", "hello.c", source, "/c/hello", "Hello, ", """hello.c:\d+:\d+: error: """);
    }

    [Test]
    public async Task A_new_project_is_live_after_each_save_and_everything_ends_with_the_session()
    {
        using var folder = new TemporaryFolder();
        var made = await Command.RunAsync(Repository.GatewayBinary, ["new", "hello"], folder.Root);
        Assert.That(made.ExitCode, Is.Zero, made.ToString());
        await RunAsync(folder, "hello", "Handlers.cs", await File.ReadAllTextAsync(folder["hello/Handlers.cs"]), "/hello/Ada", "Hello, ", """Handlers.cs:\d+:\d+: error CS\d+: """);
    }

    private static async Task RunAsync(TemporaryFolder folder, string project, string file, string source, string path, string greeting, string error)
    {
        var start = new ProcessStartInfo(Repository.GatewayBinary, ["dev", project, "--state", folder["s"], "--listen", "http://127.0.0.1:0"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Root,
        };
        start.Environment["NO_COLOR"] = "1";
        start.Environment["DEV_TEST_SESSION"] = folder.Root;
        using var session = Process.Start(start)!;
        session.StandardInput.Close();
        var (output, errors) = (new CapturedLines(session.StandardOutput), new CapturedLines(session.StandardError));
        try
        {
            var saves = 0;
            await LiveAsync(1);
            using var client = Http.Http11(new Uri((await output.WaitForAsync("http://")).Split(" at ")[1].Split(';')[0]));
            Assert.That(await client.GetStringAsync(path), Does.Contain(greeting));
            await output.WaitForAsync($"GET {path} 200 ");

            Save(source.Replace(greeting, "Good morning, ", StringComparison.Ordinal));
            await LiveAsync(2);
            Assert.That(await client.GetStringAsync(path), Does.Contain("Good morning, "));

            Save(source + "\n}");
            await WaitAsync(() => output.ToString().Contains("was not built; the version before serves on", StringComparison.Ordinal), "it is not built");
            Assert.That(output.ToString(), Does.Match(error));
            Assert.That(await client.GetStringAsync(path), Does.Contain("Good morning, "));

            Save(source);
            await LiveAsync(3);
            Assert.That(await client.GetStringAsync(path), Does.Contain(greeting));

            await Command.RunAsync("kill", ["-TERM", $"{session.Id}"]);
            using var patience = new CancellationTokenSource(Eventually.Patience);
            await session.WaitForExitAsync(patience.Token);
            Assert.That(session.ExitCode, Is.EqualTo(130), await errors.AllAsync());
            Assert.That(Left(folder.Root), Is.Empty, "what it started has ended");

            // In one step: a file that is half written would be built as well.
            void Save(string text) => File.Move(folder.Write("saved", text + new string('\n', ++saves)), folder[$"{project}/{file}"], overwrite: true);
        }
        finally
        {
            if (!session.HasExited)
            {
                session.Kill(entireProcessTree: true);
            }
        }

        Task LiveAsync(int times) => WaitAsync(() => output.ToString().Split('\n').Count(line => line.Contains(" is live after ", StringComparison.Ordinal)) == times, $"live {times} times");

        async Task WaitAsync(Func<bool> condition, string expected)
        {
            var held = await Eventually.IsTrueAsync(() => Task.FromResult(session.HasExited || condition()), BuildPatience);
            Assert.That(held && !session.HasExited, Is.True, () => $"{expected}\n{output}\n{errors}");
        }
    }

    // By the variable that all of them inherit.
    private static List<string> Left(string folder) =>
        [.. Directory.GetDirectories("/proc").Where(process => Read(process + "/environ").Contains($"DEV_TEST_SESSION={folder} ", StringComparison.Ordinal)).Select(process => Read(process + "/cmdline"))];

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file).Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
