using EdgeGw.Control.Epochs;
using EdgeGw.Epochs;

namespace EdgeGw.Tests.Control;

/// <summary>An epoch is refused with every reason at once.</summary>
public sealed class EpochValidatorTests
{
    [Test]
    public void A_valid_epoch_has_no_reasons() => Assert.That(Validate(EpochSamples.Handler("a", 1, "/x", "/x/{id}", "/x/{id:int}"), EpochSamples.Handler("b", 1, "/y")), Is.Empty);

    [TestCase("/orders/{id}", "/orders/{number}")]
    [TestCase("/orders/{id:int}/{*rest}", "/orders/{n:int}/{*all}")]
    [TestCase("/caf%C3%A9", "/café")]
    public void Routes_of_one_shape_conflict_across_handlers(string first, string second)
    {
        var reasons = Validate(EpochSamples.Handler("a", 1, first), EpochSamples.Handler("b", 1, second));
        Assert.That(reasons, Has.Count.EqualTo(1));
        Assert.That(reasons[0], Does.Contain(first).And.Contain(second).And.Contain("'a'").And.Contain("'b'"));
    }

    [Test]
    public void Another_host_method_or_prefix_is_no_conflict()
    {
        var a = EpochSamples.Handler("a", 1, "/x");
        Assert.That(Validate(
            a, a with { Name = "b", Host = "b.example.com" }, a with { Name = "c", Prefix = "/v1" },
            a with { Name = "d", Manifest = a.Manifest with { Routes = [new ManifestRoute { Method = "POST", Pattern = "/x" }] } }), Is.Empty);
    }

    [Test]
    public void Hosts_that_differ_by_case_are_one_host()
    {
        var a = EpochSamples.Handler("a", 1, "/x") with { Host = "API.example.com" };
        Assert.That(Validate(a, a with { Name = "b", Host = "api.EXAMPLE.com" }), Has.Count.EqualTo(1));
    }

    [Test]
    public void Every_reason_is_named()
    {
        var handler = EpochSamples.Handler("no good", 1, "/a", "/a", "bad") with
        {
            Version = new string('v', 65),
            Host = "a b",
            Prefix = "v1/",
            DrainMs = -1,
            Limits = new EpochLimits { DeadlineMs = -1, MaxBodyBytes = -1, Concurrency = 0, HeapBytes = 0 },
        };
        handler = handler with { Manifest = handler.Manifest with { Services = ["database.main"] } };
        var all = string.Join('\n', Validate(handler, handler));
        foreach (var part in (string[])["named 2 times", "'no good'", "65 characters", "'a b'", "'v1/'", "drainMs", "deadlineMs", "maxBodyBytes", "concurrency", "heapBytes", "database.main"])
        {
            Assert.That(all, Does.Contain(part));
        }
    }

    [Test]
    public void Thousands_of_reasons_are_cut_off()
    {
        var patterns = Enumerable.Repeat("/same", 5_000).ToArray();
        Assert.That(Validate(EpochSamples.Handler("a", 1, patterns)), Has.Count.EqualTo(101));
    }

    [TestCase("*", true)]
    [TestCase("example.com", true)]
    [TestCase("*.example.com", true)]
    [TestCase("10.0.0.1", true)]
    [TestCase("[::1]", true)]
    [TestCase("", false)]
    [TestCase("*.", false)]
    [TestCase("a..b", false)]
    [TestCase("example.com:80", false)]
    [TestCase("*.*.com", false)]
    [TestCase("http://x", false)]
    [TestCase("[nonsense]", false)]
    public void Hosts_are_checked(string host, bool valid) => Assert.That(EpochRules.IsHost(host), Is.EqualTo(valid));

    private static IReadOnlyList<string> Validate(params EpochHandler[] handlers) =>
        EpochValidator.Validate(new EpochConfig { Number = 1, Created = EpochSamples.Now, Action = "deploy", Reason = "test", Handlers = handlers }, null);
}
