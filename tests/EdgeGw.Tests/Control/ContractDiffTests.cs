using CsCheck;
using EdgeGw.Configuration;
using EdgeGw.Control.Contracts;
using EdgeGw.Epochs;
using EdgeGw.Pipeline.Match;

namespace EdgeGw.Tests.Control;

/// <summary>Which differences between two deployments of a handler let its callers down.</summary>
public sealed class ContractDiffTests
{
    private static readonly ManifestRoute[] s_routes = [new() { Method = "GET", Pattern = "/orders/{id:int}" }, new() { Method = "POST", Pattern = "/orders" }];

    [Test]
    public void The_same_again_is_no_change() => Assert.That(Compare(s_routes, s_routes), Is.Empty);

    [TestCase("GET", "/orders/{number:int}", "GET /orders/{id:int} is written /orders/{number:int} now.", TestName = "Another name for a parameter breaks nothing")]
    [TestCase("GET", "/orders/{id:long}", "GET /orders/{id:int} is answered by GET /orders/{id:long} now.", TestName = "A wider type breaks nothing")]
    [TestCase("GET", "/orders/{id}", "GET /orders/{id:int} is answered by GET /orders/{id} now.", TestName = "Any segment instead of a number breaks nothing")]
    [TestCase("GET", "/{*path}", "GET /orders/{id:int} is answered by GET /{*path} now.", TestName = "A catch-all in its place breaks nothing")]
    [TestCase("*", "/orders/{id:int}", "GET /orders/{id:int} is answered by * /orders/{id:int} now.", TestName = "Any method instead of one breaks nothing")]
    public void What_answers_the_same_requests_breaks_nothing(string method, string pattern, string sentence)
    {
        var changes = Compare(s_routes, [new() { Method = method, Pattern = pattern }, s_routes[1]]);
        Assert.That(changes.Where(change => change.Breaking), Is.Empty);
        Assert.That(changes[0].ToString(), Is.EqualTo(sentence));
    }

    [TestCase("PUT", "/orders/{id:int}", "GET /orders/{id:int} is removed: that path answers PUT alone now.")]
    [TestCase("GET", "/orders/{id:alpha}", "GET /orders/{id:int} is removed.")]
    [TestCase("GET", "/orders/{id:guid}", "GET /orders/{id:int} is removed.")]
    [TestCase("GET", "/orders", "GET /orders/{id:int} is removed.")]
    [TestCase("GET", "/orders/{id:int}/{more}", "GET /orders/{id:int} is removed.")]
    [TestCase("GET", "/Orders/{id:int}", "GET /orders/{id:int} is removed.")]
    public void What_answers_other_requests_takes_a_route_away(string method, string pattern, string sentence)
    {
        var breaking = Compare(s_routes, [new() { Method = method, Pattern = pattern }, s_routes[1]]).Where(change => change.Breaking).Select(change => change.ToString());
        Assert.That(breaking, Is.EqualTo((string[])[sentence]));
    }

    [Test]
    public void A_narrower_type_is_named_as_the_reason() =>
        Assert.That(Compare([new() { Method = "GET", Pattern = "/a/{id}" }], [new() { Method = "GET", Pattern = "/a/{id:int}" }])[0].ToString(),
            Is.EqualTo("GET /a/{id} is removed: of its requests GET /a/{id:int} answers only some."));

    [Test]
    public void A_GET_route_goes_on_answering_HEAD() =>
        Assert.That(Compare([.. s_routes, new() { Method = "HEAD", Pattern = "/orders/{id:int}" }], s_routes).Any(change => change.Breaking), Is.False);

    [Test]
    public void The_prefix_and_the_host_count_as_they_are_served()
    {
        var before = Handler(s_routes) with { Prefix = "/v1" };
        Assert.That(Diff(before, Handler([.. s_routes.Select(route => route with { Pattern = "/v1" + route.Pattern })])), Is.Empty);
        Assert.That(Diff(before, before with { Prefix = "/v2" }).Count(change => change.Breaking), Is.EqualTo(2));
        var here = before with { Host = "api.example.com" };
        Assert.That(Diff(here, before with { Host = "*.Example.com" }).Any(change => change.Breaking), Is.False, "a wider host");
        Assert.That(Diff(here, before with { Host = "www.example.com" }).Count(change => change.Breaking), Is.EqualTo(2));
        Assert.That(Diff(before, here).Count(change => change.Breaking), Is.EqualTo(2), "a narrower host");
    }

    [Test]
    public void Lowered_limits_break_and_raised_ones_do_not()
    {
        var before = s_routes[0] with { DeadlineMs = 100, MaxBodyBytes = 10, Concurrency = 5 };
        var after = before with { DeadlineMs = 99, MaxBodyBytes = 11, Concurrency = 4 };
        Assert.That(Compare([before], [after]).Select(change => $"{(change.Breaking ? "! " : "")}{change}"), Is.EqualTo((string[])[
            "! GET /orders/{id:int} has the deadline lowered from 100 ms to 99 ms.",
            "! GET /orders/{id:int} has the concurrency lowered from 5 to 4.",
            "GET /orders/{id:int} has the largest body raised from 10 bytes to 11 bytes."]));
        Assert.That(Compare([before], [before with { DeadlineMs = 0 }]).Single().Breaking, Is.False, "no deadline at all is more time");
        Assert.That(Compare([before with { DeadlineMs = 0 }], [before]).Single().Breaking, Is.True);
        Assert.That(Compare([before], [before with { Concurrency = null }]).Single().Breaking, Is.False, "the gateway's own limit is higher");
        Assert.That(Diff(Handler([before]), Handler([before]) with { Limits = new EpochLimits { DeadlineMs = 1 } }).Single().Breaking, Is.True, "what the deploy says counts");
    }

    [Test]
    public void A_service_that_is_newly_needed_breaks_and_one_less_does_not()
    {
        var with = Handler(s_routes);
        with = with with { Manifest = with.Manifest with { Services = ["cache:default"] } };
        Assert.That(Diff(Handler(s_routes), with).Single().Breaking, Is.True);
        Assert.That(Diff(with, Handler(s_routes)).Single().Breaking, Is.False);
    }

    [Test]
    public void What_breaks_nothing_answers_every_request_that_was_answered_before()
    {
        var segment = Gen.OneOf("a", "b", "7", "true", "{x}", "{x:int}", "{x:long}", "{x:alpha}", "{x:bool}");
        var pattern = Gen.Select(segment.Array[0, 2], Gen.Bool, (segments, rest) => "/" + string.Join('/', segments.Select((text, i) => text.Replace("x", "x" + i, StringComparison.Ordinal)).Concat(rest ? ["{*rest}"] : [])));
        var route = Gen.Select(Gen.OneOf("GET", "HEAD", "POST", "*"), pattern, Gen.OneOf("*", "a.b", "*.b"), (method, text, host) => new ManifestRoute { Method = method, Pattern = text, Host = host });
        var requests = from method in (string[])["GET", "HEAD", "POST", "PUT"] from host in (string[])["a.b", "c.b", "d"] from path in (string[])["/", "/a", "/b", "/7", "/true", "/99999999999", "/a/b", "/7/true", "/x/7", "/-", "/a/b/c"] select (method, host, path);
        Gen.Select(route.Array[1, 4], route.Array[1, 4]).Sample((before, after) =>
        {
            var (old, next) = (Table(ref before), Table(ref after));
            if (Compare(before, after).Any(change => change.Breaking))
            {
                return;
            }
            foreach (var (method, host, path) in requests)
            {
                Assert.That(!Answers(old, method, host, path) || Answers(next, method, host, path), $"{method} {host}{path}");
            }
        }, iter: 5_000);
    }

    // Without those that the worker would refuse.
    private static RouteTable<ManifestRoute> Table(ref ManifestRoute[] routes)
    {
        var table = new RouteTable<ManifestRoute>();
        routes = [.. routes.Where(route => RoutePattern.TryParse(route.Pattern, out var pattern, out _) && table.TryAdd(route.Host, route.Method, pattern!, route))];
        return table;
    }

    private static bool Answers(RouteTable<ManifestRoute> table, string method, string host, string target)
    {
        var path = new byte[target.Length];
        var segments = new SegmentRange[TargetParser.MaxSegments];
        Assert.That(TargetParser.Parse(target, path, segments, out var length, out var count, out _), Is.EqualTo(TargetError.None));
        return table.Find(host, method, path.AsSpan(0, length), segments.AsSpan(0, count), new SegmentRange[RoutePattern.MaxParameters], out _) is not null;
    }

    private static EpochHandler Handler(IReadOnlyList<ManifestRoute> routes) => new()
    {
        Name = "orders",
        Version = "1",
        Sha256 = "",
        File = "orders.so",
        Manifest = new Manifest { Name = "orders", Routes = routes },
    };

    private static IReadOnlyList<ContractChange> Compare(IReadOnlyList<ManifestRoute> before, IReadOnlyList<ManifestRoute> after) => Diff(Handler(before), Handler(after));

    private static IReadOnlyList<ContractChange> Diff(EpochHandler before, EpochHandler after) => ContractDiff.Compare(before, after, new LimitSettings());
}
