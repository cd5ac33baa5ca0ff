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

    private IEnumerable<string> Names() => Store.Current!.Quarantine.Select(entry => $"{entry.Name} {entry.Version}");

    private EpochConfig? Quarantine(string name, int version) =>
        Store.Make(EpochHistory.Quarantine(Store, QuarantineRuleTests.Entry(name, version), goBack: true, EpochSamples.Now)!);
}
