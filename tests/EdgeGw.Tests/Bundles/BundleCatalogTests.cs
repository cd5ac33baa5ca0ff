using System.Net.Http.Headers;
using System.Text.Json;
using EdgeGw.Tests.Control;
using EdgeGw.Tests.Control.Catalog;

namespace EdgeGw.Tests.Bundles;

/// <summary>A bundle carries the catalog: domains, collections, endpoints with their sources.</summary>
public sealed class BundleCatalogTests
{
    private const string Pets = """
        bundle: 1
        name: pets
        domains:
          "*":
            collections:
              Pets:
                basePath: /v1
                shared: {Models/Pet.cs: shared/Pet.cs}
                endpoints:
                  get-pet: {method: GET, path: "/pets/{id}", files: {Handler.cs: get.cs}, packages: {Dapper: 2.1.66}, limits: {deadlineMs: 100}}
                  add-pet: {method: POST, path: /pets, files: {Handler.cs: add.cs}, enabled: false}
        """;

    private static byte[] Bundle(string yaml = Pets, string get = "class Get;") => BundleSamples.Zip(("bundle.yaml", yaml), ("shared/Pet.cs", "record Pet;"), ("get.cs", get), ("add.cs", "class Add;"));

    [Test]
    public async Task An_export_applied_to_an_empty_gateway_is_exported_byte_for_byte_the_same()
    {
        await using var one = await RunningControl.StartAsync();
        var collection = await one.CollectionAsync("api.example.com", "/v1", "Things & 'more': ${A}");
        var endpoint = AdminCalls.Endpoint(collection, "say");
        endpoint["description"] = "two\nlines, ${NOT} a variable";
        endpoint["source"]!["files"]![0]!["text"] = "\uFEFFclass Say; // ä €\r\n\t${HOME}\n";
        endpoint["source"]!["files"]!.AsArray().Add(new System.Text.Json.Nodes.JsonObject { ["name"] = "A/Other.cs", ["text"] = "" });
        endpoint["source"]!["packages"] = JsonSerializer.SerializeToNode(new[] { new { id = "B.Two", version = "2.0.0" }, new { id = "A.One", version = "1.0.0-rc.1" } });
        endpoint["settings"] = JsonSerializer.SerializeToNode(new { mode = "true", empty = "" });
        endpoint["limits"] = JsonSerializer.SerializeToNode(new { heapBytes = 1_000_000 });
        Assert.That((await one.CallAsync("POST", "/endpoints", endpoint.ToJsonString())).Status, Is.EqualTo(201));
        await one.DeployAsync(RunningControl.Handler("plain", 3), "?host=api.example.com");
        await one.CallAsync("POST", "/endpoints", $$"""{"collection":"{{collection}}","name":"plain","kind":"library"}""");
        await one.CallAsync("POST", "/domains", """{"host":"*.example.com","description":"nothing yet"}""");
        await ApplyAsync(one, Bundle());
        var exported = await one.Http.GetByteArrayAsync("/api/v1/bundles/export");
        await using var other = await RunningControl.StartAsync();
        await ApplyAsync(other, BundleSamples.Zip(("bundle.yaml", "bundle: 1\ndomains: {old.example.com: {collections: {Old: {}}}}")));

        var (status, body) = await ApplyAsync(other, exported, "?prune=true");
        var again = await other.Http.GetByteArrayAsync("/api/v1/bundles/export");
        var (own, unchanged) = await ApplyAsync(one, exported, "?prune=true");

        using var scope = Assert.EnterMultipleScope();
        Assert.That((status, Diff(body)), Is.EqualTo((201, "added handler plain, added domain *, added collection Pets, added endpoint add-pet, added endpoint get-pet, added domain *.example.com, added domain api.example.com, "
            + "added collection Things & 'more': ${A}, added endpoint plain, added endpoint say, removed collection Old, removed domain old.example.com")));
        Assert.That(again, Is.EqualTo(exported));
        Assert.That((own, unchanged.GetProperty("changed").GetBoolean()), Is.EqualTo((200, false)));
        var said = (await other.CallAsync("GET", "/endpoints")).Items.Single(item => item.GetProperty("name").GetString() == "say").GetProperty("id").GetString();
        Assert.That((await other.CallAsync("GET", $"/endpoints/{said}")).Body.GetProperty("source").GetProperty("files")[0].GetProperty("text").GetString(), Is.EqualTo("\uFEFFclass Say; // ä €\r\n\t${HOME}\n"));
        Assert.That((await other.CallAsync("GET", "/endpoints")).Items.Single(item => item.GetProperty("name").GetString() == "plain").GetProperty("live").GetProperty("version").GetInt64(), Is.EqualTo(1));
    }

    [Test]
    public async Task Rows_change_without_an_epoch_and_again_nothing_does()
    {
        await using var control = await RunningControl.StartAsync();
        var (made, first) = await ApplyAsync(control, Bundle());
        var (_, looked) = await ApplyAsync(control, Bundle(Pets.Replace("deadlineMs: 100", "deadlineMs: 50", StringComparison.Ordinal), "class Other;"), "?dryRun=true");
        var (changed, body) = await ApplyAsync(control, Bundle(Pets.Replace("deadlineMs: 100", "deadlineMs: 50", StringComparison.Ordinal), "class Other;"));
        var (again, same) = await ApplyAsync(control, Bundle(Pets.Replace("deadlineMs: 100", "deadlineMs: 50", StringComparison.Ordinal), "class Other;"));

        using var scope = Assert.EnterMultipleScope();
        Assert.That((made, first.GetProperty("epoch").GetInt64(), first.GetProperty("reason").GetString()), Is.EqualTo((201, 0, "apply pets: the catalog")));
        Assert.That((changed, Diff(body)), Is.EqualTo((201, "unchanged domain *, unchanged collection Pets, changed endpoint get-pet, unchanged endpoint add-pet")));
        Assert.That(Diff(looked), Is.EqualTo(Diff(body)));
        Assert.That(body.GetProperty("diff")[2].GetProperty("details").EnumerateArray().Select(detail => detail.GetString()), Is.EqualTo((string[])["its source is different", "its limits are different"]));
        Assert.That((again, same.GetProperty("changed").GetBoolean()), Is.EqualTo((200, false)));
        Assert.That(control.Epochs(), Is.Empty);
        Assert.That((await control.CallAsync("GET", "/endpoints")).Items.Select(item => $"{item.GetProperty("name").GetString()} {item.GetProperty("revision")} {item.GetProperty("enabled")}"), Is.EqualTo((string[])["add-pet 1 False", "get-pet 2 True"]));
    }

    [Test]
    public async Task A_bundle_that_does_not_speak_of_the_catalog_leaves_it_alone_even_when_it_prunes()
    {
        await using var control = await RunningControl.StartAsync();
        await ApplyAsync(control, Bundle());
        await ApplyAsync(control, BundleSamples.Zip(("bundle.yaml", "bundle: 1")), "?prune=true");
        Assert.That((await control.CallAsync("GET", "/endpoints")).Items, Has.Length.EqualTo(2));
        var (status, body) = await ApplyAsync(control, BundleSamples.Zip(("bundle.yaml", "bundle: 1\ndomains: {}")), "?prune=true");
        Assert.That((status, Diff(body)), Is.EqualTo((201, "removed endpoint add-pet, removed endpoint get-pet, removed collection Pets, removed domain *")));
        Assert.That((await control.CallAsync("GET", "/domains")).Items, Is.Empty);
    }

    [Test]
    public async Task Rows_and_handlers_are_applied_together_or_not_at_all()
    {
        await using var control = await RunningControl.StartAsync();
        var both = BundleSamples.Zip(
            ("bundle.yaml", Pets + "\nhandlers:\n  get-pet: {library: a.so}"), ("shared/Pet.cs", "record Pet;"), ("get.cs", "class Get;"), ("add.cs", "class Add;"), ("a.so", BundleSamples.Library("get-pet", 1)));
        await File.WriteAllTextAsync(control.Script("refuse-put"), "the worker does not like it");
        var (refused, _) = await ApplyAsync(control, both);
        var rows = (await control.CallAsync("GET", "/domains")).Items.Length;
        File.Delete(control.Script("refuse-put"));
        var (made, body) = await ApplyAsync(control, both);
        Assert.That((refused, rows, made), Is.EqualTo((422, 0, 201)));
        Assert.That(Diff(body), Does.StartWith("added handler get-pet, added domain *"));
        Assert.That((await control.CallAsync("GET", "/endpoints")).Items.Single(item => item.GetProperty("name").GetString() == "get-pet").GetProperty("state").GetString(), Is.EqualTo("live"));
    }

    [TestCase("files: {Handler.cs: get.cs}", "files: {Handler.cs: no.cs}", "bundle.yaml:10:74: The bundle has no file 'no.cs'.")]
    [TestCase("path: /pets,", "path: pets,", "add-pet: ")]
    [TestCase("method: POST, path: /pets,", "method: GET, path: '/pets/{other}',", "GET /v1/pets/{other} of 'add-pet' is what 'get-pet' answers already")]
    [TestCase("basePath: /v1", "basePath: v1", "The base path 'v1' must be empty")]
    [TestCase("enabled: false", "enable: false", "bundle.yaml:11:77: 'enable' means nothing here; did you mean 'enabled'?")]
    [TestCase("add-pet:", "get-pet:", "bundle.yaml:11:11: The key 'get-pet' is given twice")]
    public async Task What_cannot_be_is_said_and_nothing_is_written(string part, string wrong, string reason)
    {
        await using var control = await RunningControl.StartAsync();
        var (status, body) = await ApplyAsync(control, Bundle(Pets.Replace(part, wrong, StringComparison.Ordinal)));
        Assert.That(status, Is.EqualTo(422));
        Assert.That(body.GetProperty("reasons")[0].GetString(), Does.Contain(reason));
        Assert.That((await control.CallAsync("GET", "/domains")).Items, Is.Empty);
    }

    [Test]
    public async Task A_source_that_is_too_large_or_no_text_is_refused()
    {
        await using var control = await RunningControl.StartAsync(settings => settings.Catalog.MaxSourceBytes = 2_000);
        var bad = BundleSamples.Zip(("bundle.yaml", Pets), ("shared/Pet.cs", new string('x', 2_001)), ("get.cs", new byte[] { 0xff, 0xfe }), ("add.cs", "class Add;"));
        var (status, body) = await ApplyAsync(control, bad);
        Assert.That(status, Is.EqualTo(422));
        Assert.That(body.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()), Is.EqualTo((string[])
            ["shared/Pet.cs has more than 2000 bytes, the most that Catalog:MaxSourceBytes allows.", "get.cs is not a text in UTF-8."]));
    }

    private static async Task<(int Status, JsonElement Body)> ApplyAsync(RunningControl control, byte[] zip, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/bundles" + query) { Content = new ByteArrayContent(zip) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } } };
        return await control.SendAsync(request);
    }

    private static string Diff(JsonElement body) => !body.TryGetProperty("diff", out var diff) ? body.ToString() : string.Join(", ", diff.EnumerateArray().Select(line => $"{line.GetProperty("kind").GetString()} {line.GetProperty("what").GetString()}"));
}
