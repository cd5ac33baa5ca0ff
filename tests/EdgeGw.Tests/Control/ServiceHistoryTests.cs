using EdgeGw.Control.Changes;
using EdgeGw.Control.Epochs;
using EdgeGw.Epochs;

namespace EdgeGw.Tests.Control;

/// <summary>Services are part of the history.</summary>
public sealed class ServiceHistoryTests
{
    private static readonly ServiceId s_main = new("database", "main");
    private static readonly EpochService s_pets = EpochSamples.Service("cache:pets", "memory");
    private TestFolder _folder = null!;
    private EpochStore _store = null!;

    [SetUp]
    public void Open()
    {
        _folder = new TestFolder();
        _store = EpochSamples.Open(_folder);
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void Services_survive_every_change_of_handlers_and_a_start()
    {
        Put(s_pets);
        _store.Deploy("a", 1);
        _store.Deploy("a", 2);
        _store.Make(EpochHistory.RollBackHandler(_store, "a", EpochSamples.Now));
        _store.Make(EpochHistory.Undeploy(_store, "a", EpochSamples.Now));
        Assert.That(Services(), Is.EqualTo("cache:pets"));
        Assert.That(EpochRules.SameService(EpochSamples.Open(_folder).Current!.Services[0], s_pets), Is.True);
    }

    [Test]
    public void A_rollback_restores_services_and_walks_through_their_changes()
    {
        Put(s_pets);
        _store.Deploy("a", 1);
        Put(s_pets with { PoolSize = 2 });
        _store.Make(ServiceHistory.Remove(_store, s_pets.Id, false, EpochSamples.Now));

        Assert.That((Services(), _store.Current.Content()), Is.EqualTo(("", "a1")));
        RollBack();
        Assert.That((Services(), _store.Current!.Services[0].PoolSize), Is.EqualTo(("cache:pets", 2)));
        RollBack();
        Assert.That((_store.Current!.Services[0].PoolSize, _store.Current.Content()), Is.EqualTo((16, "a1")));
        RollBack();
        Assert.That(_store.Current.Content(), Is.Empty);
        Assert.That(RollBack, Throws.InstanceOf<ChangeRefusedException>().With.Message.Contains("is the first"));
    }

    [Test]
    public void A_rollback_of_one_handler_leaves_the_services()
    {
        _store.Deploy("a", 1);
        Put(s_pets);
        _store.Deploy("a", 2);
        _store.Make(EpochHistory.RollBackHandler(_store, "a", EpochSamples.Now));
        Assert.That((Services(), _store.Current.Content(), _store.Current!.Restores), Is.EqualTo(("cache:pets", "a1", 2L)));
    }

    [Test]
    public void An_ancestor_with_other_services_is_not_what_a_rollback_of_one_handler_restores()
    {
        _store.Deploy("a", 1);
        _store.Deploy("a", 2);
        Put(s_pets);
        _store.Make(EpochHistory.RollBackHandler(_store, "a", EpochSamples.Now));
        Assert.That((_store.Current!.Restores, _store.Current.Parent), Is.EqualTo(((long?)null, 3L)));
    }

    [Test]
    public void The_same_again_is_no_change()
    {
        Put(s_pets);
        Assert.That(ServiceHistory.Put(_store, s_pets with { }, false, EpochSamples.Now), Is.Null);
        Assert.That(ServiceHistory.Put(_store, EpochSamples.Service("database:main", "sqlite"), false, EpochSamples.Now), Is.Null, "the built-in one is like this");
        Assert.That(ServiceHistory.Enable(_store, s_main, true, false, EpochSamples.Now), Is.Null);
    }

    [Test]
    public void Reasons_say_what_was_done()
    {
        Assert.That(Put(s_pets).Reason, Is.EqualTo("add cache:pets (memory)"));
        Assert.That(Put(s_pets with { TimeoutMs = 5 }).Reason, Is.EqualTo("change cache:pets (memory)"));
        Assert.That(_store.Make(ServiceHistory.Enable(_store, s_main, false, false, EpochSamples.Now)!).Reason, Is.EqualTo("disable database:main"));
        Assert.That(_store.Make(ServiceHistory.Enable(_store, s_main, true, false, EpochSamples.Now)!).Reason, Is.EqualTo("enable database:main"));
        Assert.That(_store.Make(ServiceHistory.Remove(_store, s_pets.Id, false, EpochSamples.Now)) is { Reason: "remove cache:pets", Action: "service" }, Is.True);
    }

    [Test]
    public void What_a_handler_uses_is_taken_away_by_force_alone()
    {
        Put(s_pets);
        _store.Make(EpochHistory.Deploy(_store, EpochSamples.Needing("shop", "cache:basket") with { Services = new Dictionary<string, string> { ["cache:basket"] = "cache:pets" } }, EpochSamples.Now));
        foreach (var change in (Func<bool, EpochConfig?>[])[
            force => ServiceHistory.Remove(_store, s_pets.Id, force, EpochSamples.Now), force => ServiceHistory.Enable(_store, s_pets.Id, false, force, EpochSamples.Now),
            force => ServiceHistory.Put(_store, s_pets with { Enabled = false }, force, EpochSamples.Now)])
        {
            Assert.That(() => change(false), Throws.InstanceOf<ChangeRefusedException>().With.Property("Status").EqualTo(409).And.Message.Contains("in use by shop").And.Message.Contains("--force"));
            Assert.That(change(true), Is.Not.Null);
        }
        Assert.That(ServiceHistory.Put(_store, s_pets with { PoolSize = 3 }, false, EpochSamples.Now), Is.Not.Null, "a change keeps it there");
    }

    [Test]
    public void What_stands_in_for_a_built_in_service_says_whose_data_comes_back()
    {
        Put(EpochSamples.Postgres("database:main"));
        _store.Make(EpochHistory.Deploy(_store, EpochSamples.Needing("shop", "database:main"), EpochSamples.Now));
        Assert.That(() => ServiceHistory.Remove(_store, s_main, false, EpochSamples.Now), Throws.InstanceOf<ChangeRefusedException>().With.Message.Contains("the built-in sqlite with its own data"));
    }

    [Test]
    public void What_is_not_there_is_named_with_what_is()
    {
        Assert.That(() => ServiceHistory.Remove(_store, s_pets.Id, true, EpochSamples.Now),
            Throws.InstanceOf<ChangeRefusedException>().With.Property("Status").EqualTo(404).And.Message.EqualTo("There is no service cache:pets; there are database:main, cache:default, storage:files, http:default."));
        Assert.That(() => ServiceHistory.Enable(_store, s_pets.Id, true, false, EpochSamples.Now), Throws.InstanceOf<ChangeRefusedException>().With.Property("Status").EqualTo(404));
        Assert.That(() => ServiceHistory.Remove(_store, s_main, true, EpochSamples.Now), Throws.InstanceOf<ChangeRefusedException>().With.Property("Status").EqualTo(409).And.Message.Contains("is built in"));
    }

    private EpochConfig Put(EpochService service) => _store.Make(ServiceHistory.Put(_store, service, false, EpochSamples.Now)!);

    private string Services() => string.Join(' ', _store.Current!.Services);

    private void RollBack() => _store.Make(EpochHistory.RollBack(_store, EpochSamples.Now));
}
