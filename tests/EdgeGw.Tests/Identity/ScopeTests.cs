using System.Text;
using System.Text.Json;
using EdgeGw.Control.Identity;
using EdgeGw.Tests.Control;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace EdgeGw.Tests.Identity;

/// <summary>Every route of the Admin API asks for its scope. The routes are those that the running gateway has, whoever has added them.</summary>
public sealed class ScopeTests : OneControl
{
    // With the right scope this one puts another program in this process's place.
    private const string Upgrade = "POST /api/v1/upgrade";

    private HttpClient _http = null!;

    [OneTimeSetUp]
    public void Connect() => _http = new HttpClient { BaseAddress = new Uri(Control.Host.AdminUrl!) };

    [OneTimeTearDown]
    public void Disconnect() => _http.Dispose();

    [Test]
    public void Every_route_has_its_line_in_the_table() =>
        Assert.That(Routes().Where(route => ScopeTable.Find(route.Method, route.Template) is null).Select(route => ScopeTable.Row(route.Method, route.Template)), Is.Empty,
            "routes without a line in gateway/EdgeGw/Control/Identity/ScopeTable.cs are for administrators alone: say what each needs");

    [Test]
    public void A_route_without_a_line_is_for_administrators() => Assert.That(ScopeTable.Find("POST", "/api/v1/not/there"), Is.Null);

    [Test]
    public void Nothing_that_changes_something_is_open_to_anyone_but_the_way_in() =>
        Assert.That(Mutating().Where(route => ScopeTable.Find(route.Method, route.Template) == Scopes.None).Select(route => ScopeTable.Row(route.Method, route.Template)),
            Is.EquivalentTo((string[])["POST /api/v1/setup", "POST /api/v1/session", "DELETE /api/v1/session"]));

    [Test]
    public async Task Every_route_without_a_credential_is_401_and_with_a_wrong_one_403_and_with_the_right_one_neither()
    {
        var keys = new Dictionary<Scopes, string>();
        foreach (var scope in (Scopes[])[Scopes.Read, Scopes.Deploy, Scopes.Services, Scopes.Compile, Scopes.Admin])
        {
            keys[scope] = await KeyAsync(scope);
        }
        using var all = Assert.EnterMultipleScope();
        foreach (var (method, template) in Routes().Where(route => ScopeTable.Find(route.Method, route.Template) != Scopes.None).OrderBy(route => route.Method == "GET"))
        {
            var (row, needed) = (ScopeTable.Row(method, template), ScopeTable.Find(method, template) ?? Scopes.Admin);
            Assert.That(await SendAsync(method, template, null), Is.EqualTo(401), row);
            Assert.That(await SendAsync(method, template, "egw_0123456789ab_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), Is.EqualTo(401), row);
            foreach (var (scope, key) in keys)
            {
                var may = (Scopes.Read | scope).Covers(needed);
                // One of those who may is enough, and another may not be let do it: the rest of the routes are still to be asked.
                if (!may)
                {
                    Assert.That(await SendAsync(method, template, key), Is.EqualTo(403), $"{row} with {scope}");
                }
                else if (row != Upgrade && scope == Narrowest(needed))
                {
                    Assert.That(await SendAsync(method, template, key), Is.Not.EqualTo(401).And.Not.EqualTo(403), $"{row} with {scope}");
                }
            }
        }
    }

    [Test]
    public async Task An_import_that_deploys_is_for_those_who_may_compile_too()
    {
        var key = await KeyAsync(Scopes.Deploy);
        Assert.That(await SendAsync("POST", "/api/v1/imports/openapi", key), Is.EqualTo(422));
        Assert.That(await SendAsync("POST", "/api/v1/imports/openapi", key, "?deploy=true"), Is.EqualTo(403));
        Assert.That(await SendAsync("POST", "/api/v1/imports/openapi", key, "?deploy=true&dryRun=true"), Is.EqualTo(422));
    }

    // Of several needed scopes no single key has all but the administrator's.
    private static Scopes Narrowest(Scopes needed) => (needed & ~Scopes.Read) is var rest && rest == 0 ? Scopes.Read : (rest & (rest - 1)) == 0 ? rest : Scopes.Admin;

    private IEnumerable<(string Method, string Template)> Mutating() => Routes().Where(route => route.Method is not ("GET" or "HEAD"));

    private IEnumerable<(string Method, string Template)> Routes() =>
        from route in Control.Host.AdminRoutes
        from method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST", "PUT", "PATCH", "DELETE"]
        select (method, route.RoutePattern.RawText!);

    private async Task<int> SendAsync(string method, string template, string? key, string query = "")
    {
        var path = string.Join('/', RoutePatternFactory.Parse(template).PathSegments.Select(segment => segment.Parts is [RoutePatternLiteralPart literal] ? literal.Content : "x"));
        using var request = new HttpRequestMessage(new HttpMethod(method), "/" + path + query);
        if (method is not ("GET" or "HEAD"))
        {
            request.Content = new StringContent("{", Encoding.UTF8, "application/json"); // refused as soon as somebody reads it
        }
        if (key is not null)
        {
            request.Headers.Authorization = new("Bearer", key);
        }
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return (int)answer.StatusCode;
    }

    private async Task<string> KeyAsync(Scopes scope)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/keys") { Content = new StringContent(JsonSerializer.Serialize(new { name = $"{scope}", scopes = ScopeNames.Of(scope) }), Encoding.UTF8, "application/json") };
        return (await Control.SendAsync(request)).Body.GetProperty("key").GetString()!;
    }
}
