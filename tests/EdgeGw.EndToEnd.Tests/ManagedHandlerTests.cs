namespace EdgeGw.EndToEnd.Tests;

/// <summary>Handlers in C#: what goes wrong in them stays in them.</summary>
public sealed class ManagedHandlerTests() : OneGateway()
{
    [OneTimeSetUp]
    public async Task DeployAsync() => await Gateway.DeployAsync(Repository.Fixture("Managed"), "--heap", "64MB");

    [Test]
    public async Task An_exception_is_500_with_its_details_in_the_log_only([Values("/managed/throw", "/managed/throw-async", "/managed/null")] string path)
    {
        using var response = await Client.GetAsync(path);
        await AssertProblemAsync(response, HttpStatusCode.InternalServerError);
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Not.Contain("secret").And.Not.Contain("Exception").And.Not.Contain("   at "));
        var line = JsonDocument.Parse(await Gateway.Error.WaitForAsync(response.Headers.GetValues("X-Request-Id").Single())).RootElement;
        Assert.That(line.GetProperty("message").GetString(), path.EndsWith("null", StringComparison.Ordinal) ? Does.Contain("NullReferenceException") : Does.Contain("a secret of the handler"));
        Assert.That(line.GetProperty("source").GetString(), Is.EqualTo("managed"));
    }

    [Test]
    public async Task A_handler_error_has_its_status_and_its_sentence()
    {
        using var response = await Client.GetAsync("/managed/not-found");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("no such thing"));
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
    }

    [Test]
    public async Task A_heap_limit_ends_a_request_and_not_the_worker()
    {
        var worker = await Gateway.WorkerPidAsync();
        for (var i = 0; i < 3; i++)
        {
            using var response = await Client.GetAsync("/managed/hoard");
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable).Or.EqualTo(HttpStatusCode.InternalServerError));
            Assert.That(await Client.GetStringAsync("/managed/fine"), Is.EqualTo("fine"));
        }

        Assert.That(await Gateway.WorkerPidAsync(), Is.EqualTo(worker));
    }

    [Test]
    public async Task Waiting_handlers_hold_no_thread()
    {
        await Client.GetStringAsync("/managed/async/1");
        var worker = await Gateway.WorkerPidAsync();
        var before = ProcessFigures.Threads(worker);
        var most = before;
        var waiting = Enumerable.Range(0, 200).Select(_ => Client.GetStringAsync("/managed/async/300")).ToList();
        await Eventually.TrueAsync(
            () =>
            {
                most = Math.Max(most, ProcessFigures.Threads(worker));
                return Task.FromResult(waiting.TrueForAll(task => task.IsCompleted));
            },
            () => "all are answered");
        Assert.That(await Task.WhenAll(waiting), Has.All.EqualTo("later"));
        TestContext.Out.WriteLine($"{before} threads before, {most} at most");
        Assert.That(most - before, Is.LessThan(20), "200 requests wait at once");
    }

    [Test]
    public async Task A_handler_reads_a_body_in_pieces([Values] bool http2)
    {
        using var client = http2 ? Http.Http2(Gateway.Address) : Http.Http11(Gateway.Address);
        const int length = 20_000_000;
        using var content = new StreamContent(new PatternStream(length));
        using var response = await client.PostAsync("/managed/sum", content);
        var sum = Enumerable.Range(0, length).Sum(i => (long)(i % 251));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo($"{length} bytes, sum {sum}"));
    }
}
