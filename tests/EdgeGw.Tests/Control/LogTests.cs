using System.Text;
using System.Text.Json;
using CsCheck;
using EdgeGw.Control.Observability;

namespace EdgeGw.Tests.Control;

/// <summary>Control's lines and the worker's are one log.</summary>
public sealed class LogTests
{
    [Test]
    public async Task The_tail_has_both_in_the_order_of_time()
    {
        await using var control = await RunningControl.StartAsync();
        var lines = (await control.Http.GetStringAsync("/api/v1/logs")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        using var scope = Assert.EnterMultipleScope();
        Assert.That(lines.Select(line => line.GetProperty("source").GetString()), Is.SupersetOf((string[])["control", "hello"]));
        Assert.That(lines.Select(line => line.GetProperty("time").GetDateTimeOffset()), Is.Ordered);
    }

    [Test]
    public async Task Following_goes_on_with_the_next_worker_and_can_be_of_one_handler()
    {
        await using var control = await RunningControl.StartAsync();
        using var all = new StreamReader(await control.Http.GetStreamAsync("/api/v1/logs?follow=true&tail=1"));
        using var hello = new StreamReader(await control.Http.GetStreamAsync("/api/v1/logs?follow=true&handler=hello"));
        Assert.That(await hello.ReadLineAsync(), Does.Contain("worker 1"));

        SupervisionTests.Kill(await control.WorkerPidAsync());

        Assert.That(await hello.ReadLineAsync(), Does.Contain("worker 2"));
        await Eventually.TrueAsync(async () => (await all.ReadLineAsync())!.Contains("signal 9", StringComparison.Ordinal), "control's line about the death");
    }

    [Test]
    public async Task A_tail_of_nothing_is_empty()
    {
        await using var control = await RunningControl.StartAsync();
        Assert.That(await control.Http.GetStringAsync("/api/v1/logs?tail=0"), Is.Empty);
    }

    [Test]
    public void A_line_is_read_for_its_time_and_source()
    {
        var line = LogLine.Parse("""{"level":"Info","nested":{"source":"no","time":"x"},"source":"hello","time":"2026-01-01T00:00:00.5Z"}"""u8.ToArray(), EpochSamples.Now);
        Assert.That((line.Source, line.Time), Is.EqualTo(("hello", new DateTimeOffset(2026, 1, 1, 0, 0, 0, 500, TimeSpan.Zero))));
    }

    [Test]
    public void Any_bytes_are_a_line() =>
        Gen.OneOf(Gen.Byte.Array[0, 60], Gen.String["{}[]\":,\\timesource01-TZ "].Select(Encoding.UTF8.GetBytes))
            .Sample(bytes => LogLine.Parse(bytes, EpochSamples.Now).Source is not null);
}
