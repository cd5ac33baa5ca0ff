using System.Diagnostics;
using EdgeGw.Configuration;
using EdgeGw.Pipeline.Observe;

namespace EdgeGw.Pipeline.Tests.Observe;

internal sealed class RequestLogTests
{
    // A second that has begun: nothing is taken by the clock of the machine.
    private const long Now = 1_000_000_000_000;

    private static RequestRecord Record(string handler = "hello", int status = 200, string why = "always", string id = "r") => new()
    {
        Worker = 1,
        RequestId = id,
        Time = DateTimeOffset.UnixEpoch,
        Why = why,
        Method = "GET",
        Path = "/",
        Scheme = "http",
        Protocol = "HTTP/1.1",
        Status = status,
        Handler = handler,
        Ms = 1,
        QueueMs = 0,
        HandlerMs = 1,
        ResponseMs = 0,
        BytesIn = 0,
        BytesOut = 0,
        Spans = [],
    };

    [Test]
    public void The_first_requests_of_a_second_are_recorded_and_then_a_share()
    {
        var log = new RequestLog(new RequestLogSettings { Always = 3, Sample = 0.1 });
        var reasons = Enumerable.Range(0, 100_000).Select(i => log.Wants(200, 10, Now + i)).ToList();
        using var scope = Assert.EnterMultipleScope();
        Assert.That(reasons.Take(3), Is.All.EqualTo("always"));
        Assert.That(reasons.Skip(3), Has.None.EqualTo("always"));
        Assert.That(log.Wants(200, 10, Now + Stopwatch.Frequency), Is.EqualTo("always"), "the next second");
    }

    [Test]
    public void The_share_is_spread_evenly()
    {
        var log = new RequestLog(new RequestLogSettings { Always = 0, Sample = 0.1, PerSecond = 1_000_000 });
        // As requests come: a few microseconds apart, never evenly.
        var random = new Random(7);
        var (now, taken) = (Now, 0);
        for (var i = 0; i < 100_000; i++)
        {
            now += 1_000 + random.Next(9_000);
            taken += log.Wants(200, 10, now) == "sample" ? 1 : 0;
        }
        Assert.That(taken, Is.InRange(9_000, 11_000));
    }

    [Test]
    public void Failed_and_slow_requests_are_always_recorded_up_to_the_bound()
    {
        var log = new RequestLog(new RequestLogSettings { Always = 0, Sample = 0, SlowMs = 100, PerSecond = 3 });
        using var scope = Assert.EnterMultipleScope();
        Assert.That(log.Wants(404, 10, Now), Is.Null);
        Assert.That(log.Wants(500, 10, Now), Is.EqualTo("error"));
        Assert.That(log.Wants(200, 100_000, Now), Is.EqualTo("slow"));
        Assert.That(log.Wants(200, 99_999, Now), Is.Null);
        Assert.That(log.Wants(503, 10, Now), Is.EqualTo("error"));
        Assert.That(log.Wants(503, 10, Now), Is.Null, "beyond the bound");
        Assert.That(log.Skipped, Is.EqualTo(1));
    }

    [Test]
    public void A_request_that_is_not_recorded_allocates_nothing()
    {
        var log = new RequestLog(new RequestLogSettings { Always = 0, Sample = 0 });
        log.Wants(200, 10, Now);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            log.Wants(200, 10, Now + i);
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void A_log_that_is_off_records_nothing() =>
        Assert.That(new RequestLog(new RequestLogSettings { Enabled = false }).Wants(500, 1_000_000, Now), Is.Null);

    [Test]
    public void Each_handler_keeps_its_own_and_good_requests_do_not_push_out_the_failed()
    {
        var log = new RequestLog(new RequestLogSettings { Keep = 2 });
        log.Add(Record(status: 500, why: "error", id: "failed"));
        for (var i = 0; i < 10; i++)
        {
            log.Add(Record(id: $"good {i}"));
        }
        log.Add(Record("other", id: "other"));
        log.Add(Record(why: "trace", id: "trace alone"));
        using var scope = Assert.EnterMultipleScope();
        Assert.That(log.Newest(null, 10, RequestFilter.All.Takes).Select(record => record.RequestId), Is.EqualTo(new[] { "other", "good 9", "good 8", "failed" }));
        Assert.That(log.Newest("hello", 2, RequestFilter.All.Takes).Select(record => record.RequestId), Is.EqualTo(new[] { "good 9", "good 8" }));
        Assert.That(log.Newest(null, 10, new RequestFilter(null, 5, null, false).Takes).Select(record => record.RequestId), Is.EqualTo(new[] { "failed" }));
        Assert.That(log.Newest(null, 10, new RequestFilter(null, 0, "good 9", false).Takes).Select(record => record.RequestId), Is.EqualTo(new[] { "good 9" }));
    }

    [Test]
    public void Who_follows_gets_what_comes_and_loses_the_oldest_when_it_is_too_slow()
    {
        var log = new RequestLog(new RequestLogSettings());
        log.Add(Record(id: "before"));
        var follower = log.Follow();
        for (var i = 0; i < RequestLog.Waiting + 5; i++)
        {
            log.Add(Record(id: $"{i}"));
        }
        log.Unfollow(follower);
        log.Add(Record(id: "after"));
        var got = new List<string>();
        while (follower.Reader.TryRead(out var record))
        {
            got.Add(record.RequestId);
        }
        Assert.That((got[0], got[^1], got.Count, log.Dropped), Is.EqualTo(("5", $"{RequestLog.Waiting + 4}", RequestLog.Waiting, 5L)));
    }

    [TestCase("404", 404)]
    [TestCase("5xx", 5)]
    public void A_status_or_its_class_can_be_asked_for(string text, int expected) => Assert.That((RequestFilter.TryReadStatus(text, out var status), status), Is.EqualTo((true, expected)));

    [TestCase("")]
    [TestCase("xx")]
    [TestCase("6xx")]
    [TestCase("99")]
    [TestCase("600")]
    [TestCase("4040")]
    [TestCase("-5xx")]
    public void What_is_no_status_is_refused(string text) => Assert.That(RequestFilter.TryReadStatus(text, out _), Is.False);

    [Test]
    public void Traces_are_bounded_per_second_whoever_decided_them()
    {
        var tracing = new Tracing(new TelemetrySettings { OtlpEndpoint = "http://127.0.0.1:4318", MaxTracesPerSecond = 2 });
        Assert.That(new[] { tracing.TakesSampled(Now), tracing.TakesRoot(Now), tracing.TakesSampled(Now), tracing.TakesSampled(Now + Stopwatch.Frequency) }, Is.EqualTo(new[] { true, true, false, true }));
    }

    [Test]
    public void A_ratio_of_nothing_takes_no_request_without_a_parent() =>
        Assert.That(new Tracing(new TelemetrySettings { OtlpEndpoint = "http://127.0.0.1:4318", TraceRatio = 0 }).TakesRoot(Now), Is.False);
}
