using EdgeGw.Tests.Control.Catalog;

namespace EdgeGw.Tests.Control.Events;

/// <summary>Events by the Admin API.</summary>
internal sealed class EventApiTests
{
    [Test]
    public async Task A_deploy_is_told_as_an_epoch_a_deployment_and_an_endpoint()
    {
        await using var control = await RunningControl.StartAsync();
        using var events = await EventReader.OpenAsync(control);
        await control.DeployAsync(RunningControl.Handler("hello", 1));
        var (epoch, deployment, endpoint) = (await events.NextAsync("epoch"), await events.NextAsync("deployment"), await events.NextAsync("endpoint"));

        using var scope = Assert.EnterMultipleScope();
        Assert.That(events.ContentType, Is.EqualTo("text/event-stream"));
        Assert.That((epoch.GetProperty("number").GetInt64(), epoch.GetProperty("reason").GetString()), Is.EqualTo((1, "deploy hello 1.0.0")));
        Assert.That((deployment.GetProperty("principal").GetString(), deployment.GetProperty("result").GetString()), Is.EqualTo(("control.sock", "made")));
        Assert.That((endpoint.GetProperty("name").GetString(), endpoint.GetProperty("state").GetString(), endpoint.GetProperty("deleted").GetBoolean()), Is.EqualTo(("hello", "live", false)));
    }

    [Test]
    public async Task Who_comes_back_gets_what_it_missed_and_nothing_twice()
    {
        await using var control = await RunningControl.StartAsync();
        string? last;
        using (var events = await EventReader.OpenAsync(control))
        {
            await control.DeployAsync(RunningControl.Handler("a", 1));
            await events.NextAsync("endpoint");
            last = events.LastId;
        }
        await control.DeployAsync(RunningControl.Handler("b", 1));
        using var back = await EventReader.OpenAsync(control, lastId: last);
        Assert.That((await back.NextAsync())?.Data.GetProperty("reason").GetString(), Is.EqualTo("deploy b 1.0.0"));
        Assert.That((await back.NextAsync())?.Type, Is.EqualTo("deployment"));
        Assert.That((await back.NextAsync("endpoint")).GetProperty("name").GetString(), Is.EqualTo("b"));
    }

    [TestCase("nonsense")]
    [TestCase("0-1")]
    [TestCase("too old")]
    public async Task Who_missed_more_than_is_kept_is_told_so(string seen)
    {
        await using var control = await RunningControl.StartAsync(settings => settings.Events.Keep = 2);
        using (var events = await EventReader.OpenAsync(control))
        {
            await control.DeployAsync(RunningControl.Handler("a", 1));
            await events.NextAsync("epoch");
            seen = seen == "too old" ? events.LastId! : seen;
            await control.DeployAsync(RunningControl.Handler("b", 1));
            await events.NextAsync("endpoint");
        }
        using var back = await EventReader.OpenAsync(control, lastId: seen);
        Assert.That((await back.NextAsync())?.Type, Is.EqualTo("missed"));
    }

    [Test]
    public async Task What_is_written_in_the_catalog_is_told_and_so_is_what_is_deleted()
    {
        await using var control = await RunningControl.StartAsync();
        var collection = await control.CollectionAsync();
        using var events = await EventReader.OpenAsync(control);
        var added = await control.CallAsync("POST", "/endpoints", AdminCalls.Endpoint(collection).ToJsonString());
        var told = await events.NextAsync("endpoint");
        await control.CallAsync("DELETE", $"/endpoints/{added.Id}", ifMatch: "*");
        var gone = await events.NextAsync("endpoint");
        Assert.That((told.GetProperty("id").GetString(), told.GetProperty("state").GetString(), told.GetProperty("deleted").GetBoolean()), Is.EqualTo((added.Id, "created", false)));
        Assert.That((gone.GetProperty("id").GetString(), gone.GetProperty("deleted").GetBoolean()), Is.EqualTo((added.Id, true)));
    }

    [Test]
    public async Task A_build_is_told_when_it_waits_begins_and_ends_and_so_is_the_state_of_its_endpoint()
    {
        // Nothing to compile with: the build fails at once.
        await using var control = await RunningControl.StartAsync(settings => (settings.Compile.Enabled, settings.Compile.Feed) = (true, "/nowhere"));
        var added = await control.CallAsync("POST", "/endpoints", AdminCalls.Endpoint(await control.CollectionAsync()).ToJsonString());
        using var events = await EventReader.OpenAsync(control);
        var build = await control.CallAsync("POST", $"/endpoints/{added.Id}/compile");
        var (builds, endpoint) = (new List<string>(), "");
        while (builds is not [.., "failed"] || endpoint != "failed")
        {
            var (type, data) = (await events.NextAsync())!.Value;
            if (type == "build")
            {
                Assert.That((data.GetProperty("id").GetString(), data.GetProperty("endpoint").GetString()), Is.EqualTo((build.Id, added.Id)));
                builds.Add(data.GetProperty("state").GetString()!);
            }
            endpoint = type == "endpoint" ? data.GetProperty("state").GetString() : endpoint;
        }
        Assert.That(builds, Is.EqualTo((string[])["queued", "running", "failed"]));
    }

    [Test]
    public async Task A_trial_is_told_when_it_begins_and_when_it_ends()
    {
        await using var control = await RunningControl.StartAsync();
        await control.DeployAsync(RunningControl.Handler("hello", 1));
        using var events = await EventReader.OpenAsync(control);
        await control.DeployAsync(RunningControl.Handler("hello", 2), "?canary=5");
        var began = await events.NextAsync("canary");
        await control.CallAsync("POST", "/canaries/hello/abort");
        var ended = await events.NextAsync("canary");
        await control.DeployAsync(RunningControl.Handler("hello", 3), "?canary=50");
        await control.CallAsync("POST", "/canaries/hello/promote");
        await events.NextAsync("canary");
        var promoted = await events.NextAsync("canary");

        using var scope = Assert.EnterMultipleScope();
        Assert.That(Shown(began), Is.EqualTo("hello 2.0.0 5 began"));
        Assert.That(Shown(ended), Is.EqualTo("hello 2.0.0 5 ended"));
        Assert.That(Shown(promoted), Is.EqualTo("hello 3.0.0 50 promoted"));

        static string Shown(System.Text.Json.JsonElement canary) => $"{canary.GetProperty("handler").GetString()} {canary.GetProperty("version").GetString()} {canary.GetProperty("percent")} {canary.GetProperty("state").GetString()}";
    }

    [Test]
    public async Task Figures_of_the_traffic_come_as_often_as_they_are_wanted()
    {
        await using var control = await RunningControl.StartAsync(prepare: state => File.WriteAllText(Path.Combine(state, "script", "traffic"), Traffic(requests: 5, errors: 0)));
        using var events = await EventReader.OpenAsync(control, "?metrics=100");
        var idle = await events.NextAsync("metrics");
        await File.WriteAllTextAsync(control.Script("traffic.new"), Traffic(requests: 105, errors: 10));
        File.Move(control.Script("traffic.new"), control.Script("traffic"), true);
        var busy = idle;
        while (busy.GetProperty("requestsPerSecond").GetDouble() == 0)
        {
            busy = await events.NextAsync("metrics");
        }

        var seconds = busy.GetProperty("ms").GetDouble() / 1000;
        var handler = busy.GetProperty("handlers")[0];
        using var scope = Assert.EnterMultipleScope();
        Assert.That((idle.GetProperty("requestsPerSecond").GetDouble(), idle.GetProperty("inFlight").GetInt64()), Is.EqualTo((0, 3)));
        Assert.That(busy.GetProperty("requestsPerSecond").GetDouble() * seconds, Is.EqualTo(110).Within(1));
        Assert.That(busy.GetProperty("errorsPerSecond").GetDouble() * seconds, Is.EqualTo(10).Within(1));
        Assert.That((handler.GetProperty("handler").GetString(), handler.GetProperty("heapBytes").GetInt64()), Is.EqualTo(("hello", 4096)));
        Assert.That(handler.GetProperty("p50Ms").GetDouble(), Is.InRange(0.128, 0.256));
    }

    [Test]
    public async Task The_log_comes_along_when_it_is_wanted()
    {
        await using var control = await RunningControl.StartAsync();
        using var events = await EventReader.OpenAsync(control, "?log=true");
        await control.DeployAsync(RunningControl.Handler("hello", 1));
        var line = await events.NextAsync("log");
        while (line.GetProperty("message").GetString() != "Epoch 1 is in force: deploy hello 1.0.0.")
        {
            line = await events.NextAsync("log");
        }
        Assert.That(line.GetProperty("source").GetString(), Is.EqualTo("control"));
    }

    [Test]
    public async Task A_sign_of_life_is_sent_when_nothing_happens()
    {
        await using var control = await RunningControl.StartAsync(settings => settings.Events.HeartbeatMs = 100);
        using var stream = new StreamReader(await control.Http.GetStreamAsync("/api/v1/events"));
        string? line;
        do
        {
            line = await stream.ReadLineAsync();
        }
        while (line != ": ");
        Assert.That(line, Is.EqualTo(": "));
    }

    [TestCase("?log=yes")]
    [TestCase("?metrics=10")]
    [TestCase("?metrics=x")]
    [TestCase("?metric=1000")]
    public async Task Wishes_that_cannot_be_are_refused(string query)
    {
        await using var control = await RunningControl.StartAsync();
        Assert.That((await control.CallAsync("GET", "/events" + query)).Status, Is.EqualTo(400));
    }

    [Test]
    public async Task Followers_are_bounded_and_make_room_when_they_leave()
    {
        await using var control = await RunningControl.StartAsync(settings => settings.Events.Followers = 1);
        using (await EventReader.OpenAsync(control))
        {
            Assert.That((await control.CallAsync("GET", "/events")).Status, Is.EqualTo(503));
        }
        await Eventually.TrueAsync(async () =>
        {
            using var answer = await control.Http.GetAsync("/api/v1/events", HttpCompletionOption.ResponseHeadersRead);
            return answer.IsSuccessStatusCode;
        }, "there is room again");
    }

    [Test]
    public async Task A_gateway_that_stops_does_not_wait_for_its_followers()
    {
        EventReader events;
        await using (var control = await RunningControl.StartAsync())
        {
            events = await EventReader.OpenAsync(control, "?metrics=100");
        }
        events.Dispose();
    }

    private static string Traffic(int requests, int errors) => $$"""
        {"inFlight":3,"cpuMs":50,"rssBytes":1000,"handlers":[{"handler":"hello","classes":[0,0,{{requests}},0,0,{{errors}}],"latency":[0,0,{{requests + errors}},0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0],"inFlight":3,"cpuMs":40,"heapBytes":4096},
         {"handler":"","classes":[0,0,0,0,0,0],"latency":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0],"inFlight":0,"cpuMs":0,"heapBytes":null}]}
        """;
}
