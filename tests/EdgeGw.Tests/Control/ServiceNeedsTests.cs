using EdgeGw.Control.Epochs;
using EdgeGw.Epochs;

namespace EdgeGw.Tests.Control;

/// <summary>A library is deployed only where the services are that it needs.</summary>
public sealed class ServiceNeedsTests
{
    [Test]
    public void The_built_in_services_are_there_without_being_listed() =>
        Assert.That(Check(EpochSamples.Needing("a", "database:main", "cache:default", "storage:files", "http:default")), Is.Empty);

    [Test]
    public void A_missing_service_is_refused_with_the_command_that_adds_it() => Assert.That(Check(EpochSamples.Needing("pets", "database:orders")), Is.EqualTo((string[])[
        "pets: it needs the service database:orders, which this gateway does not have: add it with 'edgegw service add database:orders --provider sqlite|postgres',"
        + " or bind one that is there (database:main) with '--service database:orders=database:NAME'."]));

    [Test]
    public void One_of_another_kind_is_not_it() =>
        Assert.That(Check(EpochSamples.Needing("pets", "cache:main")), Has.Count.EqualTo(1).And.One.Contains("(database:main is another kind)").And.One.Contains("service add cache:main"));

    [Test]
    public void A_disabled_one_is_refused_with_the_command_that_enables_it() =>
        Assert.That(Check(EpochSamples.Needing("pets", "cache:x"), EpochSamples.Service("cache:x", "memory") with { Enabled = false }),
            Has.Count.EqualTo(1).And.One.Contains("which is disabled: enable it with 'edgegw service enable cache:x'"));

    [Test]
    public void A_binding_gives_another_one()
    {
        var pets = EpochSamples.Needing("pets", "database:orders") with { Services = new Dictionary<string, string> { ["database:orders"] = "database:main" } };
        Assert.That(Check(pets), Is.Empty);
        Assert.That(ServiceNeeds.UsersOf(new ServiceId("database", "main"), Epoch([pets])), Is.EqualTo((string[])["pets"]));
        Assert.That(ServiceNeeds.UsersOf(new ServiceId("database", "orders"), Epoch([pets])), Is.Empty);
    }

    [TestCase("database:orders", "database:none", "it needs the service database:orders, bound to database:none, which this gateway does not have")]
    [TestCase("database:orders", "cache:default", "it needs database:orders, a database, and cache:default is a cache")]
    [TestCase("database:other", "database:main", "'database:other' is bound to database:main, but its manifest names database:orders")]
    [TestCase("orders", "database:main", "must name two services")]
    public void A_binding_that_cannot_be_is_refused(string from, string to, string reason)
    {
        var pets = EpochSamples.Needing("pets", "database:orders") with { Services = new Dictionary<string, string> { [from] = to } };
        Assert.That(Check(pets, EpochSamples.Service("database:orders", "sqlite", ("path", "data/o.db"))), Has.Count.EqualTo(1).And.One.Contains(reason));
    }

    [TestCase("database.main")]
    [TestCase("queue:main")]
    [TestCase("database:..")]
    [TestCase("database:")]
    public void What_is_no_services_name_is_refused(string name) => Assert.That(Check(EpochSamples.Needing("a", name)), Has.Count.GreaterThan(0).And.Some.Contains($"'{name}'"));

    [Test]
    public void Needs_are_counted() => Assert.That(Check(EpochSamples.Needing("a", [.. Enumerable.Range(0, 257).Select(i => $"database:d{i}")])), Has.Count.EqualTo(1).And.One.Contains("257 services"));

    [Test]
    public void A_handler_that_stays_as_it_is_is_not_asked_again()
    {
        var forced = Epoch([EpochSamples.Needing("pets", "database:orders")]);
        Assert.That(EpochValidator.Validate(Epoch([.. forced.Handlers, EpochSamples.Handler("b", 1)]), forced), Is.Empty);
        Assert.That(EpochValidator.Validate(Epoch([forced.Handlers[0] with { Prefix = "/v2" }]), forced), Has.Count.EqualTo(1));
    }

    private static EpochConfig Epoch(EpochHandler[] handlers, params EpochService[] services) =>
        new() { Number = 1, Created = EpochSamples.Now, Action = "deploy", Reason = "test", Handlers = handlers, Services = services };

    private static IReadOnlyList<string> Check(EpochHandler handler, params EpochService[] services) => EpochValidator.Validate(Epoch([handler], services), null);
}
