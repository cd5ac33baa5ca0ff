using System.Collections.Concurrent;
using EdgeGw.Configuration;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Systemd;
using Microsoft.Extensions.Hosting.Systemd;

namespace EdgeGw.Tests.Control;

/// <summary>What systemd is told.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ServiceNoticesTests : IAsyncDisposable
{
    private readonly RecordingNotifier _notifier = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ControlLog _log = new(new LogSettings(), Stream.Null, TimeProvider.System);

    public ValueTask DisposeAsync()
    {
        _stop.Dispose();
        return _log.DisposeAsync();
    }

    [Test]
    public async Task Ready_comes_with_the_process_and_the_status_and_a_changed_status_follows()
    {
        var status = "one";
        var notices = new ServiceNotices(_notifier, null, _ => Task.FromResult(true), () => status, _log, TimeProvider.System);
        var running = notices.RunAsync(_stop.Token);
        Assert.That(_notifier.Told, Is.EqualTo([$"READY=1\nMAINPID={Environment.ProcessId}\nSTATUS=one"]));
        status = "two";
        await Eventually.TrueAsync(() => _notifier.Told.Contains("STATUS=two"), "the new status is told");
        await _stop.CancelAsync();
        await running;
        notices.Stopping();
        Assert.That(_notifier.Told[^1], Does.StartWith("STOPPING=1\n"));
        Assert.That(_notifier.Told, Has.None.EqualTo("WATCHDOG=1"), "nobody waits for signs of life");
    }

    [Test]
    public async Task Signs_of_life_are_given_while_the_data_plane_gives_them_and_no_longer()
    {
        var alive = true;
        var asked = 0;
        var notices = new ServiceNotices(_notifier, TimeSpan.FromMilliseconds(40), patience => Ask(patience), () => "", _log, TimeProvider.System);
        var running = notices.RunAsync(_stop.Token);
        await Eventually.TrueAsync(() => _notifier.Told.Count(told => told == "WATCHDOG=1") > 2, "signs of life");
        alive = false;
        var until = Volatile.Read(ref asked) + 1; // one may be under way
        await Eventually.TrueAsync(() => Volatile.Read(ref asked) > until, "the data plane is asked on");
        var signs = _notifier.Told.Count;
        await Eventually.TrueAsync(() => Volatile.Read(ref asked) > until + 3, "and on");
        Assert.That(_notifier.Told, Has.Count.EqualTo(signs));
        await _stop.CancelAsync();
        await running;

        Task<bool> Ask(TimeSpan patience)
        {
            Assert.That(patience, Is.LessThan(TimeSpan.FromMilliseconds(20)), "the answer and the pause after it fit into half of the time");
            Interlocked.Increment(ref asked);
            return Task.FromResult(alive);
        }
    }

    [Test]
    public async Task Nothing_is_said_without_systemd()
    {
        _notifier.IsEnabled = false;
        var notices = new ServiceNotices(_notifier, TimeSpan.FromSeconds(1), _ => Task.FromResult(true), () => "", _log, TimeProvider.System);
        await notices.RunAsync(_stop.Token);
        notices.Stopping();
        Assert.That(_notifier.Told, Is.Empty);
    }

    [TestCase("30000000", null, 30_000)]
    [TestCase("30000000", "77", 30_000)]
    [TestCase("30000000", "78", null)]
    [TestCase("0", null, null)]
    [TestCase("soon", null, null)]
    [TestCase(null, null, null)]
    public void The_watchdog_is_this_processs_own(string? microseconds, string? owner, int? milliseconds) =>
        Assert.That(
            SystemdVariables.Watchdog(name => name == "WATCHDOG_USEC" ? microseconds : name == "WATCHDOG_PID" ? owner : null, 77)?.TotalMilliseconds,
            Is.EqualTo(milliseconds));

    private sealed class RecordingNotifier : ISystemdNotifier
    {
        private readonly ConcurrentQueue<string> _told = new();

        public bool IsEnabled { get; set; } = true;

        public IReadOnlyList<string> Told => [.. _told];

        public void Notify(ServiceState state) => _told.Enqueue(state.ToString());
    }
}
