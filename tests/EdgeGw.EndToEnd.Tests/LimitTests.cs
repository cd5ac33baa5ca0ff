namespace EdgeGw.EndToEnd.Tests;

/// <summary>What happens at the bounds.</summary>
public sealed class LimitTests
{
    [Test]
    public async Task Requests_beyond_a_routes_concurrency_and_queue_are_503_with_Retry_After()
    {
        await using var gateway = await Gateway.StartAsync(new() { Arguments = ["--set", "Limits:RouteQueue=2"] });
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("gated1"), "--concurrency", "3");

        var admitted = Enumerable.Range(0, 3).Select(_ => client.GetStringAsync("/gated/wait")).ToList();
        await Eventually.TrueAsync(async () => await client.GetStringAsync("/gated/waiting") == "3", () => "three requests are inside");
        // Two wait for their turn, in whatever order they came; of five, three are turned away.
        var more = Enumerable.Range(0, 5).Select(_ => client.GetAsync("/gated/wait")).ToList();
        await Eventually.TrueAsync(() => Task.FromResult(more.Count(task => task.IsCompleted) == 3), () => "three of five are turned away");
        foreach (var refused in more.Where(task => task.IsCompleted))
        {
            using var response = await refused;
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(response.Headers.RetryAfter?.Delta, Is.EqualTo(TimeSpan.FromSeconds(1)));
        }

        var queued = more.Where(task => !task.IsCompleted).ToList();
        await Eventually.TrueAsync(
            async () =>
            {
                using var opened = await client.PostAsync("/gated/open", null);
                return admitted.TrueForAll(task => task.IsCompleted) && queued.TrueForAll(task => task.IsCompleted);
            },
            () => "the admitted and then the queued requests are answered");
        foreach (var response in queued)
        {
            Assert.That((await response).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    [Test]
    public async Task A_handler_that_blocks_is_answered_504_at_its_deadline_and_others_are_served_meanwhile()
    {
        await using var gateway = await Gateway.StartAsync();
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("slow"), "--deadline", "200ms");
        await gateway.DeployAsync(Repository.Fixture("ok1"));

        // So much longer than its deadline that whoever looks at that may be late.
        var slow = client.GetAsync("/slow/5000");
        while (!slow.IsCompleted)
        {
            Assert.That(await client.GetStringAsync("/ok"), Is.EqualTo("{\"version\":1}"));
        }

        Assert.That((await slow).StatusCode, Is.EqualTo(HttpStatusCode.GatewayTimeout));
    }

    [Test]
    public async Task Forwarded_headers_are_believed_of_trusted_proxies_only()
    {
        await using var open = await Gateway.StartAsync(new() { Arguments = ["--set", "Proxy:Trusted:0=127.0.0.0/8"] });
        await using var closed = await Gateway.StartAsync();
        foreach (var (gateway, expected) in new[] { (open, "203.0.113.7"), (closed, "127.0.0.1") })
        {
            await gateway.DeployAsync(Repository.Fixture("dump"));
            using var client = Http.Http11(gateway.Address);
            foreach (var (name, value) in new[] { ("X-Forwarded-For", "203.0.113.7"), ("Forwarded", "for=203.0.113.7;proto=http") })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/dump/x") { Headers = { { name, value } } };
                using var response = await client.SendAsync(request);
                Assert.That((await Dumped.FromAsync(response))["client"], Is.EqualTo(expected), name);
            }
        }
    }
}
