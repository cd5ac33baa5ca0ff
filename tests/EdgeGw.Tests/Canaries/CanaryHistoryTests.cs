using EdgeGw.Control.Changes;
using EdgeGw.Control.Epochs;
using EdgeGw.Epochs;
using EdgeGw.Tests.Control;

namespace EdgeGw.Tests.Canaries;

/// <summary>A canary's life as epochs.</summary>
public sealed class CanaryHistoryTests : StoredEpochs
{
    [Test]
    public void A_canary_is_beside_the_live_version_and_goes_on_over_other_changes()
    {
        Store.Deploy("a", 1);
        Begin("a", 2);
        Store.Deploy("b", 1);
        Assert.That((Store.Current.Content(), Trials()), Is.EqualTo(("a1 b1", "a2")));
        Assert.That(EpochSamples.Open(Folder).Current!.Canaries.Single().Percent, Is.EqualTo(5), "it is written with the epoch");
    }

    [Test]
    public void Promoted_it_is_the_live_version_and_a_rollback_goes_to_the_one_before()
    {
        Store.Deploy("a", 1);
        Begin("a", 2);
        var promoted = Store.Make(CanaryHistory.Promote(Store, "a", "", EpochSamples.Now));
        Assert.That((promoted.Content(), Trials(), promoted.Action, promoted.Parent), Is.EqualTo(("a2", "", "promote", 1L)));
        Store.Make(EpochHistory.RollBack(Store, EpochSamples.Now));
        Assert.That((Store.Current.Content(), Trials()), Is.EqualTo(("a1", "")));
    }

    [Test]
    public void Aborted_it_leaves_the_state_from_before_and_a_rollback_goes_further_back()
    {
        Store.Deploy("a", 1);
        Store.Deploy("a", 2);
        Begin("a", 3);
        var aborted = Store.Make(CanaryHistory.Abort(Store, "a", "it is slow", EpochSamples.Now));
        Assert.That((aborted.Content(), Trials(), aborted.Restores, aborted.Reason), Is.EqualTo(("a2", "", 2L, "abort the canary a 3.0.0: it is slow")));
        Store.Make(EpochHistory.RollBack(Store, EpochSamples.Now));
        Assert.That(Store.Current.Content(), Is.EqualTo("a1"));
    }

    [Test]
    public void A_rollback_or_an_undeploy_of_its_handler_ends_it()
    {
        Store.Deploy("a", 1);
        Store.Deploy("a", 2);
        Begin("a", 3);
        Store.Make(EpochHistory.RollBackHandler(Store, "a", EpochSamples.Now));
        Assert.That((Store.Current.Content(), Trials()), Is.EqualTo(("a1", "")));
        Begin("a", 3);
        Store.Make(EpochHistory.Undeploy(Store, "a", EpochSamples.Now));
        Assert.That((Store.Current.Content(), Trials()), Is.EqualTo(("", "")));
    }

    [Test]
    public void What_makes_no_sense_is_refused_with_a_sentence()
    {
        Assert.That(() => Begin("a", 1), Refused("there is nothing to compare a canary with"));
        Store.Deploy("a", 1);
        Assert.That(() => CanaryHistory.Promote(Store, "a", "", EpochSamples.Now), Refused("No canary of a handler 'a' runs"));
        Assert.That(() => CanaryHistory.Abort(Store, "a", "", EpochSamples.Now), Refused("No canary of a handler 'a' runs"));
        Begin("a", 2);
        Assert.That(() => Begin("a", 3), Refused("is on trial as a canary"));
    }

    [Test]
    public void A_key_stands_for_all_that_a_deployment_says_and_survives_being_written()
    {
        var handler = EpochSamples.Handler("a", 1) with { Config = new Dictionary<string, string> { ["x"] = "1", ["a"] = "2" } };
        Store.Make(EpochHistory.Deploy(Store, handler, EpochSamples.Now));
        var read = EpochSamples.Open(Folder).Current!.Handlers.Single();
        using var scope = Assert.EnterMultipleScope();
        Assert.That(DeploymentKey.Of(read), Is.EqualTo(DeploymentKey.Of(handler)).And.Length.EqualTo(DeploymentKey.Length));
        Assert.That(DeploymentKey.Of(handler with { Isolation = new EpochIsolation() }), Is.EqualTo(DeploymentKey.Of(handler)), "a promoted canary keeps its worker");
        Assert.That(DeploymentKey.Of(handler with { Isolation = new EpochIsolation { CpuSeconds = 1 } }), Is.Not.EqualTo(DeploymentKey.Of(handler)));
        Assert.That(DeploymentKey.Of(handler with { Prefix = "/v1" }), Is.Not.EqualTo(DeploymentKey.Of(handler)));
    }

    private void Begin(string name, int version) =>
        Store.Make(CanaryHistory.Begin(Store, new EpochCanary { Handler = EpochSamples.Handler(name, version), Percent = 5, Since = EpochSamples.Now }, EpochSamples.Now));

    private string Trials() => string.Join(' ', Store.Current!.Canaries.Select(canary => canary.Handler.Name + canary.Handler.Version[..^4]));

    private static NUnit.Framework.Constraints.ContainsConstraint Refused(string sentence) => Throws.InstanceOf<ChangeRefusedException>().With.Message.Contains(sentence);
}
