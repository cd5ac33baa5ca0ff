namespace EdgeGw.EndToEnd.Tests;

/// <summary>What the gateway finds out about a library before it lets it into the worker.</summary>
public sealed class ScoutTests() : OneGateway("ok1")
{
    protected override GatewayOptions Options { get; } = new()
    {
        // Short, so that the libraries that never answer do not hold up the tests; long enough for those that answer or crash on a slow machine.
        Environment = new Dictionary<string, string?> { ["EDGEGW_HANDLERS__SELFTESTTIMEOUTMS"] = "6000" },
    };

    [Test]
    public async Task A_deploy_answers_with_the_price_of_the_library()
    {
        var deploy = await Gateway.DeployAsync(Repository.Fixture("dump"));

        var price = deploy.GetProperty("scout");
        using var scope = Assert.EnterMultipleScope();
        Assert.That(price.GetProperty("verdict").GetString(), Is.EqualTo("good"));
        Assert.That(price.GetProperty("loadMs").GetDouble(), Is.Positive);
        Assert.That(price.GetProperty("fileBytes").GetInt64(), Is.EqualTo(new FileInfo(Repository.Fixture("dump")).Length));
        Assert.That(price.GetProperty("symbols").GetBoolean(), Is.True, "the fixtures are compiled with -g");
        Assert.That(price.GetProperty("debugInfo").GetBoolean(), Is.True);
        Assert.That(price.GetProperty("nativeAot").GetBoolean(), Is.False);
        Assert.That(price.GetProperty("imports").GetInt32(), Is.InRange(5, 50));
        Assert.That(price.GetProperty("needs").GetArrayLength(), Is.Zero);
        Assert.That(price.GetProperty("selfTestMs").ValueKind, Is.EqualTo(JsonValueKind.Null));
        var kept = (await Gateway.StatusAsync()).GetProperty("handlers").EnumerateArray().Single(handler => handler.GetProperty("name").GetString() == "dump");
        Assert.That(kept.GetProperty("scout").GetRawText(), Is.EqualTo(price.GetRawText()), "the epoch keeps it");
    }

    [Test]
    public async Task What_is_unusual_about_a_library_is_said()
    {
        var deploy = await Gateway.Cli.RunAsync("deploy", Repository.Fixture("reaching"));
        var status = await Gateway.Cli.RunAsync("status");

        using var scope = Assert.EnterMultipleScope();
        Assert.That(deploy.ExitCode, Is.Zero, deploy.ToString());
        Assert.That(deploy.Output, Does.Contain("unusual: can look into other processes (ptrace)").And.Contain("unusual: can start processes (fork)"));
        Assert.That(deploy.Output, Does.Contain("needs libgcc_s.so.1 (_Unwind_Backtrace)"));
        Assert.That(status.Output, Does.Contain("reaching 1.0.0: can look into other processes (ptrace)"));
    }

    [Test]
    public async Task A_function_that_is_nowhere_to_be_found_is_noticed_before_the_worker_dies_of_it()
    {
        var deploy = await Gateway.Cli.RunAsync("deploy", Repository.Fixture("undefined"));
        Assert.That(deploy.ExitCode, Is.EqualTo(1), deploy.ToString());
        Assert.That(deploy.Error, Does.Contain("undefined symbol: nowhere_to_be_found"), deploy.ToString());
    }

    [Test]
    public async Task A_self_test_that_passes_is_counted()
    {
        var deploy = await Gateway.DeployAsync(Repository.Fixture("CHECK_PASSES"), "--name", "deployed", "--prefix", "/deployed");

        using var scope = Assert.EnterMultipleScope();
        Assert.That(deploy.GetProperty("scout").GetProperty("selfTests").GetInt32(), Is.EqualTo(4));
        Assert.That(deploy.GetProperty("scout").GetProperty("selfTestMs").GetDouble(), Is.Positive);
        Assert.That(await Client.GetStringAsync("/deployed/checked/Eve"), Is.EqualTo("Hello, Eve!\n"));
    }

    [TestCase("CHECK_WRONG_BODY", "GET /checked/Bob was to answer 200 with 'Goodbye' in its body, and answered 200 'Hello, Bob!'")]
    [TestCase("CHECK_WRONG_STATUS", "GET /checked/Bob was to answer 201, and answered 200 'Hello, Bob!'")]
    [TestCase("CHECK_CRASHES", "crashed in its self-test (GET /crash) (SIGSEGV")]
    [TestCase("CHECK_HANGS", "GET /hang did not answer within 6000 ms (Handlers:SelfTestTimeoutMs)")]
    [TestCase("CHECK_BLOCKS", "GET /blocks did not answer within 6000 ms (Handlers:SelfTestTimeoutMs)")]
    [TestCase("CHECK_FAILS", "there is sand in the gears")]
    [TestCase("CHECK_NEEDS_CACHE", "A self-test has no services (cache:default)")]
    [TestCase("CHECK_NOWHERE", "GET /elsewhere was to answer 200, and answered 404")]
    [TestCase("CHECK_BAD_PATH", "The path of the self-test 'no/slash' is not what a request can ask for")]
    [TestCase("CHECK_BAD_STATUS", "asks for the status 99")]
    public async Task A_self_test_that_fails_refuses_the_deploy_with_what_was_expected_and_what_came(string fixture, string reason)
    {
        var before = await Gateway.StatusAsync();

        var deploy = await Gateway.Cli.RunAsync("deploy", Repository.Fixture(fixture));

        var after = await Gateway.StatusAsync();
        using var scope = Assert.EnterMultipleScope();
        Assert.That(deploy.ExitCode, Is.EqualTo(1), deploy.ToString());
        Assert.That(deploy.Error, Does.Contain(reason), deploy.ToString());
        Assert.That(after.GetProperty("epoch").GetInt64(), Is.EqualTo(before.GetProperty("epoch").GetInt64()));
        Assert.That(after.GetProperty("worker").GetProperty("pid").GetInt32(), Is.EqualTo(before.GetProperty("worker").GetProperty("pid").GetInt32()), "the worker never saw it");
    }

    [Test]
    public async Task A_dry_run_tries_the_library_out_and_changes_nothing()
    {
        var before = await Gateway.StatusAsync();

        var dry = await Gateway.Cli.RunAsync("deploy", Repository.Fixture("gated1"), "--dry-run");

        using var scope = Assert.EnterMultipleScope();
        Assert.That(dry.ExitCode, Is.Zero, dry.ToString());
        Assert.That(dry.Output, Does.StartWith("✓ deploy gated 1.0.0 would be made; nothing was changed\n"));
        Assert.That((await Gateway.StatusAsync()).GetProperty("epoch").GetInt64(), Is.EqualTo(before.GetProperty("epoch").GetInt64()));
        Assert.That(Directory.GetFiles(Path.Combine(Gateway.State, "artifacts")), Is.Empty, "the upload is gone");
    }

    [Test]
    public async Task Inspecting_a_library_needs_no_gateway()
    {
        using var folder = new TemporaryFolder();
        var nowhere = new GatewayCli(folder["nowhere"]);

        var good = await nowhere.RunAsync("inspect", Repository.Fixture("CHECK_PASSES"));
        var json = await nowhere.RunAsync("inspect", Repository.Fixture("Managed"), "--json");
        var bad = await nowhere.RunAsync("inspect", Repository.Fixture("CHECK_CRASHES"));
        var text = await nowhere.RunAsync("inspect", folder.Write("text.so", "This is no library."));

        using var scope = Assert.EnterMultipleScope();
        Assert.That(good.ExitCode, Is.Zero, good.ToString());
        Assert.That(good.Output, Does.StartWith("✓ checked 1.0.0 can be deployed:\n  GET /checked/{name}\n").And.Contain("answers its self-test of 4 requests in "));
        Assert.That(json.ExitCode, Is.Zero, json.ToString());
        var price = JsonDocument.Parse(json.Output).RootElement.GetProperty("scout");
        Assert.That(price.GetProperty("nativeAot").GetBoolean(), Is.True);
        Assert.That(price.GetProperty("verdict").GetString(), Is.EqualTo("good"), "what the runtime imports in every library is not unusual: " + json.Output);
        Assert.That(bad.ExitCode, Is.EqualTo(1));
        Assert.That(bad.Error, Does.Contain("edgegw: CHECK_CRASHES.so crashed in its self-test (GET /crash) (SIGSEGV, a bad memory access or a stack overflow).\n"));
        Assert.That(text.ExitCode, Is.EqualTo(1));
        Assert.That(text.Error, Does.Contain("is not a shared library"));
    }
}
