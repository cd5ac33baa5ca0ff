using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Top;

namespace EdgeGw.Cli.Tests;

/// <summary>What <c>edgegw top</c> makes of two looks at the gateway.</summary>
internal sealed class TopTests
{
    [Test]
    public void Rates_are_differences_by_the_time_between()
    {
        var rates = TopRates.Between(Status(7, Version(1, 100, 1_000, 10_000, 4, 3)), Status(7, Version(1, 300, 2_000, 30_000, 8, 23)), TimeSpan.FromSeconds(2));
        var version = rates.Versions.Single();
        using var scope = Assert.EnterMultipleScope();
        Assert.That(version.RequestsPerSecond, Is.EqualTo(100));
        Assert.That(version.CpuPercent, Is.EqualTo(50));
        Assert.That(version.AllocatedPerSecond, Is.EqualTo(10_000));
        Assert.That(version.CollectionsPerSecond, Is.EqualTo(2));
        Assert.That(version.GcPausePercent, Is.EqualTo(1));
        Assert.That(version.HeapBytes, Is.EqualTo(5_000));
    }

    [Test]
    public void A_new_worker_has_begun_with_nothing()
    {
        var rates = TopRates.Between(Status(7, Version(1, 5_000, 9_000, 9_000, 9, 9)), Status(8, Version(1, 20, 100, 1_000, 1, 1)), TimeSpan.FromSeconds(1));
        Assert.That(rates.Versions.Single().RequestsPerSecond, Is.EqualTo(20));
        Assert.That(rates.Versions.Single().CpuPercent, Is.EqualTo(10));
    }

    [Test]
    public void What_a_library_does_not_tell_is_not_made_up()
    {
        var silent = new VersionReply { Handler = "c", Ordinal = 2, Usage = new UsageReply { CpuMs = 5 } };
        var version = TopRates.Between(Status(7, silent), Status(7, silent), TimeSpan.FromSeconds(1)).Versions.Single();
        using var scope = Assert.EnterMultipleScope();
        Assert.That(version.HeapBytes, Is.Null);
        Assert.That(version.AllocatedPerSecond, Is.Null);
        Assert.That(version.GcPausePercent, Is.Null);
        Assert.That(version.CpuPercent, Is.Zero);
    }

    private static StatusReply Status(int pid, VersionReply version) => new() { Worker = new ProcessReply { Pid = pid }, Versions = [version] };

    private static VersionReply Version(int ordinal, long requests, double cpuMs, long allocated, long collections, double pauseMs) => new()
    {
        Handler = "a",
        Ordinal = ordinal,
        Requests = requests,
        Usage = new UsageReply { CpuMs = cpuMs, HeapBytes = 5_000, AllocatedBytes = allocated, Collections = collections, GcPauseMs = pauseMs },
    };
}
