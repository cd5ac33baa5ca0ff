namespace EdgeGw.Tests;

public class LibraryTests
{
    [Test]
    public void The_manifest_says_what_the_attributes_say()
    {
        var manifest = FakeGateway.For(typeof(Handlers)).Manifest;
        Assert.That((manifest.Name, manifest.Version, manifest.Sdk), Is.EqualTo(("edgegw.handler.tests", "0.1.0", "EdgeGw.Handler 0.1.0")));
        Assert.That(manifest.Routes[0], Is.EqualTo(new FakeRoute("GET", "/hello/{name}", "*", "greet", 5000, 1000, 9)));
        Assert.That(manifest.Routes.Select(r => r.Name), Has.Member("Handlers.Nothing"));
    }

    [Test]
    public async Task Startup_runs_before_any_request_and_settings_are_there()
    {
        var options = new FakeGatewayOptions();
        options.Config["Color"] = "blue";
        options.Config["size"] = "12";
        var gateway = FakeGateway.For(typeof(Handlers), options);
        Assert.That(gateway.Log.Single().Message, Is.EqualTo("started blue"));
        Assert.That((await gateway.SendAsync("GET", "/log")).Text, Is.EqualTo("blue 12 True"));
        Assert.That(gateway.SelfTest, Throws.Nothing);
    }

    [Test]
    public void A_startup_that_throws_refuses_the_library_with_its_reason()
    {
        var options = new FakeGatewayOptions();
        options.Config["refuse"] = "no licence";
        Assert.That(() => FakeGateway.For(typeof(Handlers), options), Throws.InvalidOperationException.With.Message.Contains("no licence"));
    }

    [Test]
    public void A_self_test_that_throws_refuses_the_deploy_with_its_reason()
        => Assert.That(FakeGateway.For(typeof(Handlers)).SelfTest, Throws.InvalidOperationException.With.Message.Contains("setting 'color' is missing"));

    [Test]
    public async Task A_setting_of_the_wrong_type_is_the_handlers_failure()
    {
        var options = new FakeGatewayOptions();
        options.Config["size"] = "big";
        var response = await FakeGateway.For(typeof(Handlers), options).SendAsync("GET", "/log");
        Assert.That(response.Error, Does.Contain("'size' is 'big', which is not a valid Int32"));
    }

    [Test]
    public async Task Log_lines_carry_the_requests_id_and_cost_nothing_when_nobody_keeps_them()
    {
        Handlers.Evaluations.Clear();
        var gateway = FakeGateway.For(typeof(Handlers));
        await gateway.SendAsync(new FakeRequest("GET", "/log") { RequestId = "r3" });
        Assert.That(gateway.Log.Where(l => l.RequestId == "r3").Select(l => l.Message.Split('\n')[0]), Is.EqualTo(new[] { "seen debug 1.50", "careful" }));
        Assert.That(Handlers.Evaluations, Is.EqualTo(new[] { "debug" }));
    }

    [Test]
    public async Task A_client_that_leaves_cancels_its_handler()
    {
        var gateway = FakeGateway.For(typeof(Handlers));
        var call = gateway.Open(new FakeRequest("GET", "/waits"));
        call.Cancel();
        await call.Completion;
        Assert.That(await Handlers.LastCancellation.Task, Is.EqualTo("True"));
        Assert.That(call.Error, Is.Null);
        Assert.That(gateway.Violations, Is.Empty);
    }

    [Test]
    public async Task A_handler_knows_its_deadline()
        => Assert.That((await FakeGateway.For(typeof(Handlers)).SendAsync("GET", "/deadline")).Text, Is.EqualTo("True True"));

    [Test]
    public async Task A_full_gateway_is_503_not_a_hang()
    {
        var gateway = FakeGateway.For(typeof(Handlers), new FakeGatewayOptions { ScheduleCapacity = 0 });
        Assert.That((await gateway.SendAsync("GET", "/task")).Status, Is.EqualTo(503));
        Assert.That((await gateway.SendAsync("GET", "/value-task")).Status, Is.EqualTo(200), "A continuation must run even so.");
    }

    [Test]
    public async Task Requests_of_many_threads_do_not_mix()
    {
        var gateway = FakeGateway.For(typeof(Handlers));
        await Parallel.ForAsync(0, 2000, async (i, token) =>
        {
            var response = await gateway.SendAsync("GET", i % 3 == 0 ? "/task" : $"/hello/{i}", token);
            Assert.That(response.Text, Is.EqualTo(i % 3 == 0 ? "task" : $$"""{"id":1,"name":"{{i}}"}"""));
        });
        Assert.That(gateway.Violations, Is.Empty);
    }

    [TestCase("GET", "/absent", 404)]
    [TestCase("DELETE", "/items", 405)]
    public async Task What_no_route_takes_is_answered_by_the_gateway(string method, string target, int status)
        => Assert.That((await FakeGateway.For(typeof(Handlers)).SendAsync(method, target)).Status, Is.EqualTo(status));
}
