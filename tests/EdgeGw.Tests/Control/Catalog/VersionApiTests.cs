using System.Text.Json;

namespace EdgeGw.Tests.Control.Catalog;

/// <summary>Versions of endpoints, and the log of what was done.</summary>
internal sealed class VersionApiTests
{
    [Test]
    public async Task Each_library_that_is_deployed_as_an_endpoint_is_a_version_and_can_be_gone_back_to()
    {
        await using var control = await RunningControl.StartAsync();
        var id = await LibraryAsync(control);
        await control.DeployAsync(RunningControl.Handler("hello", 1));
        await control.DeployAsync(RunningControl.Handler("hello", 2), "?prefix=/v2&force=true");
        var two = (await control.CallAsync("GET", $"/endpoints/{id}/versions")).Items;
        var back = await control.CallAsync("POST", $"/endpoints/{id}/rollback", """{"version":1}""");
        var again = await control.CallAsync("POST", $"/endpoints/{id}/rollback", """{"version":1}""");
        var now = await control.CallAsync("GET", $"/endpoints/{id}");
        var old = await control.CallAsync("GET", $"/endpoints/{id}/versions/2");

        using var scope = Assert.EnterMultipleScope();
        Assert.That(two.Select(version => (version.GetProperty("version").GetInt64(), version.GetProperty("release").GetString(), version.GetProperty("live").GetBoolean(), version.GetProperty("kept").GetBoolean())),
            Is.EqualTo(new (long, string?, bool, bool)[] { (2, "2.0.0", true, true), (1, "1.0.0", false, true) }));
        Assert.That(two[0].GetProperty("principal").GetString(), Is.EqualTo("control.sock"));
        Assert.That((back.Status, back.Text("reason")[..28]), Is.EqualTo((201, "roll back hello to version 1")));
        Assert.That((again.Status, again.Text("changed")), Is.EqualTo((200, "False")));
        Assert.That(now.Body.GetProperty("live").GetProperty("version").GetInt64(), Is.EqualTo(1));
        Assert.That(now.Body.GetProperty("routes")[0].GetProperty("pattern").GetString(), Is.EqualTo("/hello"));
        Assert.That(old.Body.GetProperty("content").GetProperty("prefix").GetString(), Is.EqualTo("/v2"));
        Assert.That(old.Body.GetProperty("content").GetProperty("source").ValueKind, Is.EqualTo(JsonValueKind.Null), "it was sent as a library");
        Assert.That((await control.CallAsync("GET", $"/endpoints/{id}/versions")).Items, Has.Length.EqualTo(2), "going back makes no version");
        Assert.That((await control.CallAsync("POST", $"/endpoints/{id}/rollback", """{"version":9}""")).Status, Is.EqualTo(404));
        Assert.That((await control.CallAsync("POST", $"/endpoints/{id}/rollback", "{}")).Status, Is.EqualTo(400));
        Assert.That((await control.CallAsync("GET", $"/endpoints/{id}/versions/x")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task An_endpoint_is_disabled_and_enabled_again_as_it_was()
    {
        await using var control = await RunningControl.StartAsync();
        var id = await LibraryAsync(control);
        var before = await control.CallAsync("POST", $"/endpoints/{id}/disable");
        var empty = await control.CallAsync("POST", $"/endpoints/{id}/enable");
        await control.DeployAsync(RunningControl.Handler("hello", 1), "?prefix=/v1");
        var off = await control.CallAsync("POST", $"/endpoints/{id}/disable");
        var epoch = (await control.StatusAsync()).GetProperty("handlers").GetArrayLength();
        var on = await control.CallAsync("POST", $"/endpoints/{id}/enable");

        using var scope = Assert.EnterMultipleScope();
        Assert.That((before.Text("state"), before.Text("enabled")), Is.EqualTo(("disabled", "False")));
        Assert.That((empty.Text("state"), empty.Text("enabled")), Is.EqualTo(("created", "True")));
        Assert.That((off.Text("state"), off.Body.GetProperty("live").ValueKind, epoch), Is.EqualTo(("disabled", JsonValueKind.Null, 0)));
        Assert.That((on.Text("state"), on.Text("enabled")), Is.EqualTo(("live", "True")));
        Assert.That(on.Body.GetProperty("routes")[0].GetProperty("pattern").GetString(), Is.EqualTo("/v1/hello"));
        Assert.That((await control.CallAsync("DELETE", $"/endpoints/{id}", ifMatch: "*")).Status, Is.EqualTo(409), "it is deployed");
        Assert.That((await control.CallAsync("DELETE", $"/endpoints/{id}?undeploy=true", ifMatch: "*")).Status, Is.EqualTo(204));
        Assert.That((await control.CallAsync("GET", "/endpoints")).Items, Is.Empty);
    }

    [Test]
    public async Task Libraries_of_kept_versions_outlive_their_epochs()
    {
        await using var control = await RunningControl.StartAsync(settings => (settings.Handlers.KeepEpochs, settings.Catalog.KeepVersions) = (1, 2));
        var id = await LibraryAsync(control);
        for (var version = 1; version <= 3; version++)
        {
            await control.DeployAsync(RunningControl.Handler("hello", version));
        }
        await control.DeployAsync(RunningControl.Handler("other", 1));
        var versions = (await control.CallAsync("GET", $"/endpoints/{id}/versions")).Items;

        using var scope = Assert.EnterMultipleScope();
        Assert.That(versions.Select(version => (version.GetProperty("version").GetInt64(), version.GetProperty("kept").GetBoolean())), Is.EqualTo(new[] { (3L, true), (2L, true) }));
        Assert.That(control.Artifacts(), Has.Length.EqualTo(3), "those of two versions and of the other handler");
        Assert.That((await control.CallAsync("POST", $"/endpoints/{id}/rollback", """{"version":2}""")).Status, Is.EqualTo(201));
        Directory.Delete(Directory.GetDirectories(Path.Combine(control.State, "artifacts"), versions[0].GetProperty("sha256").GetString()!).Single(), true);
        var lost = await control.CallAsync("POST", $"/endpoints/{id}/rollback", """{"version":3}""");
        Assert.That((lost.Status, lost.Text("title")), Is.EqualTo((409, $"The library of hello 3.0.0 ({versions[0].GetProperty("sha256").GetString()![..8]}) is not kept any more; deploy it again.")));
    }

    [Test]
    public async Task Every_attempt_to_change_what_serves_is_in_the_log_with_who_and_what_came_of_it()
    {
        await using var control = await RunningControl.StartAsync();
        var id = await LibraryAsync(control);
        await control.DeployAsync(RunningControl.Handler("hello", 1));
        await control.DeployAsync(RunningControl.Handler("hello", 1));
        await control.DeployAsync(RunningControl.Handler("hello", 2));
        await control.DeployAsync(RunningControl.Library("crash"), "?name=bad");
        await control.DeployAsync(RunningControl.Handler("hello", 3), "?dryRun=true");
        await control.RollBackAsync("""{"handler":"hello"}""");
        await control.ServiceAsync("PUT", "/cache/more", """{"provider":"memory"}""");
        await control.CallAsync("DELETE", "/handlers/hello");
        var log = (await control.CallAsync("GET", "/deployments")).Items.Reverse().ToList();

        using var scope = Assert.EnterMultipleScope();
        Assert.That(log.Select(entry => $"{entry.GetProperty("action")} {entry.GetProperty("result")} {entry.GetProperty("epoch")}"), Is.EqualTo((string[])
            ["deploy made 1", "deploy unchanged ", "deploy made 2", "deploy refused ", "rollback made 3", "service made 4", "undeploy made 5"]));
        Assert.That(log.Select(entry => entry.GetProperty("principal").GetString()).Distinct(), Is.EqualTo((string[])["control.sock"]));
        Assert.That(log[0].GetProperty("handlers")[0].ToString(), Does.Contain("\"handler\":\"hello\",\"change\":\"added\",\"release\":\"1.0.0\"").And.EndsWith($"\"endpoint\":\"{id}\",\"version\":1}}"));
        Assert.That(log[4].GetProperty("handlers")[0].ToString(), Does.Contain("\"change\":\"replaced\"").And.EndsWith("\"version\":1}"));
        Assert.That(log[3].GetProperty("status").GetInt32(), Is.EqualTo(422));
        Assert.That(log[3].GetProperty("reasons").GetArrayLength() + log[3].GetProperty("reason").GetString()!.Length, Is.GreaterThan(0));
        Assert.That((await control.CallAsync("GET", "/deployments?handler=bad")).Items, Has.Length.EqualTo(1));
        Assert.That((await control.CallAsync("GET", $"/deployments?endpoint={id}")).Items, Has.Length.EqualTo(5));
        Assert.That((await control.CallAsync("GET", $"/deployments/{log[0].GetProperty("id")}")).Text("reason"), Is.EqualTo("deploy hello 1.0.0"));
        Assert.That((await control.CallAsync("GET", "/deployments/999")).Status, Is.EqualTo(404));
        var page = await control.CallAsync("GET", "/deployments?limit=5");
        var rest = await control.CallAsync("GET", $"/deployments?limit=5&after={page.Text("next")}");
        Assert.That((page.Items.Length, rest.Items.Length, rest.Body.GetProperty("next").ValueKind), Is.EqualTo((5, 2, JsonValueKind.Null)));
    }

    [Test]
    public async Task The_log_of_deployments_is_bounded()
    {
        await using var control = await RunningControl.StartAsync(settings => settings.Catalog.KeepDeployments = 2);
        for (var version = 1; version <= 4; version++)
        {
            await control.DeployAsync(RunningControl.Handler("hello", version));
        }
        Assert.That((await control.CallAsync("GET", "/deployments")).Items.Select(entry => entry.GetProperty("reason").GetString()), Is.EqualTo((string[])["deploy hello 4.0.0", "deploy hello 3.0.0"]));
    }

    [Test]
    public async Task A_database_that_cannot_be_read_stops_no_deploy()
    {
        await using var control = await RunningControl.StartAsync(prepare: state => File.WriteAllText(Path.Combine(state, "control.db"), new string('x', 10_000)));
        var (status, _) = await control.DeployAsync(RunningControl.Handler("hello", 1));
        var asked = await control.CallAsync("GET", "/domains");
        using var scope = Assert.EnterMultipleScope();
        Assert.That(status, Is.EqualTo(201));
        Assert.That(await control.TrafficAsync(), Is.EqualTo("worker 1 epoch 1"));
        Assert.That(asked.Status, Is.EqualTo(500));
        Assert.That(asked.Text("title"), Does.Contain("restore a backup"));
    }

    // An endpoint of the library kind; gives its id.
    private static async Task<string> LibraryAsync(RunningControl control) =>
        (await control.CallAsync("POST", "/endpoints", $$"""{"collection":"{{await control.CollectionAsync()}}","name":"hello","kind":"library"}""")).Id;
}
