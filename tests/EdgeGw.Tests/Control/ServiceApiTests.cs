using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace EdgeGw.Tests.Control;

/// <summary>Services by the Admin API.</summary>
public sealed class ServiceApiTests
{
    private const string Planted = "pl4nted-s3cret";
    private const string Postgres = """{"provider":"postgres","settings":{"host":"db","database":"d","user":"u","password":"env:PW"},"poolSize":8}""";

    [Test]
    public async Task The_built_in_services_are_listed_with_their_defaults_from_the_start()
    {
        await using var control = await RunningControl.StartAsync();
        var services = (await control.ServiceAsync("GET", "")).Body.GetProperty("services").EnumerateArray().ToList();
        using var scope = Assert.EnterMultipleScope();
        Assert.That(services.Select(Id), Is.EqualTo((string[])["database:main", "cache:default", "storage:files", "http:default"]));
        Assert.That(Members(services[0]), Is.EqualTo("kind name provider enabled builtIn settings defaults poolSize queueLength timeoutMs handlers health"));
        Assert.That(services.All(service => service.GetProperty("builtIn").GetBoolean() && service.GetProperty("enabled").GetBoolean()), Is.True);
        Assert.That(services[0].GetProperty("defaults").GetProperty("path").GetString(), Is.EqualTo("data/main.db"));
        Assert.That(services[0].GetProperty("health").ValueKind, Is.EqualTo(JsonValueKind.Null), "this worker tells nothing of services");
    }

    [Test]
    public async Task A_service_is_added_served_written_and_shown_with_its_reference()
    {
        await using var control = await RunningControl.StartAsync();
        var (status, body) = await control.ServiceAsync("PUT", "/database/main", Postgres);
        var (same, again) = await control.ServiceAsync("PUT", "/database/main", Postgres);
        var shown = (await control.ServiceAsync("GET", "/database/main")).Body;

        using var scope = Assert.EnterMultipleScope();
        Assert.That((status, body.GetProperty("epoch").GetInt64(), body.GetProperty("reason").GetString()), Is.EqualTo((201, 1, "add database:main (postgres)")));
        Assert.That((same, again.GetProperty("changed").GetBoolean(), again.GetProperty("reason").GetString()), Is.EqualTo((200, false, "database:main is configured like this already")));
        Assert.That(await control.TrafficAsync(), Is.EqualTo("worker 1 epoch 1"), "the worker took it");
        Assert.That((shown.GetProperty("builtIn").GetBoolean(), shown.GetProperty("poolSize").GetInt32(), shown.GetProperty("queueLength").GetInt32()), Is.EqualTo((false, 8, 1024)));
        Assert.That(shown.GetProperty("settings").GetProperty("password").GetString(), Is.EqualTo("env:PW"));
        Assert.That(shown.GetProperty("defaults").GetProperty("port").GetString(), Is.EqualTo("5432"));
        var epoch = (await control.Http.GetFromJsonAsync<JsonElement>("/api/v1/epochs")).GetProperty("epochs")[0];
        Assert.That(epoch.GetProperty("services")[0].ToString(), Is.EqualTo("""{"kind":"database","name":"main","provider":"postgres","enabled":true}"""));
    }

    [TestCase("cache/default", """{"provider":"redis","settings":{"host":"cache"}}""", 256)]
    [TestCase("cache/default", """{"provider":"redis","settings":{"host":"cache"},"poolSize":3}""", 3)]
    [TestCase("cache/default", """{"provider":"memory"}""", 16)]
    public async Task How_many_calls_are_at_work_at_once_is_the_providers_when_it_is_not_given(string id, string service, int poolSize)
    {
        await using var control = await RunningControl.StartAsync();
        await control.ServiceAsync("PUT", $"/{id}", service);
        Assert.That((await control.ServiceAsync("GET", $"/{id}")).Body.GetProperty("poolSize").GetInt32(), Is.EqualTo(poolSize));
    }

    [Test]
    public async Task What_the_worker_says_of_a_service_is_its_health()
    {
        await using var control = await RunningControl.StartAsync(prepare: state => File.WriteAllText(Path.Combine(state, "script", "services"), """
            "services":[{"kind":"cache","name":"default","provider":"memory","state":"up","error":null,"queued":1,"running":2,"calls":3,"errors":4,"busy":5,"timeouts":6,"latency":[1,2]}],
            """));
        var health = (await control.ServiceAsync("GET", "/cache/default")).Body.GetProperty("health");
        Assert.That(health.ToString(), Is.EqualTo("""{"state":"up","error":null,"queued":1,"running":2,"calls":3,"errors":4,"busy":5,"timeouts":6}"""));
    }

    [Test]
    public async Task A_service_that_the_worker_refuses_is_not_added()
    {
        await using var control = await RunningControl.StartAsync();
        await File.WriteAllTextAsync(control.Script("refuse-put"), "database:main: the variable PW is not set.");
        var (status, body) = await control.ServiceAsync("PUT", "/database/main", Postgres);
        Assert.That((status, body.GetProperty("reasons")[0].GetString()), Is.EqualTo((422, "database:main: the variable PW is not set.")));
        Assert.That(control.Epochs(), Is.Empty);
    }

    [Test]
    public async Task A_deploy_without_its_service_is_refused_until_it_is_there()
    {
        await using var control = await RunningControl.StartAsync();
        var needy = () => RunningControl.Handler("shop", 1, null, "database:orders");
        var (status, body) = await control.DeployAsync(needy());
        Assert.That(status, Is.EqualTo(422));
        Assert.That(body.GetProperty("detail").GetString(), Does.StartWith("shop: it needs the service database:orders, which this gateway does not have: add it with 'edgegw service add database:orders"));
        Assert.That((control.Epochs(), control.Artifacts()), Is.EqualTo((Array.Empty<string>(), Array.Empty<string>())));

        Assert.That((await control.DeployAsync(needy(), "?service=database:orders%3Ddatabase:main")).Status, Is.EqualTo(201), "another one is bound");
        Assert.That((await control.ServiceAsync("GET", "/database/main")).Body.GetProperty("handlers").ToString(), Is.EqualTo("""[{"handler":"shop","as":"database:orders"}]"""));
        await control.ServiceAsync("PUT", "/database/orders", Postgres);
        Assert.That((await control.DeployAsync(needy())).Status, Is.EqualTo(201));
    }

    [Test]
    public async Task What_is_in_use_is_removed_and_disabled_by_force_alone()
    {
        await using var control = await RunningControl.StartAsync();
        await control.ServiceAsync("PUT", "/cache/x", """{"provider":"memory"}""");
        await control.DeployAsync(RunningControl.Handler("shop", 1, null, "cache:x"));

        foreach (var (method, path) in new[] { ("DELETE", "/cache/x"), ("POST", "/cache/x/disable") })
        {
            var (refused, body) = await control.ServiceAsync(method, path);
            Assert.That(refused, Is.EqualTo(409));
            Assert.That(body.GetProperty("title").GetString(), Does.Contain("in use by shop"));
        }
        Assert.That((await control.ServiceAsync("POST", "/cache/x/disable?force=true")).Status, Is.EqualTo(200));
        Assert.That((await control.DeployAsync(RunningControl.Handler("shop", 2, null, "cache:x"))).Body.GetProperty("detail").GetString(), Does.Contain("which is disabled"));
        Assert.That((await control.DeployAsync(RunningControl.Handler("other", 1))).Status, Is.EqualTo(201), "who needs it not is not held up");
        Assert.That((await control.ServiceAsync("POST", "/cache/x/enable")).Status, Is.EqualTo(200));
        Assert.That((await control.ServiceAsync("DELETE", "/cache/x?force=true")).Status, Is.EqualTo(200));
        Assert.That((await control.ServiceAsync("DELETE", "/cache/x?force=true")).Status, Is.EqualTo(404));
        Assert.That((await control.ServiceAsync("DELETE", "/cache/x?force=maybe")).Status, Is.EqualTo(400));
        Assert.That((await control.RollBackAsync("")).Body.GetProperty("reason").GetString(), Does.Contain("enable cache:x"));
        Assert.That((await control.ServiceAsync("GET", "/cache/x")).Body.GetProperty("enabled").GetBoolean(), Is.True, "the rollback brought it back");
    }

    [Test]
    public async Task A_configuration_is_tried_by_the_worker_and_not_kept()
    {
        await using var control = await RunningControl.StartAsync();
        var (status, body) = await control.ServiceAsync("POST", "/test", """{"kind":"database","name":"main",""" + Postgres[1..]);
        Assert.That((status, body.ToString()), Is.EqualTo((200, """{"ok":true,"ms":1.5}""")));
        using var asked = JsonDocument.Parse(await File.ReadAllTextAsync(control.Script("asked-test")));
        Assert.That((asked.RootElement.GetProperty("provider").GetString(), asked.RootElement.GetProperty("settings").GetProperty("password").GetString()), Is.EqualTo(("postgres", "env:PW")));
        Assert.That(control.Epochs(), Is.Empty);

        await File.WriteAllTextAsync(control.Script("refuse-asked"), "database:main: the server does not accept the password.");
        var (refused, problem) = await control.ServiceAsync("POST", "/test", """{"kind":"database","name":"main",""" + Postgres[1..]);
        Assert.That((refused, problem.GetProperty("title").GetString()), Is.EqualTo((422, "database:main: the server does not accept the password.")));
    }

    [Test]
    public async Task A_worker_that_dies_over_a_trial_is_an_answer()
    {
        await using var control = await RunningControl.StartAsync();
        await File.WriteAllTextAsync(control.Script("die-when-asked"), "");
        var (status, body) = await control.ServiceAsync("POST", "/test", """{"kind":"cache","name":"x","provider":"memory"}""");
        Assert.That((status, body.GetProperty("title").GetString()), Is.EqualTo((503, "The worker was lost over it and is started again; look at 'edgegw logs' before trying again.")));
        await control.ReadyAsync();
    }

    [Test]
    public async Task Migrations_go_to_the_worker_when_they_are_right()
    {
        await using var control = await RunningControl.StartAsync();
        const string migrations = """[{"name":"0001_a.sql","sql":"create table a()"},{"name":"0002_more.sql","sql":"create table b()"}]""";
        var (status, body) = await control.ServiceAsync("POST", "/database/main/migrate", migrations);
        Assert.That((status, body.ToString()), Is.EqualTo((200, """{"applied":["0002_more.sql"],"present":1,"ms":2.5}""")));
        Assert.That(await File.ReadAllTextAsync(control.Script("asked-migrate")), Is.EqualTo("""{"kind":"database","name":"main","migrations":""" + migrations + "}"));

        await File.WriteAllTextAsync(control.Script("refuse-asked"), "0002_more.sql: table b is there already.");
        Assert.That((await control.ServiceAsync("POST", "/database/main/migrate", migrations)).Body.GetProperty("title").GetString(), Is.EqualTo("0002_more.sql: table b is there already."));
    }

    [TestCase("/database/main", """[{"name":"0002_a.sql","sql":"x"}]""", 422)]
    [TestCase("/database/main", "[]", 422)]
    [TestCase("/database/main", "[null]", 422)]
    [TestCase("/database/main", "", 422)]
    [TestCase("/database/main", "{", 400)]
    [TestCase("/database/none", """[{"name":"0001_a.sql","sql":"x"}]""", 404)]
    [TestCase("/cache/default", """[{"name":"0001_a.sql","sql":"x"}]""", 422)]
    public async Task Migrations_that_are_not_right_are_refused_before_the_worker_sees_them(string service, string json, int expected)
    {
        await using var control = await RunningControl.StartAsync();
        Assert.That((await control.ServiceAsync("POST", service + "/migrate", json)).Status, Is.EqualTo(expected));
        Assert.That(File.Exists(control.Script("asked-migrate")), Is.False);
        await control.ServiceAsync("POST", "/database/main/disable");
        Assert.That((await control.ServiceAsync("POST", "/database/main/migrate", """[{"name":"0001_a.sql","sql":"x"}]""")).Status, Is.EqualTo(409));
    }

    [TestCase("PUT", "/cache/x", "", 400)]
    [TestCase("PUT", "/cache/x", "{}", 400)]
    [TestCase("PUT", "/cache/x", """{"provider":"memory","pool":3}""", 400)]
    [TestCase("PUT", "/cache/x", """{"provider":"memory","name":"y"}""", 400)]
    [TestCase("PUT", "/cache/x", """{"provider":"memory","settings":{"maxBytes":1}}""", 400)]
    [TestCase("PUT", "/cache/x", """{"provider":"memory","settings":{"maxBytes":null}}""", 400)]
    [TestCase("PUT", "/cache/x", """{"provider":"redis"}""", 422)]
    [TestCase("PUT", "/queue/x", """{"provider":"memory"}""", 422)]
    [TestCase("PUT", "/cache/..%2Fx", """{"provider":"memory"}""", 422)]
    [TestCase("POST", "/test", """{"provider":"memory"}""", 400)]
    [TestCase("GET", "/cache/x", "", 404)]
    [TestCase("POST", "/cache/x/enable", "", 404)]
    [TestCase("POST", "/cache/default/enable", "", 200)]
    [TestCase("DELETE", "/cache/default", "", 409)]
    public async Task Requests_that_cannot_be_served_change_nothing(string method, string path, string json, int expected)
    {
        await using var control = await RunningControl.StartAsync();
        Assert.That((await control.ServiceAsync(method, path, json)).Status, Is.EqualTo(expected));
        Assert.That(control.Epochs(), Is.Empty);
    }

    [Test]
    public async Task A_document_that_is_too_long_is_413()
    {
        await using var control = await RunningControl.StartAsync();
        Assert.That((await control.ServiceAsync("PUT", "/cache/x", $$"""{"provider":"{{new string('x', 70_000)}}"}""")).Status, Is.EqualTo(413));
    }

    [Test]
    public async Task A_secret_given_in_place_is_in_no_answer_no_log_and_no_file()
    {
        await using var control = await RunningControl.StartAsync();
        var said = new StringBuilder();
        foreach (var settings in (string[])[
            $$"""{"host":"db","database":"d","user":"u","password":"{{Planted}}"}""", $$"""{"host":"db","database":"d","user":"u","pasword":"{{Planted}}"}""",
            $$"""{"host":"u:{{Planted}}@db","database":"d","user":"u"}""", $$"""{"host":"db","database":"d","user":"u","port":"{{Planted}}"}""",
            $$"""{"host":"db","database":"d","user":"u","password":"env:{{Planted}}"}""", $$"""{"password":["{{Planted}}"]}""", $$"""{"password":"{{Planted}}\x"}"""])
        {
            foreach (var (method, path) in new[] { ("PUT", "/database/main"), ("POST", "/test") })
            {
                var (status, body) = await control.ServiceAsync(method, path, $$"""{"kind":"database","name":"main","provider":"postgres","settings":{{settings}}}""");
                Assert.That(status, Is.AnyOf(400, 422), settings);
                said.Append(body);
            }
        }
        await control.ServiceAsync("PUT", "/database/main", Postgres);
        said.Append((await control.ServiceAsync("GET", "")).Body).Append(await control.Http.GetStringAsync("/api/v1/epochs")).Append(await control.Http.GetStringAsync("/api/v1/status"))
            .Append(await control.Http.GetStringAsync("/api/v1/logs?tail=10000")).Append(await control.Http.GetStringAsync("/metrics")).Append(control.LogText());
        foreach (var file in Directory.EnumerateFiles(control.State, "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is not (".sock" or ".fds" or ".live") && Path.GetFileName(file) != "lock"))
        {
            said.Append(await File.ReadAllTextAsync(file));
        }
        Assert.That(said.ToString(), Does.Contain("env:PW").And.Not.Contain(Planted));
    }

    [Test]
    public async Task A_secret_written_into_an_epoch_by_hand_is_not_shown()
    {
        using var folder = new TestFolder();
        await using (var first = await RunningControl.StartAsync(state: folder["s"]))
        {
            await first.ServiceAsync("PUT", "/database/main", Postgres);
        }
        var path = Path.Combine(folder["s"], "epochs", "0000000001.json");
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path)).Replace("env:PW", Planted, StringComparison.Ordinal));

        await using var control = await RunningControl.StartAsync(state: folder["s"]);
        var shown = (await control.ServiceAsync("GET", "/database/main")).Body;
        Assert.That(shown.GetProperty("settings").GetProperty("password").GetString(), Is.EqualTo("(not shown: it is no reference)"));
        Assert.That(shown + control.LogText(), Does.Not.Contain(Planted));
    }

    private static string Id(JsonElement service) => $"{service.GetProperty("kind").GetString()}:{service.GetProperty("name").GetString()}";

    private static string Members(JsonElement element) => string.Join(' ', element.EnumerateObject().Select(member => member.Name));
}
