using EdgeGw.Control.Changes;
using EdgeGw.Control.Epochs;

namespace EdgeGw.Tests.Control;

/// <summary>Rollbacks walk back through the history.</summary>
public sealed class EpochHistoryTests : StoredEpochs
{
    [Test]
    public void A_deploy_adds_or_replaces_one_handler()
    {
        Store.Deploy("b", 1);
        Store.Deploy("a", 1);
        Store.Deploy("b", 2);
        Assert.That(Store.Current.Content(), Is.EqualTo("a1 b2"));
        Assert.That(Store.Current!.Parent, Is.EqualTo(2));
    }

    [Test]
    public void Repeated_rollbacks_walk_further_back_until_there_is_nothing()
    {
        Store.Deploy("a", 1);
        Store.Deploy("a", 2);
        Store.Deploy("a", 3);

        Assert.That(RollBack(), Is.EqualTo("a2"));
        Assert.That(Store.Current!.Restores, Is.EqualTo(2));
        Assert.That(RollBack(), Is.EqualTo("a1"));
        Assert.That(RollBack, Throws.InstanceOf<ChangeRefusedException>().With.Property("Status").EqualTo(409));
        Assert.That(Store.Current.Content(), Is.EqualTo("a1"), "and nothing was changed");
    }

    [Test]
    public void A_deploy_after_a_rollback_goes_back_to_what_was_served_then()
    {
        Store.Deploy("a", 1);
        Store.Deploy("a", 2);
        RollBack();
        Store.Deploy("a", 3);
        Assert.That(RollBack(), Is.EqualTo("a1"));
    }

    [Test]
    public void An_undeploy_is_rolled_back_too()
    {
        Store.Deploy("a", 1);
        Store.Deploy("b", 1);
        Store.Make(EpochHistory.Undeploy(Store, "a", EpochSamples.Now));
        Assert.That(Store.Current.Content(), Is.EqualTo("b1"));
        Assert.That(RollBack(), Is.EqualTo("a1 b1"));
    }

    [Test]
    public void A_rollback_to_a_numbered_epoch_goes_on_from_there()
    {
        for (var i = 1; i <= 4; i++)
        {
            Store.Deploy("a", i);
        }
        Store.Make(EpochHistory.RollBackTo(Store, 2, EpochSamples.Now));
        Assert.That(Store.Current.Content(), Is.EqualTo("a2"));
        Assert.That(RollBack(), Is.EqualTo("a1"));
    }

    [TestCase(9, 404)]
    [TestCase(2, 409)]
    [TestCase(0, 404)]
    public void A_rollback_to_an_epoch_that_is_not_there_or_current_is_refused(long number, int status)
    {
        Store.Deploy("a", 1);
        Store.Deploy("a", 2);
        Assert.That(() => EpochHistory.RollBackTo(Store, number, EpochSamples.Now), Throws.InstanceOf<ChangeRefusedException>().With.Property("Status").EqualTo(status));
    }

    [Test]
    public void A_rollback_of_one_handler_leaves_the_others_and_walks_further_back()
    {
        Store.Deploy("a", 1);
        Store.Deploy("b", 1);
        Store.Deploy("a", 2);
        Store.Deploy("b", 2);
        Store.Deploy("a", 3);
        Store.Deploy("b", 3);

        Assert.That(RollBack("a"), Is.EqualTo("a2 b3"));
        Assert.That(RollBack("a"), Is.EqualTo("a1 b3"));
        Assert.That(() => RollBack("a"), Throws.InstanceOf<ChangeRefusedException>().With.Property("Status").EqualTo(409));
        Assert.That(RollBack("b"), Is.EqualTo("a1 b2"));
    }

    [Test]
    public void Rolling_back_the_only_handler_is_rolling_back()
    {
        Store.Deploy("a", 1);
        Store.Deploy("a", 2);
        Store.Deploy("a", 3);
        Assert.That(RollBack("a"), Is.EqualTo("a2"));
        Assert.That(RollBack(), Is.EqualTo("a1"), "not the version that was just left");
    }

    [Test]
    public void Alternating_deploys_and_rollbacks_of_one_handler_end_at_the_first()
    {
        Store.Deploy("a", 1);
        for (var i = 0; i < 5; i++)
        {
            Store.Deploy("a", 2);
            Assert.That(RollBack("a"), Is.EqualTo("a1"));
        }
    }

    [Test]
    public void An_undeployed_handler_comes_back_by_its_name()
    {
        Store.Deploy("a", 1);
        Store.Deploy("b", 1);
        Store.Make(EpochHistory.Undeploy(Store, "a", EpochSamples.Now));
        Store.Deploy("b", 2);
        Assert.That(RollBack("a"), Is.EqualTo("a1 b2"));
    }

    [Test]
    public void What_is_not_there_cannot_be_undeployed_or_rolled_back()
    {
        Assert.That(RollBack, Throws.InstanceOf<ChangeRefusedException>().With.Property("Status").EqualTo(409));
        Assert.That(() => RollBack("a"), Throws.InstanceOf<ChangeRefusedException>().With.Property("Status").EqualTo(404));
        Assert.That(() => EpochHistory.Undeploy(Store, "a", EpochSamples.Now), Throws.InstanceOf<ChangeRefusedException>().With.Property("Status").EqualTo(404));
    }

    [Test]
    public void A_parent_that_was_pruned_is_named()
    {
        Store.Deploy("a", 1);
        Store.Deploy("a", 2);
        Store.Prune(1);
        Assert.That(RollBack, Throws.InstanceOf<ChangeRefusedException>().With.Message.Contains("epoch 1 is not kept"));
    }

    private string RollBack() => Store.Make(EpochHistory.RollBack(Store, EpochSamples.Now)).Content();

    private string RollBack(string name) => Store.Make(EpochHistory.RollBackHandler(Store, name, EpochSamples.Now)).Content();
}
