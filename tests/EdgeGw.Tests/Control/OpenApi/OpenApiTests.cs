using System.Net;
using System.Text.Json;
using EdgeGw.Tests.Control.Catalog;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Tests.Control.OpenApi;

/// <summary>The Admin API's description says what the running gateway does: the same routes, and answers of the shapes that it names.</summary>
internal sealed class OpenApiTests
{
    // Calls that are not made here, and where they are.
    private static readonly string[] s_elsewhere =
    [
        "POST /api/v1/upgrade", // puts another program into this process: UpgradeTests
        "POST /api/v1/session/password", // for those with a session alone: SessionTests
        "POST /api/v1/canaries/{name}/promote", "POST /api/v1/canaries/{name}/abort", // take a worker that serves a share of the traffic: CanaryTests
        "POST /api/v1/compile", "POST /api/v1/endpoints/{id}/compile", "POST /api/v1/endpoints/{id}/deploy", "GET /api/v1/builds/{id}", "DELETE /api/v1/builds/{id}", "GET /api/v1/builds/{id}/events", // run compilers: EdgeGw.Compiling.Tests
    ];

    [Test]
    public async Task It_has_every_route_and_no_other()
    {
        await using var control = await RunningControl.StartAsync();
        var document = (await control.CallAsync("GET", "/openapi.json")).Body;
        var described = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"));
        var routes =
            from route in control.Host.AdminRoutes
            where route.RoutePattern.RawText!.StartsWith("/api/v1/", StringComparison.Ordinal)
            from method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
            select $"{method} {route.RoutePattern.RawText}";
        Assert.That(described, Is.EquivalentTo(routes), "every route has its line in gateway/EdgeGw/Control/OpenApi/ApiOperations.cs");
        Assert.That(document.GetProperty("openapi").GetString(), Is.EqualTo("3.1.0"));
    }

    [Test]
    public async Task Every_call_is_made_and_answered_as_it_says()
    {
        await using var control = await RunningControl.StartAsync(settings => settings.Admin = "http://127.0.0.1:0", prepare: state =>
        {
            Directory.CreateDirectory(Path.Combine(state, "crashes"));
            File.WriteAllText(Path.Combine(state, "crashes", "0000000001.json"), """
                {"id":1,"time":"2026-01-02T03:04:05Z","worker":1,"pid":1,"uptimeMs":1,"epoch":1,"signal":11,"cause":"signal 11","nativeStackNote":"none",
                 "blamed":{"handler":"h","version":"1.0.0","sha256":"aa","evidence":"thread","phases":["handle"],"calls":1,"requests":1}}
                """);
        });
        var document = (await control.CallAsync("GET", "/openapi.json")).Body;
        var calls = new ApiCalls(control);
        var unmade = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}")).ToHashSet();
        using var scope = Assert.EnterMultipleScope();
        await foreach (var (operation, status, mediaType, text) in calls.MakeAsync())
        {
            unmade.Remove(operation);
            Check(document, operation, status, mediaType, text);
        }
        Assert.That(unmade, Is.SubsetOf(s_elsewhere), "every call has its example in tests/EdgeGw.Tests/Control/OpenApi/ApiCalls.cs");
    }

    [TestCase("POST", "/domains", """{"host":"a b"}""", 422)]
    [TestCase("PUT", "/endpoints/x", "{}", 428)]
    [TestCase("GET", "/endpoints/x", null, 404)]
    [TestCase("POST", "/rollbacks", "{}", 409)]
    [TestCase("PATCH", "/domains", "{}", 405)]
    public async Task Refusals_are_problems_of_one_shape(string method, string path, string? json, int expected)
    {
        await using var control = await RunningControl.StartAsync();
        var document = (await control.CallAsync("GET", "/openapi.json")).Body;
        var refused = await control.CallAsync(method, path, json);
        Assert.That(refused.Status, Is.EqualTo(expected));
        Assert.That(new SchemaCheck(document).Faults(document.GetProperty("components").GetProperty("schemas").GetProperty("Problem"), refused.Body), Is.Empty);
    }

    private static void Check(JsonElement document, string operation, HttpStatusCode status, string? mediaType, string text)
    {
        var (method, path) = (operation.Split(' ')[0].ToLowerInvariant(), operation.Split(' ')[1]);
        if (!document.GetProperty("paths").TryGetProperty(path, out var item) || !item.GetProperty(method).GetProperty("responses").TryGetProperty($"{(int)status}", out var response))
        {
            Assert.Fail($"{operation} was answered {(int)status}, which is not described: {text}");
            return;
        }
        if (!response.TryGetProperty("content", out var content))
        {
            Assert.That(text, Is.Empty, operation);
            return;
        }
        Assert.That(content.TryGetProperty(mediaType ?? "", out var described), Is.True, $"{operation}: {mediaType}");
        if (described.ValueKind == JsonValueKind.Object && described.TryGetProperty("schema", out var schema))
        {
            Assert.That(new SchemaCheck(document).Faults(schema, JsonSerializer.Deserialize<JsonElement>(text)), Is.Empty, operation);
        }
    }
}
