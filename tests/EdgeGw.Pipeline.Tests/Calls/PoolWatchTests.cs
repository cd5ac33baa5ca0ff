using EdgeGw.Abi;
using EdgeGw.Calls;
using EdgeGw.Configuration;
using EdgeGw.Epochs;
using EdgeGw.Generations;
using EdgeGw.Logging;

namespace EdgeGw.Pipeline.Tests.Calls;

/// <summary>Handlers that hold threads of the pool, and everybody else who needs one.</summary>
[NonParallelizable]
internal sealed class PoolWatchTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(45);

    private readonly LogHub _log = new(new LogSettings(), null, TimeProvider.System);
    private VersionLedger _versions = null!;
    private PipelineContext _context = null!;
    private HandlerVersion _holder = null!;
    private HandlerVersion _other = null!;

    [SetUp]
    public void SetUp()
    {
        _versions = new VersionLedger();
        _context = new PipelineContext(new GatewaySettings { AccessLog = { Enabled = false } }, _log, _versions, TimeProvider.System);
        (_holder, _other) = (Add("holder"), Add("other"));
    }

    [TearDown]
    public void TearDown() => _context.Services.Dispose();

    [OneTimeTearDown]
    public async Task EndAsync() => await _log.DisposeAsync();

    [Test]
    public void What_is_queued_behind_hundreds_of_blocked_threads_runs_long_before_the_pool_would_have_grown_by_itself()
    {
        const int blocked = 300; // the pool itself would take minutes
        using var watch = new PoolWatch(1_000, _context.Scheduler.GoOn);
        using var work = new BlockingWork();
        try
        {
            Block(work, blocked);
            using var ran = new ManualResetEventSlim();
            ThreadPool.UnsafeQueueUserWorkItem(static ran => ran.Set(), ran, preferLocal: false);
            Assert.That(ran.Wait(s_patience), Is.True);
            // Who has taken one of them from the queue may be on the way into it still.
            Until(() => work.Inside == blocked, "all of them are inside at once");
            Until(() => watch.Held == blocked, "the threads held are counted");
            Assert.That(watch.IsShort, Is.False);
        }
        finally
        {
            work.Open();
        }
        Until(() => watch.Held == 0 && work.Ended == blocked, "all have come back");
    }

    [Test]
    public void When_few_threads_are_left_who_holds_some_is_refused_more_and_others_are_not()
    {
        using var watch = new PoolWatch(16, _context.Scheduler.GoOn);
        _context.Pool = watch;
        using var work = new BlockingWork();
        try
        {
            Block(work, 16 - watch.Reserve);
            Until(() => watch.IsShort, "few threads are left");
            Assert.That(_context.RefusesThread(_holder), Is.True);
            Assert.That(_context.RefusesThread(_other), Is.False);
            Assert.That(_context.ThreadRefusals, Is.EqualTo(1));
            AssertOthersRun();
        }
        finally
        {
            work.Open();
        }
        // Nobody calls a library meanwhile: that threads have come back is noticed all the same.
        Until(() => !_context.RefusesThread(_holder), "there are threads again");
    }

    [Test]
    public void Work_posted_by_who_holds_most_threads_gets_half_of_the_rest_and_waits_for_more()
    {
        using var watch = new PoolWatch(16, _context.Scheduler.GoOn);
        _context.Pool = watch;
        using var work = new BlockingWork();
        const int posted = 100;
        try
        {
            for (var i = 0; i < posted; i++)
            {
                Assert.That(_context.Scheduler.Post(_holder.Ordinal, work.Callback(_holder.Ordinal)), Is.EqualTo(AbiResult.Ok));
            }
            Until(() => work.Inside + _context.Scheduler.HeldBack == posted, "what does not run is held back");
            Assert.That(work.Inside, Is.LessThanOrEqualTo(16 - (watch.Reserve / 2)));
            Assert.That(_context.Scheduler.Waiting, Is.EqualTo(posted - work.Inside));
            AssertOthersRun();
            using var others = new BlockingWork();
            others.Open();
            _context.Scheduler.Post(_other.Ordinal, others.Callback(_other.Ordinal));
            Until(() => others.Ended == 1, "the work of another handler runs");
        }
        finally
        {
            work.Open();
        }
        Until(() => work.Ended == posted && _context.Scheduler.Waiting == 0, "all of it has run in the end");
    }

    private HandlerVersion Add(string name) => _versions.Add(ordinal => new HandlerVersion(ordinal, new EpochHandler
    {
        Name = name,
        Version = "1.0.0",
        Sha256 = name,
        File = "none.so",
        Manifest = new Manifest { Name = name, Version = "1.0.0", Routes = [] },
    }))!;

    // As a stream of HTTP/2 would.
    private void Block(BlockingWork work, int count)
    {
        for (var i = 0; i < count; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static x =>
                {
                    var outer = CallSlots.EnterFor(x.Ordinal);
                    x.work.Run();
                    CallSlots.Leave(outer);
                },
                (_holder.Ordinal, work), preferLocal: false);
        }
    }

    private static void AssertOthersRun()
    {
        for (var i = 0; i < 20; i++)
        {
            using var ran = new ManualResetEventSlim();
            ThreadPool.UnsafeQueueUserWorkItem(static ran => ran.Set(), ran, preferLocal: false);
            Assert.That(ran.Wait(s_patience), Is.True);
        }
    }

    // On the test's own thread: the pool is what is tested.
    private static void Until(Func<bool> condition, string what) => Assert.That(SpinWait.SpinUntil(condition, s_patience), Is.True, what);
}
