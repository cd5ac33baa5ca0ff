using System.Text;
using CsCheck;
using EdgeGw.Pipeline.Match;

namespace EdgeGw.Pipeline.Tests;

internal sealed class RouteTableTests
{
    private static RouteTable<string> Table(params string[] routes)
    {
        var table = new RouteTable<string>();
        foreach (var route in routes)
        {
            var parts = route.Split(' ');
            Assert.That(RoutePattern.TryParse(parts[^1], out var pattern, out var error), Is.True, error);
            Assert.That(table.TryAdd(parts.Length == 3 ? parts[1] : "*", parts[0], pattern!, route), Is.True, route);
        }
        return table;
    }

    private static (string? Route, string[] Parameters) Find(RouteTable<string> table, string method, string target, string host = "h")
    {
        var path = new byte[target.Length];
        var segments = new SegmentRange[TargetParser.MaxSegments];
        Assert.That(TargetParser.Parse(target, path, segments, out var length, out var count, out _), Is.EqualTo(TargetError.None));
        var parameters = new SegmentRange[RoutePattern.MaxParameters];
        var route = table.Find(host, method, path.AsSpan(0, length), segments.AsSpan(0, count), parameters, out var found);
        return (route, [.. parameters.Take(found).Select(p => Encoding.Latin1.GetString(path, p.Start, p.Length))]);
    }

    [TestCase("/users/me", "GET /users/me")]
    [TestCase("/users/42", "GET /users/{id:int}")]
    [TestCase("/users/4200000000", "GET /users/{id:long}")]
    [TestCase("/users/b5b5b5b5-0000-1111-2222-333344445555", "GET /users/{id:guid}")]
    [TestCase("/users/true", "GET /users/{flag:bool}")]
    [TestCase("/users/bob", "GET /users/{name:alpha}")]
    [TestCase("/users/bob-7", "GET /users/{any}")]
    [TestCase("/users/bob/x", "GET /users/{*rest}")]
    [TestCase("/users", "GET /users/{*rest}")]
    [TestCase("/Users/me", null)]
    public void The_most_exact_route_wins(string target, string? route)
    {
        var table = Table(
            "GET /users/{*rest}", "GET /users/{any}", "GET /users/{name:alpha}", "GET /users/{flag:bool}", "GET /users/{id:guid}", "GET /users/{id:long}", "GET /users/{id:int}", "GET /users/me");
        Assert.That(Find(table, "GET", target).Route, Is.EqualTo(route));
    }

    [Test]
    public void An_exact_branch_that_leads_nowhere_is_left_again()
    {
        var table = Table("GET /a/b/c", "GET /a/{x}/d", "GET /{y}/b/{*z}");
        Assert.Multiple(() =>
        {
            Assert.That(Describe(Find(table, "GET", "/a/b/d")), Is.EqualTo("GET /a/{x}/d: b"));
            Assert.That(Describe(Find(table, "GET", "/a/b/e/f")), Is.EqualTo("GET /{y}/b/{*z}: a, e/f"));
        });
    }

    [TestCase("/files", "")]
    [TestCase("/files/", "")]
    [TestCase("/files/a", "a")]
    [TestCase("/files/a/b/", "a/b/")]
    [TestCase("/files/a//b", "a//b")]
    public void A_catch_all_takes_the_rest_as_it_is(string target, string rest) => Assert.That(Find(Table("GET /files/{*path}"), "GET", target).Parameters, Is.EqualTo([rest]));

    [Test]
    public void A_branch_whose_method_differs_is_left_for_one_that_fits() =>
        Assert.That(Find(Table("GET /a/b", "POST /a/{x}"), "POST", "/a/b").Route, Is.EqualTo("POST /a/{x}"));

    [Test]
    public void Get_answers_head_unless_head_has_a_route_of_its_own()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Find(Table("GET /a"), "HEAD", "/a").Route, Is.EqualTo("GET /a"));
            Assert.That(Find(Table("GET /a", "HEAD /a"), "HEAD", "/a").Route, Is.EqualTo("HEAD /a"));
            Assert.That(Find(Table("GET /a", "* /a"), "HEAD", "/a").Route, Is.EqualTo("GET /a"));
            Assert.That(Find(Table("GET /a", "* /a"), "PURGE", "/a").Route, Is.EqualTo("* /a"));
        });
    }

    [Test]
    public void The_methods_of_a_path_are_those_of_every_route_that_matches_it()
    {
        var table = Table("GET /a/b", "POST /a/{x}", "DELETE h /a/{*r}", "PUT other /a/b");
        var segments = new[] { new SegmentRange(1, 1), new SegmentRange(3, 1) };
        Assert.That(table.MethodsOf("h", "/a/b"u8, segments), Is.EquivalentTo(["GET", "HEAD", "POST", "DELETE"]));
    }

    [TestCase("api.example.com", "GET api.example.com /x")]
    [TestCase("API.example.com", "GET api.example.com /x")]
    [TestCase("a.b.example.com", "GET *.b.example.com /x")]
    [TestCase("b.example.com", "GET *.example.com /x")]
    [TestCase("example.com", "GET /x")]
    [TestCase("", "GET /x")]
    public void The_most_exact_host_wins(string host, string route)
    {
        var table = Table("GET /x", "GET *.example.com /x", "GET *.b.example.com /x", "GET api.example.com /x");
        Assert.That(Find(table, "GET", "/x", host).Route, Is.EqualTo(route));
    }

    [Test]
    public void A_host_without_the_path_falls_through_to_the_next() =>
        Assert.That(Find(Table("GET /x", "GET api.example.com /y"), "GET", "/x", "api.example.com").Route, Is.EqualTo("GET /x"));

    [TestCase("GET /a/{x}", "GET /a/{y}/")]
    [TestCase("GET h /a", "GET H /a")]
    [TestCase("* /a/{*r}", "* /a/{*s}")]
    public void Two_routes_of_one_shape_conflict(string first, string second)
    {
        var table = Table(first);
        var parts = second.Split(' ');
        Assert.That(RoutePattern.TryParse(parts[^1], out var pattern, out _), Is.True);
        Assert.That(table.TryAdd(parts.Length == 3 ? parts[1] : "*", parts[0], pattern!, second), Is.False);
    }

    [Test]
    public void Every_literal_of_many_is_found_and_no_other() =>
        Gen.String[Gen.Char.AlphaNumeric, 1, 12].HashSet[1, 300].Sample(
            names =>
            {
                var table = Table([.. names.Select(n => $"GET /{n}")]);
                return names.All(n => Find(table, "GET", "/" + n).Route == $"GET /{n}") && Find(table, "GET", "/" + string.Concat(names.First(), "-")).Route is null;
            },
            iter: 200);

    private static string Describe((string? Route, string[] Parameters) found) => $"{found.Route}: {string.Join(", ", found.Parameters)}";
}
