using System.Text.Json;

namespace EdgeGw.Tests.Control;

/// <summary>A deploy either happens or changes nothing.</summary>
public sealed class DeployTests
{
    [Test]
    public async Task A_deploy_is_served_written_and_reported()
    {
        await using var control = await RunningControl.StartAsync();

        var (status, body) = await control.DeployAsync(RunningControl.Handler("hello", 1));

        using var scope = Assert.EnterMultipleScope();
        Assert.That(status, Is.EqualTo(201));
        Assert.That(body.GetProperty("epoch").GetInt64(), Is.EqualTo(1));
        Assert.That(body.GetProperty("scout").GetProperty("routes").GetInt32(), Is.EqualTo(1));
        Assert.That(body.GetProperty("handlers")[0].GetProperty("name").GetString(), Is.EqualTo("hello"));
        Assert.That(await control.TrafficAsync(), Is.EqualTo("worker 1 epoch 1"));
        Assert.That(control.Epochs(), Is.EqualTo((string[])["0000000001.json"]));
        var sha = body.GetProperty("handlers")[0].GetProperty("sha256").GetString()!;
        var stored = Path.Combine(control.State, "artifacts", sha, "hello.so");
        Assert.That(File.GetUnixFileMode(stored), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserExecute));
        Assert.That(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(stored))), Is.EqualTo(sha));
    }

    [TestCase("error the tea kettle is empty", "the tea kettle is empty")]
    [TestCase("crash", "SIGKILL")]
    [TestCase("exit", "exit code 3")]
    [TestCase("half", "exit code 0")]
    [TestCase("hang", "6000 ms")]
    public async Task A_library_that_the_scout_cannot_load_is_refused_and_nothing_changes(string script, string reason)
    {
        await using var control = await RunningControl.StartAsync(settings => settings.Handlers.LoadTimeoutMs = 6_000);
        await control.DeployAsync(RunningControl.Handler("hello", 1));
        var (epochs, artifacts) = (control.Epochs(), control.Artifacts());

        var (status, body) = await control.DeployAsync(RunningControl.Library(script), fileName: "bad.so");

        using var scope = Assert.EnterMultipleScope();
        Assert.That(status, Is.EqualTo(422));
        Assert.That(body.GetProperty("reasons")[0].GetString(), Does.Contain(reason));
        Assert.That(control.Epochs(), Is.EqualTo(epochs));
        Assert.That(control.Artifacts(), Is.EqualTo(artifacts));
        Assert.That(await control.TrafficAsync(), Is.EqualTo("worker 1 epoch 1"), "the worker never saw it");
        Assert.That(Directory.GetFiles(Path.Combine(control.State, "run"), "scout-*"), Is.Empty);
    }

    [Test]
    public async Task What_is_no_library_is_refused_by_its_name_without_a_scout()
    {
        await using var control = await RunningControl.StartAsync();
        using var text = new StringContent("This is no library.", null, "application/octet-stream");
        var (status, body) = await control.DeployAsync(text, fileName: "dir/text.so");
        Assert.That(status, Is.EqualTo(422));
        Assert.That(body.GetProperty("title").GetString(), Does.StartWith("text.so is not a shared library"));
        Assert.That(control.Artifacts(), Is.Empty);
    }

    [Test]
    public async Task A_library_over_the_limit_is_413()
    {
        await using var control = await RunningControl.StartAsync(settings => settings.Handlers.MaxLibraryBytes = 100);
        var (status, body) = await control.DeployAsync(RunningControl.Handler("a-long-name-that-fills-the-manifest", 1));
        Assert.That(status, Is.EqualTo(413));
        Assert.That(body.GetProperty("title").GetString(), Is.Not.Empty);
        Assert.That(control.Artifacts(), Is.Empty);
    }

    [Test]
    public async Task A_conflicting_route_is_refused_and_the_library_is_not_kept()
    {
        await using var control = await RunningControl.StartAsync();
        await control.DeployAsync(RunningControl.Handler("hello", 1, "/x/{id}"));
        var (status, body) = await control.DeployAsync(RunningControl.Handler("other", 1, "/x/{name}"));
        Assert.That(status, Is.EqualTo(422));
        Assert.That(body.GetProperty("reasons")[0].GetString(), Does.Contain("/x/{id}").And.Contain("/x/{name}"));
        Assert.That(control.Artifacts(), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task The_same_deploy_again_changes_nothing_and_says_so()
    {
        await using var control = await RunningControl.StartAsync();
        await control.DeployAsync(RunningControl.Handler("hello", 1));
        var (status, body) = await control.DeployAsync(RunningControl.Handler("hello", 1));
        Assert.That(status, Is.EqualTo(200));
        Assert.That(body.GetProperty("reason").GetString(), Does.Contain("already"));
        Assert.That(control.Epochs(), Has.Length.EqualTo(1));
        var (changed, _) = await control.DeployAsync(RunningControl.Handler("hello", 1), "?deadlineMs=50000");
        Assert.That(changed, Is.EqualTo(201), "other settings are another deploy");
    }

    [Test]
    public async Task An_epoch_that_the_worker_refuses_never_becomes_the_desired_state()
    {
        await using var control = await RunningControl.StartAsync();
        await control.DeployAsync(RunningControl.Handler("hello", 1));
        await File.WriteAllTextAsync(control.Script("refuse-put"), "the worker does not like it");

        var (status, body) = await control.DeployAsync(RunningControl.Handler("hello", 2));

        Assert.That(status, Is.EqualTo(422));
        Assert.That(body.GetProperty("reasons")[0].GetString(), Is.EqualTo("the worker does not like it"));
        Assert.That(control.Epochs(), Is.EqualTo((string[])["0000000001.json"]));
        Assert.That(control.Artifacts(), Has.Length.EqualTo(1), "its library is not kept");
        File.Delete(control.Script("refuse-put"));
        var (again, next) = await control.DeployAsync(RunningControl.Handler("hello", 2));
        Assert.That((again, next.GetProperty("epoch").GetInt64()), Is.EqualTo((201, 2)));
    }

    [Test]
    public async Task A_worker_that_dies_over_an_epoch_is_started_again_with_the_one_before()
    {
        await using var control = await RunningControl.StartAsync();
        await control.DeployAsync(RunningControl.Handler("hello", 1));
        await File.WriteAllTextAsync(control.Script("die-on-put"), "");

        var (status, body) = await control.DeployAsync(RunningControl.Handler("hello", 2));

        Assert.That(status, Is.EqualTo(503));
        Assert.That(body.GetProperty("reasons")[0].GetString(), Does.Contain("died"));
        await control.ReadyAsync();
        Assert.That(await control.TrafficAsync(), Is.EqualTo("worker 2 epoch 1"));
        Assert.That(control.Epochs(), Is.EqualTo((string[])["0000000001.json"]));
    }

    [Test]
    public async Task Waiting_ends_when_the_replaced_version_has_drained()
    {
        await using var control = await RunningControl.StartAsync();
        await control.DeployAsync(RunningControl.Handler("hello", 1));
        await File.WriteAllTextAsync(control.Script("draining"), "");

        var deploy = control.DeployAsync(RunningControl.Handler("hello", 2), "?wait=true");
        await Eventually.TrueAsync(async () => await control.TrafficAsync() == "worker 1 epoch 2", "the new epoch is served");
        Assert.That(deploy.IsCompleted, Is.False);
        var (rolledBack, _) = await control.RollBackAsync("{}");
        Assert.That(rolledBack, Is.EqualTo(201), "who waits holds up nobody");
        File.Delete(control.Script("draining"));

        Assert.That((await deploy).Body.GetProperty("drained").GetBoolean(), Is.True);
    }

    [Test]
    public async Task Changes_are_made_one_at_a_time_in_their_order()
    {
        await using var control = await RunningControl.StartAsync();
        var deploys = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => control.DeployAsync(RunningControl.Handler($"h{i}", 1))));
        Assert.That(deploys.Select(deploy => deploy.Body.GetProperty("epoch").GetInt64()), Is.EquivalentTo(Enumerable.Range(1, 8)));
        Assert.That((await control.StatusAsync()).GetProperty("handlers").GetArrayLength(), Is.EqualTo(8));
    }

    [Test]
    public async Task Rollback_and_undeploy_answer_like_a_deploy()
    {
        await using var control = await RunningControl.StartAsync();
        await control.DeployAsync(RunningControl.Handler("hello", 1));
        await control.DeployAsync(RunningControl.Handler("hello", 2));

        var (status, body) = await control.RollBackAsync("");
        Assert.That((status, body.GetProperty("handlers")[0].GetProperty("version").GetString()), Is.EqualTo((201, "1.0.0")));
        Assert.That((await control.RollBackAsync("{}")).Status, Is.EqualTo(409));
        Assert.That((await control.RollBackAsync("{\"epoch\":2}")).Status, Is.EqualTo(201));
        Assert.That((await control.RollBackAsync("{\"epoch\":77}")).Status, Is.EqualTo(404));
        Assert.That((await control.RollBackAsync("{\"handler\":\"hello\"}")).Status, Is.EqualTo(201));
        Assert.That((await control.RollBackAsync("{\"epoch\":")).Status, Is.EqualTo(400));
        Assert.That((await control.RollBackAsync("{\"epock\":1}")).Status, Is.EqualTo(400));

        var (undeployed, empty) = await control.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/api/v1/handlers/hello"));
        Assert.That((undeployed, empty.GetProperty("handlers").GetArrayLength()), Is.EqualTo((200, 0)));
        Assert.That((await control.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/api/v1/handlers/hello"))).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task Libraries_that_no_kept_epoch_names_are_removed()
    {
        await using var control = await RunningControl.StartAsync(settings => settings.Handlers.KeepEpochs = 2);
        for (var i = 1; i <= 4; i++)
        {
            await control.DeployAsync(RunningControl.Handler("hello", i));
        }
        Assert.That(control.Epochs(), Is.EqualTo((string[])["0000000003.json", "0000000004.json"]));
        Assert.That(control.Artifacts(), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task A_library_changed_on_disk_is_mended_by_the_next_deploy()
    {
        await using var control = await RunningControl.StartAsync();
        var (_, body) = await control.DeployAsync(RunningControl.Handler("hello", 1));
        var stored = Path.Combine(control.State, "artifacts", body.GetProperty("handlers")[0].GetProperty("sha256").GetString()!, "hello.so");
        var good = await File.ReadAllBytesAsync(stored);
        File.Delete(stored);
        await File.WriteAllTextAsync(stored, "tampered");

        await control.DeployAsync(RunningControl.Handler("hello", 1), "?drainMs=1");

        Assert.That(await File.ReadAllBytesAsync(stored), Is.EqualTo(good));
    }

    [Test]
    public async Task Documents_have_the_shapes_that_the_docs_promise()
    {
        await using var control = await RunningControl.StartAsync();
        await control.DeployAsync(RunningControl.Handler("hello", 1), "?prefix=/v1&host=api.example.com&concurrency=3");

        var status = await control.StatusAsync();
        var route = (await JsonAsync(control, "/api/v1/routes")).GetProperty("routes")[0];
        var epoch = (await JsonAsync(control, "/api/v1/epochs?limit=1")).GetProperty("epochs")[0];

        using var scope = Assert.EnterMultipleScope();
        Assert.That(Members(status), Is.EqualTo("version abi epoch state ready reasons listen admin control worker draining handlers versions quarantine isolated"));
        Assert.That(Members(status.GetProperty("worker")), Is.EqualTo("pid uptimeMs rssBytes restarts handOvers inFlight requests threads lostThreads"));
        Assert.That(status.GetProperty("control").GetProperty("rssBytes").GetInt64(), Is.GreaterThan(1_000_000));
        Assert.That(Members(route), Is.EqualTo("method host pattern handler version name deadlineMs maxBodyBytes concurrency state"));
        Assert.That((route.GetProperty("host").GetString(), route.GetProperty("pattern").GetString(), route.GetProperty("concurrency").GetInt32()), Is.EqualTo(("api.example.com", "/v1/hello", 3)));
        Assert.That(Members(epoch), Is.EqualTo("number current created action reason parent restores handlers services"));
        var metrics = await control.Http.GetStringAsync("/metrics");
        Assert.That(metrics, Does.Contain("edgegw_control_epoch 1\n").And.Contain("edgegw_control_changes_total{action=\"deploy\",outcome=\"made\"} 1\n").And.Contain("edgegw_requests_total 7\n"));
    }

    private static async Task<JsonElement> JsonAsync(RunningControl control, string path) => (await control.SendAsync(new HttpRequestMessage(HttpMethod.Get, path))).Body;

    private static string Members(JsonElement element) => string.Join(' ', element.EnumerateObject().Select(member => member.Name));
}
