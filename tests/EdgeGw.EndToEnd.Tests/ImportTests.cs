using System.Net.Http.Json;
using System.Text;

namespace EdgeGw.EndToEnd.Tests;

/// <summary>An OpenAPI document is imported, compiled and served as one epoch, and so is what is changed of it.</summary>
[NonParallelizable]
public sealed class ImportTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    // All 19 operations take minutes to compile.
    private static string Document => LongRun.IsAsked ? PetstoreDocument.Text : PetstoreDocument.Of("/store/inventory", "/store/order/{orderId}", "/user/logout");

    [Test]
    public async Task The_Petstore_is_served_as_one_epoch_and_its_change_is_the_next_under_load()
    {
        await using var gateway = await Gateway.StartAsync(new GatewayOptions { Environment = new Dictionary<string, string?> { ["EDGEGW_COMPILE__ENABLED"] = "true", ["EDGEGW_COMPILE__TIMEOUTMS"] = "600000" } });
        using var folder = new TemporaryFolder();
        using var client = Http.Http11(gateway.Address);
        var (document, changed) = (folder["petstore.yaml"], folder["changed.yaml"]);
        await File.WriteAllTextAsync(document, Document);
        await File.WriteAllTextAsync(changed, PetstoreDocument.Changed(Document));

        var made = await ImportAsync(gateway, document);
        Assert.That((made.GetProperty("applied").GetBoolean(), made.GetProperty("epoch").GetInt64()), Is.EqualTo((true, 1)));
        var operations = made.GetProperty("deployed").GetArrayLength();
        Assert.That(operations, Is.EqualTo(LongRun.IsAsked ? 19 : 4));
        await EveryEndpointAnswersAsync(gateway, client, operations);
        Assert.That(await client.GetStringAsync("/api/v3/store/inventory"), Is.EqualTo("""{"key":1}"""));

        var again = await ImportAsync(gateway, document);
        Assert.That((again.GetProperty("applied").GetBoolean(), again.GetProperty("deployed").GetArrayLength()), Is.EqualTo((false, 0)));
        Assert.That((await BuildsAsync(gateway), await EpochAsync(gateway)), Is.EqualTo((operations, 1)), "nothing was compiled, nothing was changed");

        var looked = await ImportAsync(gateway, changed, "--dry-run");
        Assert.That(looked.GetProperty("diff").EnumerateArray().Where(line => line.GetProperty("kind").GetString() != "unchanged").Select(line => $"{line.GetProperty("kind")} {line.GetProperty("what")}"), Is.SupersetOf((string[])
        [
            "changed endpoint petstore-getInventory", "added endpoint petstore-endSession", "removed endpoint petstore-logoutUser",
        ]));
        var refused = await RunAsync(gateway, changed);
        Assert.That(refused.ExitCode, Is.EqualTo(1), refused.ToString());
        Assert.That(refused.Error, Does.Contain("endpoint petstore-getInventory: GET /store/inventory → GET /store/stock (breaking)"));

        // One that does not compile: nothing goes live, and what was compiled until then need not be compiled again.
        var mended = await WriteSourceAsync(gateway, "petstore-deleteOrder", text => text.Replace("return Response", "return Responses", StringComparison.Ordinal));
        var broken = await RunAsync(gateway, changed, "--force");
        Assert.That(broken.ExitCode, Is.EqualTo(1), broken.ToString());
        Assert.That(broken.Error, Does.Contain("petstore-deleteOrder: Handler.cs(").And.Contain("CS0103"));
        Assert.That(await EpochAsync(gateway), Is.EqualTo(1));
        Assert.That((await EndpointAsync(gateway, "petstore-getInventory")).GetProperty("path").GetString(), Is.EqualTo("/store/inventory"), "the rows are as they were");
        Assert.That((await client.GetAsync("/api/v3/store/inventory")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await WriteSourceAsync(gateway, "petstore-deleteOrder", _ => mended);

        await using var load = SteadyLoad.Start(gateway.Address, "/api/v3/store/order/7", body => body.StartsWith("""{"id":10,""", StringComparison.Ordinal) && body.EndsWith('}'), clients: 1);
        await load.MoreAsync(50);
        var applied = await ImportAsync(gateway, changed, "--force");
        await load.MoreAsync(50);
        TestContext.Out.WriteLine($"imported {operations} operations in {Milliseconds(made)} ms, again in {Milliseconds(again)} ms, changed in {Milliseconds(applied)} ms ({applied.GetProperty("deployed").EnumerateArray().Count(endpoint => endpoint.GetProperty("cached").GetBoolean())} of them compiled before); {await load.StopAsync()}");
        Assert.That(load.Failures, Is.Empty);
        Assert.That((applied.GetProperty("epoch").GetInt64(), await EpochAsync(gateway)), Is.EqualTo((2, 2)));
        await EveryEndpointAnswersAsync(gateway, client, operations);
        using var scope = Assert.EnterMultipleScope();
        Assert.That((await client.GetAsync("/api/v3/store/stock")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await client.GetAsync("/api/v3/store/inventory")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await client.PostAsync("/api/v3/user/logout", null)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await gateway.WorkerAsync()).GetProperty("restarts").GetInt32(), Is.Zero);
    }

    private static async Task EveryEndpointAnswersAsync(Gateway gateway, HttpClient client, int count)
    {
        var endpoints = (await gateway.Control.GetFromJsonAsync<JsonElement>("/api/v1/endpoints")).GetProperty("items");
        Assert.That(endpoints.GetArrayLength(), Is.EqualTo(count));
        foreach (var endpoint in endpoints.EnumerateArray())
        {
            var (method, pattern) = (endpoint.GetProperty("method").GetString()!, endpoint.GetProperty("pattern").GetString()!);
            var target = pattern.Replace("{petId}", "7", StringComparison.Ordinal).Replace("{orderId}", "7", StringComparison.Ordinal).Replace("{username}", "ada", StringComparison.Ordinal);
            var body = method is "POST" or "PUT" ? target.EndsWith("createWithList", StringComparison.Ordinal) ? "[]" : """{"name":"Rex","photoUrls":[]}""" : "";
            using var request = new HttpRequestMessage(new HttpMethod(method), target) { Content = body.Length == 0 ? null : new StringContent(body, Encoding.UTF8, "application/json") };
            using var response = await client.SendAsync(request);
            Assert.That(endpoint.GetProperty("state").GetString(), Is.EqualTo("live"), pattern);
            Assert.That((int)response.StatusCode, Is.LessThan(500).And.Not.EqualTo(404).And.Not.EqualTo(405), $"{method} {target}: {await response.Content.ReadAsStringAsync()}");
        }
    }

    // What the source was before.
    private static async Task<string> WriteSourceAsync(Gateway gateway, string name, Func<string, string> change)
    {
        var endpoint = await EndpointAsync(gateway, name);
        var before = endpoint.GetProperty("source").GetProperty("files")[0].GetProperty("text").GetString()!;
        var document = new
        {
            collection = endpoint.GetProperty("collection").GetString(),
            name,
            kind = "source",
            method = endpoint.GetProperty("method").GetString(),
            path = endpoint.GetProperty("path").GetString(),
            description = endpoint.GetProperty("description").GetString(),
            source = new { files = new[] { new { name = "Handler.cs", text = change(before) } } },
        };
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/endpoints/{endpoint.GetProperty("id")}") { Content = JsonContent.Create(document) };
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var answer = await gateway.Control.SendAsync(request);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), await answer.Content.ReadAsStringAsync());
        return before;
    }

    private static async Task<JsonElement> EndpointAsync(Gateway gateway, string name)
    {
        var id = (await gateway.Control.GetFromJsonAsync<JsonElement>($"/api/v1/endpoints?q={name}")).GetProperty("items")[0].GetProperty("id");
        return await gateway.Control.GetFromJsonAsync<JsonElement>($"/api/v1/endpoints/{id}");
    }

    private static async Task<int> BuildsAsync(Gateway gateway) => (await gateway.Control.GetFromJsonAsync<JsonElement>("/api/v1/builds")).GetProperty("items").GetArrayLength();

    private static async Task<long> EpochAsync(Gateway gateway) => (await gateway.StatusAsync()).GetProperty("epoch").GetInt64();

    private static async Task<JsonElement> ImportAsync(Gateway gateway, string document, params string[] options)
    {
        var result = await RunAsync(gateway, document, options);
        return result.ExitCode == 0 ? JsonDocument.Parse(result.Output).RootElement : throw new InvalidOperationException($"import: {result}\n--- gateway\n{gateway.Error}");
    }

    private static Task<CommandResult> RunAsync(Gateway gateway, string document, params string[] options) =>
        gateway.Cli.RunAsync(["import", "openapi", document, "--collection", "petstore", "--deploy", "--json", .. options], null, s_patience);

    private static long Milliseconds(JsonElement answer) => (long)answer.GetProperty("elapsedMs").GetDouble();
}
