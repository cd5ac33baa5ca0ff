using EdgeGw.Control.Changes;
using EdgeGw.Control.Epochs;
using EdgeGw.Epochs;

namespace EdgeGw.Tests.Control;

/// <summary>Services are part of the history.</summary>
public sealed class ServiceHistoryTests : StoredEpochs
{
    private static readonly ServiceId s_main = new("database", "main");
    private static readonly EpochService s_pets = EpochSamples.Service("cache:pets", "memory");

    [Test]
    public void Services_survive_every_change_of_handlers_and_a_start()
    {
        Put(s_pets);
        Store.Deploy("a", 1);
        Store.Deploy("a", 2);
        Store.Make(EpochHistory.RollBackHandler(Store, "a", EpochSamples.Now));
        Store.Make(EpochHistory.Undeploy(Store, "a", EpochSamples.Now));
        Assert.That(Services(), Is.EqualTo("cache:pets"));
        Assert.That(EpochRules.SameService(EpochSamples.Open(Folder).Current!.Services[0], s_pets), Is.True);
    }

    [Test]
    public void A_rollback_restores_services_and_walks_through_their_changes()
    {
        Put(s_pets);
        Store.Deploy("a", 1);
        Put(s_pets with { PoolSize = 2 });
        Store.Make(ServiceHistory.Remove(Store, s_pets.Id, false, EpochSamples.Now));

        Assert.That((Services(), Store.Current.Content()), Is.EqualTo(("", "a1")));
        RollBack();
        Assert.That((Services(), Store.Current!.Services[0].PoolSize), Is.EqualTo(("cache:pets", 2)));
        RollBack();
        Assert.That((Store.Current!.Services[0].PoolSize, Store.Current.Content()), Is.EqualTo((16, "a1")));
        RollBack();
        Assert.That(Store.Current.Content(), Is.Empty);
        Assert.That(RollBack, Throws.InstanceOf<ChangeRefusedException>().With.Message.Contains("is the first"));
    }

    [Test]
    public void A_rollback_of_one_handler_leaves_the_services()
    {
        Store.Deploy("a", 1);
        Put(s_pets);
        Store.Deploy("a", 2);
        Store.Make(EpochHistory.RollBackHandler(Store, "a", EpochSamples.Now));
        Assert.That((Services(), Store.Current.Content(), Store.Current!.Restores), Is.EqualTo(("cache:pets", "a1", 2L)));
    }

    [Test]
    public void An_ancestor_with_other_services_is_not_what_a_rollback_of_one_handler_restores()
    {
        Store.Deploy("a", 1);
        Store.Deploy("a", 2);
        Put(s_pets);
        Store.Make(EpochHistory.RollBackHandler(Store, "a", EpochSamples.Now));
        Assert.That((Store.Current!.Restores, Store.Current.Parent), Is.EqualTo(((long?)null, 3L)));
    }

    [Test]
    public void The_same_again_is_no_change()
    {
        Put(s_pets);
        Assert.That(ServiceHistory.Put(Store, s_pets with { }, false, EpochSamples.Now), Is.Null);
        Assert.That(ServiceHistory.Put(Store, EpochSamples.Service("database:main", "sqlite"), false, EpochSamples.Now), Is.Null, "the built-in one is like this");
        Assert.That(ServiceHistory.Enable(Store, s_main, true, false, EpochSamples.Now), Is.Null);
    }

    [Test]
    public void Reasons_say_what_was_done()
    {
        Assert.That(Put(s_pets).Reason, Is.EqualTo("add cache:pets (memory)"));
        Assert.That(Put(s_pets with { TimeoutMs = 5 }).Reason, Is.EqualTo("change cache:pets (memory)"));
        Assert.That(Store.Make(ServiceHistory.Enable(Store, s_main, false, false, EpochSamples.Now)!).Reason, Is.EqualTo("disable database:main"));
        Assert.That(Store.Make(ServiceHistory.Enable(Store, s_main, true, false, EpochSamples.Now)!).Reason, Is.EqualTo("enable database:main"));
        Assert.That(Store.Make(ServiceHistory.Remove(Store, s_pets.Id, false, EpochSamples.Now)) is { Reason: "remove cache:pets", Action: "service" }, Is.True);
    }

    [Test]
    public void What_a_handler_uses_is_taken_away_by_force_alone()
    {
        Put(s_pets);
        Store.Make(EpochHistory.Deploy(Store, EpochSamples.Needing("shop", "cache:basket") with { Services = new Dictionary<string, string> { ["cache:basket"] = "cache:pets" } }, EpochSamples.Now));
        foreach (var change in (Func<bool, EpochConfig?>[])[
            force => ServiceHistory.Remove(Store, s_pets.Id, force, EpochSamples.Now), force => ServiceHistory.Enable(Store, s_pets.Id, false, force, EpochSamples.Now),
            force => ServiceHistory.Put(Store, s_pets with { Enabled = false }, force, EpochSamples.Now)])
        {
            Assert.That(() => change(false), Throws.InstanceOf<ChangeRefusedException>().With.Property("Status").EqualTo(409).And.Message.Contains("in use by shop").And.Message.Contains("--force"));
            Assert.That(change(true), Is.Not.Null);
        }
        Assert.That(ServiceHistory.Put(Store, s_pets with { PoolSize = 3 }, false, EpochSamples.Now), Is.Not.Null, "a change keeps it there");
    }

    [Test]
    public void What_stands_in_for_a_built_in_service_says_whose_data_comes_back()
    {
        Put(EpochSamples.Postgres("database:main"));
        Store.Make(EpochHistory.Deploy(Store, EpochSamples.Needing("shop", "database:main"), EpochSamples.Now));
        Assert.That(() => ServiceHistory.Remove(Store, s_main, false, EpochSamples.Now), Throws.InstanceOf<ChangeRefusedException>().With.Message.Contains("the built-in sqlite with its own data"));
    }

    [Test]
    public void What_is_not_there_is_named_with_what_is()
    {
        Assert.That(() => ServiceHistory.Remove(Store, s_pets.Id, true, EpochSamples.Now),
            Throws.InstanceOf<ChangeRefusedException>().With.Property("Status").EqualTo(404).And.Message.EqualTo("There is no service cache:pets; there are database:main, cache:default, storage:files, http:default."));
        Assert.That(() => ServiceHistory.Enable(Store, s_pets.Id, true, false, EpochSamples.Now), Throws.InstanceOf<ChangeRefusedException>().With.Property("Status").EqualTo(404));
        Assert.That(() => ServiceHistory.Remove(Store, s_main, true, EpochSamples.Now), Throws.InstanceOf<ChangeRefusedException>().With.Property("Status").EqualTo(409).And.Message.Contains("is built in"));
    }

    private EpochConfig Put(EpochService service) => Store.Make(ServiceHistory.Put(Store, service, false, EpochSamples.Now)!);

    private string Services() => string.Join(' ', Store.Current!.Services);

    private void RollBack() => Store.Make(EpochHistory.RollBack(Store, EpochSamples.Now));
}
