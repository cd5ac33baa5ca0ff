using System.Diagnostics;
using EdgeGw.Abi;
using EdgeGw.Configuration;
using EdgeGw.Epochs;
using EdgeGw.Generations;
using EdgeGw.Logging;
using EdgeGw.Services;

namespace EdgeGw.Pipeline.Tests.Services;

/// <summary>What every service does, whatever its backend.</summary>
public sealed class ServiceActorTests
{
    private LogHub _log = null!;
    private PipelineContext _context = null!;
    private Exchange _exchange = null!;
    private ScriptedBackend _backend = null!;
    private ServiceActor _actor = null!;
    private ServiceBinding _binding = null!;

    [SetUp]
    public void SetUp()
    {
        var settings = new GatewaySettings { AccessLog = { Enabled = false } };
        _log = new LogHub(settings.Log, null, TimeProvider.System);
        _context = new PipelineContext(settings, _log, new VersionLedger(), TimeProvider.System);
        _binding = new ServiceBinding(new ServiceSlot(ServiceKinds.Cache, "default"), "test");
        _exchange = _context.Exchanges.Rent()!;
        _exchange.Open(1);
        Start(new ScriptedBackend(), poolSize: 1, queueLength: 1);
    }

    [TearDown]
    public async Task TearDown()
    {
        _exchange.Close();
        await _actor.DisposeAsync();
        _context.Services.Dispose();
        await _log.DisposeAsync();
    }

    [Test]
    public async Task A_call_beyond_the_queue_is_busy_and_nothing_is_called_back([Values] bool blocks)
    {
        await _actor.DisposeAsync();
        Start(new ScriptedBackend { Blocks = blocks }, poolSize: 1, queueLength: 1);
        var gate = new TaskCompletionSource<bool>();
        var running = new ScriptedCall((_, _) => new ValueTask<bool>(gate.Task));
        var (first, second, third) = (new Replies(), new Replies(), new Replies());
        Assert.That(Post(running, first), Is.EqualTo(AbiResult.Pending));
        await running.Began.Task;
        Assert.That(Post(Done(), second), Is.EqualTo(AbiResult.Pending), "it waits");
        var refused = Done();
        Assert.That(Post(refused, third), Is.EqualTo(AbiResult.Busy));
        await refused.Recycled.Task;
        gate.SetResult(true);
        await second.First;
        Assert.Multiple(() =>
        {
            Assert.That(first.Seen, Has.Count.EqualTo(1));
            Assert.That(third.Seen, Is.Empty);
            Assert.That(_binding.Metrics.CountOf(ServiceOutcome.Busy), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task A_call_whose_time_is_over_is_answered_once_although_its_backend_goes_on()
    {
        var gate = new TaskCompletionSource<bool>();
        var cancelled = new TaskCompletionSource();
        var call = new ScriptedCall(async (_, token) =>
        {
            token.Register(cancelled.SetResult);
            return await gate.Task;
        });
        var replies = new Replies();
        Post(call, replies);
        await call.Began.Task;
        _actor.Look(Stopwatch.GetTimestamp() + (60 * Stopwatch.Frequency));
        await cancelled.Task;
        Assert.That(replies.Seen, Is.EqualTo(new[] { (AbiResult.TimedOut, "The service cache:default did not answer within 10000 ms.") }));
        Assert.That(call.Recycled.Task.IsCompleted, Is.False, "its run still has it");
        gate.SetResult(true);
        await call.Recycled.Task;
        Assert.That(replies.Seen, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_request_that_ends_forgets_its_calls()
    {
        var gate = new TaskCompletionSource<bool>();
        var cancelled = new TaskCompletionSource();
        var running = new ScriptedCall(async (_, token) =>
        {
            token.Register(cancelled.SetResult);
            return await gate.Task;
        });
        var waiting = Done();
        var replies = new Replies();
        Post(running, replies);
        await running.Began.Task;
        Post(waiting, replies);
        _exchange.Close();
        await cancelled.Task;
        gate.SetResult(true);
        await running.Recycled.Task;
        await waiting.Recycled.Task;
        Assert.Multiple(() =>
        {
            Assert.That(replies.Seen, Is.Empty);
            Assert.That(waiting.Began.Task.IsCompleted, Is.False, "nobody wants it any more");
        });
    }

    [Test]
    public async Task A_cancelled_request_is_told_so_by_its_calls()
    {
        var call = new ScriptedCall(async (_, token) =>
        {
            var cancelled = new TaskCompletionSource<bool>();
            using var registration = token.Register(() => cancelled.SetCanceled(token));
            return await cancelled.Task;
        });
        var replies = new Replies();
        Post(call, replies);
        await call.Began.Task;
        _exchange.Cancel(_exchange.Id);
        await call.Recycled.Task;
        Assert.That(replies.Seen.Select(reply => reply.Result), Is.EqualTo(new[] { AbiResult.Cancelled }));
    }

    [Test]
    public void What_a_cancelled_request_has_open_is_given_back_although_its_handler_goes_on()
    {
        Post(Done(), new Replies());
        var open = new ScriptedOpen();
        _exchange.Services.Add(open, _exchange.Id);
        _exchange.Cancel(_exchange.Id);
        Assert.That(open.Abandoned, Is.EqualTo(1));
    }

    [Test]
    public async Task While_its_backend_is_down_a_service_fails_at_once_and_it_recovers_by_itself()
    {
        _backend.Down = true;
        var replies = new Replies();
        Post(new ScriptedCall((_, _) => throw new IOException("refused")), replies);
        var untouched = Done();
        Post(untouched, replies);
        Assert.Multiple(() =>
        {
            Assert.That(replies.Seen.Select(reply => reply.Result), Is.EqualTo(new[] { AbiResult.Unavailable, AbiResult.Unavailable }));
            Assert.That(replies.Seen[1].Error, Is.EqualTo("The backend is down: refused."));
            Assert.That(untouched.Began.Task.IsCompleted, Is.False);
        });
        _backend.Down = false;
        Assert.That(() => _actor.Health.Error, Is.Null.After(10_000, 10));
        var again = new Replies();
        Post(Done(), again);
        Assert.That(again.Seen.Select(reply => reply.Result), Is.EqualTo(new[] { AbiResult.Ok }));
    }

    [Test]
    public void What_a_backend_refuses_reaches_the_handler_and_does_not_count_as_down()
    {
        var replies = new Replies();
        Post(new ScriptedCall((_, _) => throw new InvalidDataException("no such column")), replies);
        Assert.Multiple(() =>
        {
            Assert.That(replies.Seen, Is.EqualTo(new[] { (AbiResult.Refused, "no such column") }));
            Assert.That(_actor.Health.Error, Is.Null);
        });
    }

    [Test]
    public async Task Replacing_a_service_under_load_fails_no_call([Values] bool blocks)
    {
        await _actor.DisposeAsync();
        Start(new ScriptedBackend { Blocks = blocks }, poolSize: 4, queueLength: 100_000);
        var stop = 0;
        var posted = 0;
        var replies = new Replies();
        var load = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (Volatile.Read(ref stop) == 0)
            {
                var call = new ScriptedCall(async (_, _) =>
                {
                    await Task.Yield();
                    return true;
                });
                Assert.That(Post(call, replies), Is.EqualTo(AbiResult.Pending));
                Interlocked.Increment(ref posted);
                await call.Recycled.Task;
            }
        })));
        for (var i = 0; i < 50; i++)
        {
            var before = _actor;
            var seen = replies.Seen.Count;
            Start(new ScriptedBackend { Blocks = blocks }, poolSize: 4, queueLength: 100_000);
            await before.DisposeAsync();
            Assert.That(() => replies.Seen.Count, Is.GreaterThan(seen).After(10_000, 1));
        }
        Volatile.Write(ref stop, 1);
        await load;
        Assert.That(replies.Seen.Select(reply => reply.Result).Distinct(), Is.EqualTo(new[] { AbiResult.Ok }));
        Assert.That(replies.Seen, Has.Count.EqualTo(posted));
    }

    [Test]
    public async Task A_service_that_is_replaced_while_a_call_enters_it_still_runs_that_call()
    {
        var ended = Task.CompletedTask;
        _backend.OnAsked = () => ended = _actor.DisposeAsync().AsTask();
        var replies = new Replies();
        Assert.That(Post(Done(), replies), Is.EqualTo(AbiResult.Pending));
        await ended;
        Assert.Multiple(() =>
        {
            Assert.That(replies.Seen.Select(reply => reply.Result), Is.EqualTo(new[] { AbiResult.Ok }));
            Assert.That(_backend.Disposed, Is.EqualTo(1));
        });
    }

    [Test]
    public async Task Ten_thousand_calls_from_many_threads_are_each_answered_once([Values] bool blocks)
    {
        await _actor.DisposeAsync();
        Start(new ScriptedBackend { Blocks = blocks }, poolSize: 8, queueLength: 100_000);
        var replies = new Replies();
        var calls = Enumerable.Range(0, 10_000).Select(i => new ScriptedCall(async (_, _) =>
        {
            if (i % 3 == 0)
            {
                await Task.Yield();
            }
            return true;
        })).ToArray();
        // As many as one request may have at once are under way at any time.
        foreach (var some in calls.Chunk(ServiceScope.Most))
        {
            Parallel.ForEach(some, new ParallelOptions { MaxDegreeOfParallelism = 8 }, call => Assert.That(Post(call, replies), Is.EqualTo(AbiResult.Pending)));
            await Task.WhenAll(some.Select(call => call.Recycled.Task));
        }
        Assert.That(replies.Seen, Has.Count.EqualTo(calls.Length));
        Assert.That(() => _actor.Running, Is.Zero.After(10_000, 1));
    }

    private static ScriptedCall Done() => new((_, _) => ValueTask.FromResult(true));

    private void Start(ScriptedBackend backend, int poolSize, int queueLength)
    {
        _backend = backend;
        _actor = new ServiceActor(new EpochService { Kind = ServiceKinds.Cache, Name = "default", Provider = "scripted", PoolSize = poolSize, QueueLength = queueLength }, backend, _log, TimeProvider.System);

        _binding.Slot.Actor = _actor;
    }

    private AbiResult Post(ScriptedCall call, Replies replies)
    {
        call.Begin(_exchange, _exchange.Id, _binding, replies.Callback);
        Assert.That(_exchange.Services.Add(call), Is.EqualTo(AbiResult.Ok));
        return _binding.Post(call);
    }
}
