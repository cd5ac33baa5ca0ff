using EdgeGw.Configuration;
using EdgeGw.Control.Crashes;
using EdgeGw.Control.Epochs;
using EdgeGw.Epochs;
using EdgeGw.Tests.Control;
using static EdgeGw.Tests.Crashes.CrashSamples;

namespace EdgeGw.Tests.Crashes;

/// <summary>When a version has killed too many workers.</summary>
public sealed class QuarantineRuleTests : StoredEpochs
{
    private readonly QuarantineRule _rule = new(new CrashSettings { Limit = 3, WindowSeconds = 60, ProbationSeconds = 10, ProbationRequests = 100 });

    [Test]
    public void The_third_crash_within_the_window_is_one_too_many()
    {
        Store.Deploy("bad", 2);
        Assert.That(Judge(100, 110), Is.Null);
        Assert.That(Judge(100, 110, 120)!.Reason, Is.EqualTo("bad 2.0.0 is quarantined: it killed the worker 3 times within 60 s (crash 3)."));
        Assert.That(Judge(100, 150, 170), Is.Null, "the first is out of the window");
    }

    [Test]
    public void One_crash_soon_after_the_deploy_is_enough()
    {
        Store.Deploy("bad", 2);
        Assert.That(Judge(9.5)!.Reason, Does.Contain("9.5 s after its deploy"));
        Assert.That(Judge(10.5), Is.Null);
    }

    [TestCase(100, 60, true)]
    [TestCase(101, 60, false)]
    [TestCase(100, 40, false, Description = "the worker was started after the deploy: the version may have had any number of requests before")]
    public void One_crash_within_the_first_requests_after_the_deploy_is_enough(int taken, int uptimeSeconds, bool isQuarantined)
    {
        Store.Deploy("bad", 2);
        var verdict = _rule.Judge(Report(1, 50, Suspect("bad", 2, taken: taken)) with { UptimeMs = uptimeSeconds * 1000 }, [], Store.History, atBoot: false);
        Assert.That(verdict?.Reason, isQuarantined ? Does.EndWith($"it killed the worker at request {taken} after its deploy (crash 1).") : Is.Null);
    }

    [Test]
    public void A_version_that_came_back_by_a_rollback_is_not_on_probation()
    {
        Store.Deploy("bad", 2);
        Store.Deploy("bad", 3);
        Store.Make(EpochHistory.RollBack(Store, Now.AddSeconds(50)));
        Assert.That(Judge(51), Is.Null);
    }

    [Test]
    public void A_crash_in_the_start_of_a_worker_is_enough()
    {
        Store.Deploy("bad", 2);
        Assert.That(_rule.Judge(Report(1, 500, Suspect("bad", 2, taken: 0)), [], Store.History, atBoot: true), Is.Not.Null);
        Assert.That(_rule.Judge(Report(1, 500, Suspect("bad", 2, taken: 1)), [], Store.History, atBoot: true), Is.Null, "a request was let in before control knew that the worker serves");
    }

    [Test]
    public void Crashes_from_before_a_deploy_by_force_count_no_more()
    {
        Store.Deploy("bad", 2);
        Store.Make(EpochHistory.Quarantine(Store, Entry("bad", 2), goBack: true, Now)!);
        Store.Make(EpochHistory.Deploy(Store, EpochSamples.Handler("bad", 2), Now.AddSeconds(105)));
        Assert.That(Judge(100, 102, 120), Is.Null);
        Assert.That(Judge(116, 118, 120), Is.Not.Null);
    }

    [Test]
    public void When_nobody_is_known_to_have_done_it_the_one_who_was_always_there_goes()
    {
        Store.Deploy("bad", 2);
        Store.Deploy("good", 1);
        var (bad, good) = (Suspect("bad", 2, CrashEvidence.Call), Suspect("good", 1, CrashEvidence.Call));
        Assert.That(_rule.Judge(Report(3, 120, null, bad, good), [Report(1, 100, null, bad, good), Report(2, 110, null, bad, good)], Store.History, atBoot: false), Is.Null, "both were");
        Assert.That(_rule.Judge(Report(3, 120, null, bad, good), [Report(1, 100, null, bad, good), Report(2, 110, bad, bad)], Store.History, atBoot: false)!.Name, Is.EqualTo("bad"));
    }

    [Test]
    public void Of_several_who_always_were_the_newest_goes_after_as_many_crashes_again()
    {
        Store.Deploy("good", 1);
        Store.Make(EpochHistory.Deploy(Store, EpochSamples.Handler("bad", 2), Now.AddSeconds(50)));
        var (bad, good) = (Suspect("bad", 2, CrashEvidence.Call), Suspect("good", 1, CrashEvidence.Call));
        CrashReport[] before = [.. Enumerable.Range(1, 5).Select(i => Report(i, 100 + i, null, good, bad))];
        Assert.That(_rule.Judge(Report(5, 106, null, good, bad), before[..4], Store.History, atBoot: false), Is.Null);
        Assert.That(_rule.Judge(Report(6, 106, null, good, bad), before, Store.History, atBoot: false)!.Reason, Is.EqualTo(
            "bad 2.0.0 is quarantined: it was one of 2 that were at work each of the 6 times that the worker died within 60 s, and the newest of them (crash 6)."));
    }

    [Test]
    public void A_worker_killed_from_outside_counts_against_nobody()
    {
        Store.Deploy("bad", 2);
        CrashReport Killed(long id) => Report(id, 100 + id, null, Suspect("bad", 2, CrashEvidence.Call)) with { Signal = 9 };
        Assert.That(_rule.Judge(Killed(3), [Killed(1), Killed(2)], Store.History, atBoot: false), Is.Null);
    }

    [Test]
    public void A_version_that_is_in_service_no_more_is_left_alone()
    {
        Store.Deploy("bad", 2);
        Store.Deploy("bad", 3);
        Assert.That(Judge(100, 110, 120), Is.Null);
    }

    internal static EpochQuarantine Entry(string name, int version) => new()
    {
        Name = name,
        Version = $"{version}.0.0",
        Sha256 = new string((char)('0' + version), 64),
        Reason = $"{name} {version}.0.0 is quarantined: it is rotten (crash 7).",
        Crash = 7,
        Since = Now,
    };

    private EpochQuarantine? Judge(params double[] seconds)
    {
        var reports = seconds.Select((second, index) => Report(index + 1, second, Suspect("bad", 2))).ToList();
        return _rule.Judge(reports[^1], reports[..^1], Store.History, atBoot: false);
    }
}
