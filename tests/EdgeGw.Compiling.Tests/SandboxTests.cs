using EdgeGw.Control.Compiling.Sandboxing;

namespace EdgeGw.Compiling.Tests;

public class SandboxTests
{
    private TemporaryFolder _folder = null!;
    private Sandbox _sandbox = null!;

    [SetUp]
    public async Task Find()
    {
        _folder = new TemporaryFolder();
        _sandbox = await SandboxProbe.FindAsync(_folder["probe"], CancellationToken.None);
        Directory.CreateDirectory(_folder["work"]);
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public async Task A_tool_runs_in_its_folder_with_few_variables()
    {
        var run = await RunAsync("pwd; id -u; env | cut -d= -f1 | sort | tr '\\n' ' '; exit 3");
        Assert.That(run.ExitCode, Is.EqualTo(3));
        Assert.That(run.Lines[0], Is.EqualTo(_folder["work"]));
        if (_sandbox.Level.IsFull)
        {
            Assert.That(run.Lines[1], Is.EqualTo("65534"));
        }
        Assert.That(run.Lines[2], Does.Contain("HOME").And.Not.Contain("EDGEGW").And.Not.Contain("USER "));
    }

    [Test]
    public async Task Compilers_see_no_network_and_no_files_of_others()
    {
        Assume.That(_sandbox.Level.IsFull, _sandbox.Level.Missing);
        var secret = _folder.Write("secret", "do not tell");
        var run = await RunAsync($"cat {secret}; ls {_folder.Root} /home /root /var; ls /proc | grep -c '^[0-9]'; cat /proc/net/dev | grep -c :; touch /usr/x; echo ok > mine; cat mine");
        Assert.That(run.Lines, Has.None.Contains("do not tell"));
        string[] refusals = ["No such file", "Permission denied", "Read-only"];
        Assert.That(run.Lines.Count(line => refusals.Any(line.Contains)), Is.EqualTo(5), string.Join('\n', run.Lines));
        Assert.That(run.Lines, Has.Some.EqualTo("1").And.Some.EqualTo("ok"), "the loopback is the only interface");
    }

    [Test]
    public void Time_is_bounded() => Fails("sleep 1000", request => request with { Timeout = TimeSpan.FromMilliseconds(200) }, "did not finish within 0.2 s");

    [Test]
    public void Disk_is_bounded_over_all_files() =>
        Fails("for i in 1 2 3 4 5 6; do head -c 3000000 /dev/zero > big$i; done; sleep 1000", request => request with { DiskBytes = 10_000_000 }, "wrote more than 10000000 bytes");

    [Test]
    public async Task A_file_is_bounded()
    {
        var run = await RunAsync("head -c 30000000 /dev/zero > big", request => request with { DiskBytes = 10_000_000 });
        Assert.That(run.ExitCode, Is.Not.Zero);
        Assert.That(new FileInfo(Path.Combine(_folder["work"], "big")).Length, Is.LessThanOrEqualTo(10_000_000));
    }

    [Test]
    public async Task Memory_is_bounded()
    {
        var run = await RunAsync("head -c 200000000 /dev/zero | tail -c 200000000 > /dev/null", request => request with { MemoryBytes = 64 << 20 });
        Assert.That(run.ExitCode, Is.Not.Zero);
        Assert.That(run.Lines, Has.Some.Contains("memory"));
    }

    [Test]
    public async Task Words_are_bounded()
    {
        var run = await RunAsync("yes | head -c 10000000; head -c 1000000 /dev/zero | tr '\\0' x; exit 0");
        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Lines, Has.Count.LessThanOrEqualTo(2_000));
        Assert.That(run.Lines.Max(line => line.Length), Is.LessThanOrEqualTo(4_000));
    }

    [Test]
    public async Task Cancellation_ends_whatever_was_started()
    {
        var mark = $"1000.{Random.Shared.Next(100_000, 999_999)}";
        using var cancel = new CancellationTokenSource();
        var running = ToolRun.RunAsync(_sandbox, Request($"(sleep {mark} &); echo > started; sleep {mark}"), TimeProvider.System, cancel.Token);
        await Eventually.TrueAsync(() => Task.FromResult(File.Exists(Path.Combine(_folder["work"], "started")) && Running(mark) == 2), () => "both run");
        await cancel.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => running);
        await Eventually.TrueAsync(() => Task.FromResult(Running(mark) == 0), () => "none is left");
    }

    private static int Running(string mark) => Directory.EnumerateDirectories("/proc").Count(folder =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).StartsWith($"sleep\0{mark}", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });

    private void Fails(string script, Func<SandboxRequest, SandboxRequest> change, string sentence) =>
        Assert.That(Assert.ThrowsAsync<CompileFailedException>(() => RunAsync(script, change))!.Message, Does.Contain(sentence));

    private Task<ToolRun> RunAsync(string script, Func<SandboxRequest, SandboxRequest>? change = null) =>
        ToolRun.RunAsync(_sandbox, (change ?? (request => request))(Request(script)), TimeProvider.System, CancellationToken.None);

    private SandboxRequest Request(string script) => new()
    {
        Program = "/bin/sh",
        Arguments = ["-c", script],
        Writable = [_folder["work"]],
        Timeout = TimeSpan.FromMinutes(2),
        MemoryBytes = 1L << 30,
        DiskBytes = 100 << 20,
    };
}
