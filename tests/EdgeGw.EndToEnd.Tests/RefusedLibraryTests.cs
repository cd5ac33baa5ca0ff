namespace EdgeGw.EndToEnd.Tests;

/// <summary>A library that cannot work is refused with one sentence, and nothing changes.</summary>
public sealed class RefusedLibraryTests() : OneGateway("ok1")
{
    protected override GatewayOptions Options { get; } = new()
    {
        // Short, so that the library that hangs does not hold up the tests; long enough for a process to start, and to die of a signal, on a slow machine.
        Environment = new Dictionary<string, string?> { ["EDGEGW_HANDLERS__LOADTIMEOUTMS"] = "7500" },
    };

    [TestCase("INIT_FAILS", "the tea kettle is empty")]
    [TestCase("INIT_FAILS_SILENTLY", "init")]
    [TestCase("INIT_EXITS", "exit")]
    [TestCase("INIT_HANGS", "7500")]
    [TestCase("INIT_ABORTS", "SIGABRT")]
    [TestCase("INIT_CRASHES", "SIGSEGV")]
    [TestCase("SELF_TEST_FAILS", "the self-test found dust")]
    [TestCase("ENTRY_NULL", "this gateway is not to my taste")]
    [TestCase("ENTRY_CRASHES", "SIGSEGV")]
    [TestCase("WRONG_MAJOR", "9")]
    [TestCase("NEWER_MINOR", "1.99")]
    [TestCase("TABLE_TOO_SMALL", "16")]
    [TestCase("NO_HANDLE", "handle")]
    [TestCase("NO_MANIFEST", "manifest")]
    [TestCase("BAD_JSON", "manifest")]
    [TestCase("NOT_UTF8", "manifest")]
    [TestCase("NO_ROUTES", "route")]
    [TestCase("NO_NAME", "name")]
    [TestCase("BAD_NAME", "../entry")]
    [TestCase("BAD_PATTERN", "/entry/{unclosed")]
    [TestCase("BAD_METHOD", "G T")]
    [TestCase("DUPLICATE_ROUTES", "/entry/{b}")]
    [TestCase("OVERSIZED_MANIFEST", "manifest")]
    [TestCase("NEEDS_SERVICE", "database.nowhere")]
    [TestCase("nosymbol", "edgegw_handler_entry")]
    [TestCase("conflict", "/ok")]
    public async Task A_library_that_cannot_work_is_refused_with_its_reason(string fixture, string reason) => await AssertRefusedAsync(Repository.Fixture(fixture), reason);

    [Test]
    public async Task A_text_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        await AssertRefusedAsync(folder.Write("text.so", "This is no library."), "text.so");
    }

    [Test]
    public async Task An_empty_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        await AssertRefusedAsync(folder.Write("empty.so", ""), "empty.so");
    }

    [Test]
    public async Task A_library_for_another_architecture_is_refused()
    {
        using var folder = new TemporaryFolder();
        var bytes = await File.ReadAllBytesAsync(Repository.Fixture("ok2"));
        const int machine = 18; // e_machine of the ELF header
        bytes[machine] = bytes[machine] == 183 ? (byte)62 : (byte)183; // EM_AARCH64, or EM_X86_64 where that is at home
        await File.WriteAllBytesAsync(folder["foreign.so"], bytes);
        await AssertRefusedAsync(folder["foreign.so"], "arm64");
    }

    [Test]
    public async Task A_truncated_library_is_refused()
    {
        using var folder = new TemporaryFolder();
        var bytes = await File.ReadAllBytesAsync(Repository.Fixture("ok2"));
        await File.WriteAllBytesAsync(folder["half.so"], bytes[..(bytes.Length / 2)]);
        await AssertRefusedAsync(folder["half.so"], "half.so");
    }

    [Test]
    public async Task A_file_that_is_not_there_is_refused() => await AssertRefusedAsync("/nonexistent/library.so", "/nonexistent/library.so");

    private async Task AssertRefusedAsync(string library, string reason)
    {
        var before = await Gateway.StatusAsync();

        var result = await Gateway.Cli.RunAsync("deploy", library);

        var after = await Gateway.StatusAsync();
        using var scope = Assert.EnterMultipleScope();
        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Error, Does.Contain(reason), result.ToString());
        Assert.That(result.Error.TrimEnd().Split('\n'), Has.Length.LessThanOrEqualTo(3), "a sentence for each reason: " + result.Error);
        Assert.That(result.Error, Does.Not.Contain("   at "), "a reason, not a stack trace");
        Assert.That(after.GetProperty("epoch").GetInt64(), Is.EqualTo(before.GetProperty("epoch").GetInt64()), "the old epoch serves on");
        Assert.That(after.GetProperty("worker").GetProperty("pid").GetInt32(), Is.EqualTo(before.GetProperty("worker").GetProperty("pid").GetInt32()), "the worker never saw it");
        Assert.That(await Client.GetStringAsync("/ok"), Is.EqualTo("{\"version\":1}"));
    }
}
