using EdgeGw.Configuration;
using EdgeGw.Control.HandingOver;
using EdgeGw.Worker;

namespace EdgeGw.Tests.Control;

/// <summary>What replaced versions may cost.</summary>
public sealed class LedgerBudgetTests
{
    private static readonly LedgerSettings s_budget = new() { Versions = 2, Bytes = 1_000, Threads = 4, LostThreads = 1 };

    [Test]
    public void A_live_version_costs_nothing_however_large_it_is() =>
        Assert.That(LedgerBudget.Exceeded(Status(0, Version("live", 5_000, 50), Version("failed", 0, 0), Version("retired", 1_000, 4)), s_budget), Is.Null);

    [Test]
    public void A_version_that_still_drains_counts_like_a_retired_one() =>
        Assert.That(LedgerBudget.Exceeded(Status(0, Version("draining", 1, 1), Version("retired", 1, 1), Version("retired", 1, 1)), s_budget), Is.EqualTo("it holds 3 replaced versions, more than 2 (Ledger:Versions)"));

    [Test]
    public void Bytes_threads_and_lost_threads_each_have_a_bound()
    {
        using var scope = Assert.EnterMultipleScope();
        Assert.That(LedgerBudget.Exceeded(Status(0, Version("retired", 1_001, 0)), s_budget), Does.Contain("Ledger:Bytes"));
        Assert.That(LedgerBudget.Exceeded(Status(0, Version("retired", 0, 5)), s_budget), Does.Contain("Ledger:Threads"));
        Assert.That(LedgerBudget.Exceeded(Status(2), s_budget), Does.Contain("Ledger:LostThreads"));
    }

    [Test]
    public void A_load_that_freed_memory_does_not_pay_for_another() =>
        Assert.That(LedgerBudget.Exceeded(Status(0, Version("retired", -5_000, -9), Version("retired", 1_001, 0)), s_budget), Does.Contain("Ledger:Bytes"));

    [Test]
    public void What_a_replaced_version_has_put_on_its_heap_since_it_was_loaded_counts() =>
        Assert.That(LedgerBudget.Exceeded(Status(0, Version("retired", 100, 0) with { Usage = new(0, 0, 0, 0, 0, HeapBytes: 1_001, 0, 0, 0) }), s_budget), Does.Contain("1001 bytes").And.Contain("Ledger:Bytes"));

    [Test]
    public void Whatever_was_loaded_and_is_not_in_use_counts()
    {
        Assert.That(LedgerBudget.Exceeded(Status(0, Version("quarantined", 1, 0), Version("loading", 1, 0), Version("failed", 0, 0)), s_budget), Does.Contain("3 replaced versions"));
        Assert.That(
            LedgerBudget.Exceeded(Status(0, Version("quarantined", 1, 0) with { LoadedAt = null }, Version("failed", 0, 0) with { InForce = true }, Version("retired", 1, 1), Version("retired", 1, 1)), s_budget), Is.Null,
            "nothing was loaded for a quarantine that an epoch brought, and a fresh worker would fail to load the other one too");
    }

    [Test]
    public void A_library_under_several_deployments_is_counted_once_and_not_while_one_of_them_is_live()
    {
        WorkerVersion Deployment(string state) => Version(state, 600, 3) with { Library = 7 };
        Assert.That(LedgerBudget.Exceeded(Status(0, Deployment("retired"), Deployment("retired")), s_budget), Is.Null);
        Assert.That(LedgerBudget.Exceeded(Status(0, Deployment("live"), Deployment("retired"), Version("retired", 900, 1)), s_budget), Is.Null);
    }

    [Test]
    public void A_worker_that_is_large_in_all_is_handed_over_only_while_it_holds_something_that_a_fresh_one_would_not()
    {
        var budget = new LedgerSettings { WorkerBytes = 5_000 };
        Assert.That(LedgerBudget.Exceeded(Status(0, Version("live", 1, 1)) with { PrivateBytes = 6_000 }, budget), Is.Null);
        Assert.That(LedgerBudget.Exceeded(Status(0, Version("live", 1, 1), Version("retired", 1, 1)) with { PrivateBytes = 6_000 }, budget), Does.Contain("Ledger:WorkerBytes"));
    }

    private static WorkerVersion Version(string state, long bytes, int threads) => new(1, "hello", "1.0.0", "aa", state, 0, 0, 0, state == "failed" ? null : DateTimeOffset.UnixEpoch, 1, bytes, threads, null);

    private static WorkerStatus Status(int lostThreads, params WorkerVersion[] versions) => new()
    {
        Id = 1,
        Pid = 1,
        Epoch = 1,
        Ready = true,
        Reasons = [],
        UptimeMs = 1,
        InFlight = 0,
        Requests = 0,
        Threads = 1,
        RssBytes = 1,
        Routes = [],
        LostThreads = lostThreads,
        Versions = versions,
    };
}
