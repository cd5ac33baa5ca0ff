using EdgeGw.Abi;

namespace EdgeGw.Tests;

/// <summary>What holds for every service.</summary>
public class ServiceFailureTests
{
    private FakeGateway _gateway = null!;

    private FakeCache Cache => _gateway.Cache("default");

    [SetUp]
    public void Load() => _gateway = FakeGateway.For(typeof(Scripted));

    [TestCase(AbiResult.Busy, 503, "The cache 'default' has too much to do at the moment.", "1")]
    [TestCase(AbiResult.Unavailable, 503, "The cache 'default' cannot be reached at the moment.", "1")]
    [TestCase(AbiResult.TimedOut, 504, "The cache 'default' did not answer in time; whether it did its work is not known.", null)]
    [TestCase(AbiResult.Refused, 502, null, null)]
    [TestCase(AbiResult.IoError, 502, null, null)]
    [TestCase(AbiResult.TooLarge, 502, null, null)]
    public async Task A_failed_call_that_nobody_handles_is_a_problem(AbiResult result, int status, string? detail, string? retryAfter)
    {
        Cache.FailNext(result, "secret host 10.0.0.1");
        var response = await _gateway.SendAsync(GetAsync);
        Assert.That((response.Status, response.Header("Retry-After"), response.Header("Content-Type")), Is.EqualTo((status, retryAfter, "application/problem+json")));
        var problem = System.Text.Json.JsonDocument.Parse(response.Body).RootElement;
        Assert.That(problem.TryGetProperty("detail", out var text) ? text.GetString() : null, Is.EqualTo(detail));
        Assert.That(response.Text, Does.Not.Contain("secret"));
    }

    [Test]
    public async Task A_call_refused_at_once_is_503_and_the_next_one_works()
    {
        Cache.RefuseNext(AbiResult.Busy);
        Assert.That((await _gateway.SendAsync(GetAsync)).Status, Is.EqualTo(503));
        Assert.That((await _gateway.SendAsync(GetAsync)).Status, Is.EqualTo(200));
        Assert.That(_gateway.Violations, Is.Empty);
    }

    [TestCase(AbiResult.InvalidState, typeof(InvalidOperationException), "The cache 'default' takes no call for this: it was closed, or the request is over.")]
    [TestCase(AbiResult.NotBound, typeof(InvalidOperationException), "The cache 'default' is not bound to this handler any more.")]
    [TestCase(AbiResult.InvalidArgument, typeof(ArgumentException), "The cache 'default' does not take this: an argument is out of its range.")]
    [TestCase(AbiResult.OutOfMemory, typeof(InsufficientMemoryException), "The cache 'default' answered OutOfMemory.")]
    [TestCase((AbiResult)(-99), typeof(CacheException), "The cache 'default' answered -99.")]
    [TestCase(AbiResult.Ok, typeof(CacheException), "The cache 'default' answered Ok.")]
    public async Task A_result_without_a_sentence_has_one_of_its_own(AbiResult result, Type type, string sentence)
    {
        Cache.RefuseNext(result);
        var failure = await _gateway.FailureAsync(async c => await c.Cache("default").GetAsync("k"));
        Assert.That((failure.GetType(), failure.Message), Is.EqualTo((type, sentence)));
    }

    [Test]
    public async Task A_gateway_without_services_is_told_by_one_sentence()
    {
        var gateway = FakeGateway.For(typeof(Scripted), new FakeGatewayOptions { OffersServices = false });
        var failure = await gateway.FailureAsync(async c => await c.Cache("default").GetAsync("k"));
        Assert.That(failure.Message, Is.EqualTo("This gateway does not offer all of edgegw.service.v1, which this handler uses. Use a newer gateway."));
    }

    [Test]
    public async Task A_service_that_is_not_bound_is_told_by_one_sentence()
    {
        var name = "elsewhere" + Guid.NewGuid().ToString("N");
        var failure = await _gateway.FailureAsync(async c => await c.Storage(name).StatAsync("k"));
        Assert.That(failure.Message, Is.EqualTo(
            $"No storage '{name}' is bound to this handler: name it in the manifest ([assembly: UsesService(\"storage\", \"{name}\")]) and deploy again."));
    }

    [Test]
    public async Task A_call_that_is_pending_when_the_request_ends_is_forgotten_and_harms_nobody()
    {
        var never = new TaskCompletionSource();
        Cache.Gate = never.Task;
        for (var i = 0; i < 50; i++)
        {
            await _gateway.RunAsync(c =>
            {
                _ = Forgotten(c);
                return default(ValueTask);
            });
        }
        Cache.Gate = Task.CompletedTask;
        never.SetResult(); // the replies of the forgotten come now, and must reach nobody
        for (var i = 0; i < 50; i++)
            Assert.That(await _gateway.RunAsync(c => c.Cache("default").AddAsync("n")), Is.EqualTo(i + 1));

        static async Task Forgotten(Context context) => await context.Cache("default").GetAsync("k");
    }

    [Test]
    public async Task A_client_that_leaves_cancels_a_pending_call()
    {
        var entered = new TaskCompletionSource();
        var thrown = new TaskCompletionSource<Exception>();
        Cache.Gate = new TaskCompletionSource().Task;
        var call = _gateway.Open(async (c, _) =>
        {
            try
            {
                var get = c.Cache("default").GetAsync("k");
                entered.SetResult();
                await get;
            }
            catch (Exception e)
            {
                thrown.SetResult(e);
                throw;
            }
            return Response.Ok();
        });
        await entered.Task;
        call.Cancel();
        await call.Completion;
        Assert.That(await thrown.Task, Is.InstanceOf<OperationCanceledException>());
        Assert.That(call.Error, Is.Null);
    }

    [Test]
    public async Task A_face_kept_after_its_request_is_refused()
    {
        Cache kept = null!;
        await _gateway.RunAsync(c =>
        {
            kept = c.Cache("default");
            return default(ValueTask);
        });
        Assert.That(async () => await kept.GetAsync("k"), Throws.InvalidOperationException.With.Message.EqualTo("The cache 'default' takes no call for this: it was closed, or the request is over."));
    }

    [Test]
    public async Task A_result_can_be_taken_once()
    {
        var failure = await _gateway.FailureAsync(async c =>
        {
            var call = c.Cache("default").GetAsync("k");
            await call;
            await call;
        });
        Assert.That(failure.Message, Does.StartWith("This call is over"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Calls_of_many_requests_do_not_mix(bool atOnce)
    {
        var gateway = FakeGateway.For(typeof(Scripted), new FakeGatewayOptions { ReplyAtOnce = atOnce });
        await Parallel.ForAsync(0, 1000, async (i, _) =>
        {
            var key = $"key {i}";
            var found = await gateway.RunAsync(async c =>
            {
                var cache = c.Cache("default");
                await cache.SetStringAsync(key, key);
                var both = await Task.WhenAll(cache.GetStringAsync(key).AsTask(), cache.GetStringAsync("absent").AsTask());
                return $"{both[0]} {both[1] is null} {await cache.AddAsync(key + " count", i)}";
            });
            Assert.That(found, Is.EqualTo($"{key} True {i}"));
        });
        Assert.That(gateway.Violations, Is.Empty);
    }

    private static async Task<Response> GetAsync(Context context, Request request)
    {
        _ = await context.Cache("default").GetAsync("k");
        return Response.Ok();
    }
}
