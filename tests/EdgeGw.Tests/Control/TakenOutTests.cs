using EdgeGw.Control.Epochs;
using EdgeGw.Epochs;

namespace EdgeGw.Tests.Control;

/// <summary>A version that did harm is taken out of the desired state.</summary>
public sealed class TakenOutTests : StoredEpochs
{
    [Test]
    public void The_version_before_takes_over_and_is_what_a_later_rollback_starts_from()
    {
        Store.Deploy("b", 1);
        Store.Deploy("a", 1);
        Store.Deploy("a", 2);
        var epoch = TakeOut("a", 2)!;
        using var scope = Assert.EnterMultipleScope();
        Assert.That(epoch.Content(), Is.EqualTo("a1 b1"));
        Assert.That(epoch.Action, Is.EqualTo("poisoned"));
        Assert.That(epoch.Reason, Does.Contain("it hung"));
        Assert.That(Store.Make(EpochHistory.RollBack(Store, EpochSamples.Now)).Content(), Is.EqualTo("b1"), "never back to what did harm");
    }

    [Test]
    public void With_no_version_before_it_stays_as_a_reason_for_503()
    {
        Store.Deploy("a", 1);
        var handler = TakeOut("a", 1)!.Handlers.Single();
        Assert.That(handler.Quarantine, Is.EqualTo("it hung"));
    }

    [Test]
    public void What_was_taken_out_is_no_version_to_go_back_to()
    {
        Store.Deploy("a", 1);
        TakeOut("a", 1);
        Store.Deploy("a", 2);
        var handler = TakeOut("a", 2)!.Handlers.Single();
        using var scope = Assert.EnterMultipleScope();
        Assert.That(handler.Version, Is.EqualTo("2.0.0"));
        Assert.That(handler.Quarantine, Is.Not.Null);
    }

    [Test]
    public void The_same_library_under_other_settings_is_no_version_to_go_back_to()
    {
        Store.Deploy("a", 1);
        Store.Deploy("a", 2);
        Store.Make(EpochHistory.Deploy(Store, EpochSamples.Handler("a", 2) with { Prefix = "/v2" }, EpochSamples.Now));
        Assert.That(TakeOut("a", 2).Content(), Is.EqualTo("a1"));
    }

    [Test]
    public void What_the_operator_took_away_does_not_come_back()
    {
        Store.Deploy("a", 1);
        Store.Make(EpochHistory.Undeploy(Store, "a", EpochSamples.Now));
        Store.Deploy("a", 2);
        Assert.That(TakeOut("a", 2)!.Handlers.Single().Quarantine, Is.Not.Null);
    }

    [Test]
    public void A_library_that_is_not_in_force_any_more_changes_nothing()
    {
        Store.Deploy("a", 1);
        Store.Deploy("a", 2);
        Assert.That(EpochHistory.TakeOut(Store, "a", EpochSamples.Handler("a", 1).Sha256, "it hung", toEarlier: true, EpochSamples.Now), Is.Null);
    }

    [Test]
    public void Deployed_again_it_is_another_deployment()
    {
        Store.Deploy("a", 1);
        var quarantined = TakeOut("a", 1)!.Handlers.Single();
        Assert.That(EpochRules.SameDeployment(quarantined, EpochSamples.Handler("a", 1)), Is.False);
    }

    private EpochConfig? TakeOut(string name, int version) =>
        EpochHistory.TakeOut(Store, name, EpochSamples.Handler(name, version).Sha256, "it hung", toEarlier: true, EpochSamples.Now) is { } epoch ? Store.Make(epoch) : null;
}
