using EdgeGw.Control.Changes;
using EdgeGw.Control.Epochs;
using EdgeGw.Epochs;
using EdgeGw.Tests.Control;

namespace EdgeGw.Tests.Crashes;

/// <summary>Quarantine as an epoch.</summary>
public sealed class QuarantineHistoryTests : StoredEpochs
{
    [Test]
    public void The_handler_goes_back_to_its_version_before_and_the_others_stay()
    {
        Store.Deploy("a", 1);
        Store.Deploy("a", 2);
        Store.Deploy("b", 1);
        var epoch = Quarantine("a", 2);
        Assert.That(epoch.Content(), Is.EqualTo("a1 b1"));
        Assert.That((epoch!.Action, epoch.Reason), Is.EqualTo(("quarantine", "a 2.0.0 is quarantined: it is rotten (crash 7); back to 1.0.0 (11111111).")));
    }

    [Test]
    public void A_version_that_is_quarantined_too_is_passed_over()
    {
        Store.Deploy("a", 1);
        Store.Deploy("a", 2);
        Quarantine("a", 2);
        Store.Deploy("a", 3);
        Assert.That(Quarantine("a", 3).Content(), Is.EqualTo("a1"));
        Assert.That(Quarantine("a", 1)!.QuarantineOf(EpochSamples.Handler("a", 1)), Is.Not.Null, "with none before it, it stays and answers 503");
        Assert.That(Store.Current.Content(), Is.EqualTo("a1"));
    }

    [Test]
    public void It_stays_through_other_changes_and_a_new_version_lifts_it()
    {
        Store.Deploy("a", 1);
        Store.Deploy("a", 2);
        Quarantine("a", 2);
        Store.Deploy("b", 1);
        Assert.That(Names(), Is.EqualTo(new[] { "a 2.0.0" }));
        Store.Make(EpochHistory.Undeploy(Store, "b", EpochSamples.Now));
        Assert.That(Names(), Is.EqualTo(new[] { "a 2.0.0" }));
        Assert.That(EpochSamples.Open(Folder).Current!.Quarantine, Has.Count.EqualTo(1), "it is written with the epoch");
        Store.Deploy("a", 3);
        Assert.That(Names(), Is.Empty);
    }

    [Test]
    public void A_rollback_does_not_bring_it_back()
    {
        Store.Deploy("a", 1);
        Store.Deploy("a", 2);
        Store.Deploy("b", 1);
        Quarantine("a", 2);
        Assert.That(() => EpochHistory.RollBackTo(Store, 2, EpochSamples.Now), Throws.InstanceOf<ChangeRefusedException>().With.Message.Contains("--force"));
        Assert.That(() => EpochHistory.RollBackHandler(Store, "a", EpochSamples.Now), Throws.InstanceOf<ChangeRefusedException>().With.Message.Contains("nothing to roll back to"));
        Assert.That(EpochHistory.RollBackTo(Store, 1, EpochSamples.Now).Content(), Is.EqualTo("a1"));
    }

    [Test]
    public void A_version_that_is_not_in_service_needs_none()
    {
        Store.Deploy("a", 1);
        Assert.That(EpochHistory.Quarantine(Store, QuarantineRuleTests.Entry("a", 2), goBack: true, EpochSamples.Now), Is.Null);
    }

    [Test]
    public void A_deploy_of_the_handler_after_the_verdict_overrules_it_and_one_of_another_handler_does_not()
    {
        var found = EpochSamples.Now;
        Store.Deploy("a", 1);
        Store.Deploy("a", 2);
        var verdict = QuarantineRuleTests.Entry("a", 2) with { Since = found };
        Store.Make(EpochHistory.Deploy(Store, EpochSamples.Handler("b", 1), found.AddSeconds(1)));
        Assert.That(EpochHistory.IsOverruled(Store.History, verdict), Is.False);
        Store.Make(EpochHistory.Deploy(Store, EpochSamples.Handler("a", 2) with { Prefix = "/other" }, found.AddSeconds(2)));
        Assert.That(EpochHistory.Quarantine(Store, verdict, goBack: true, found.AddSeconds(3)), Is.Null);
        Assert.That(EpochHistory.Quarantine(Store, verdict with { Since = found.AddSeconds(3) }, goBack: true, found.AddSeconds(4)), Is.Not.Null, "found out after that deploy");
    }

    [Test]
    public void The_same_version_deployed_again_out_of_quarantine_overrules_what_was_found_before()
    {
        Store.Deploy("a", 1);
        var verdict = QuarantineRuleTests.Entry("a", 1) with { Since = EpochSamples.Now };
        Store.Make(EpochHistory.Quarantine(Store, verdict, goBack: true, EpochSamples.Now)!);
        Store.Make(EpochHistory.Deploy(Store, EpochSamples.Handler("a", 1), EpochSamples.Now.AddSeconds(1)));
        Assert.That(EpochHistory.IsOverruled(Store.History, verdict), Is.True);
    }

    private IEnumerable<string> Names() => Store.Current!.Quarantine.Select(entry => $"{entry.Name} {entry.Version}");

    private EpochConfig? Quarantine(string name, int version) =>
        Store.Make(EpochHistory.Quarantine(Store, QuarantineRuleTests.Entry(name, version), goBack: true, EpochSamples.Now)!);
}
