using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeGw.Tests.Control.Catalog;

/// <summary>Endpoints by the Admin API.</summary>
internal sealed class EndpointApiTests
{
    [Test]
    public async Task An_endpoint_is_added_read_changed_and_deleted()
    {
        await using var control = await RunningControl.StartAsync();
        var collection = await control.CollectionAsync("api.example.com", "/v1");
        var document = AdminCalls.Endpoint(collection);
        document["limits"] = new JsonObject { ["deadlineMs"] = 500, ["heapBytes"] = 1 << 26 };
        document["settings"] = new JsonObject { ["greeting"] = "hi" };
        document["services"] = new JsonObject { ["database:main"] = "database:pets" };
        document["source"]!["packages"] = new JsonArray(new JsonObject { ["id"] = "Dapper", ["version"] = "2.1.0" });
        var added = await control.CallAsync("POST", "/endpoints", document.ToJsonString());
        document["description"] = "Says hello";
        var changed = await control.CallAsync("PUT", $"/endpoints/{added.Id}", document.ToJsonString(), added.ETag);
        var read = await control.CallAsync("GET", $"/endpoints/{added.Id}");
        var listed = (await control.CallAsync("GET", "/endpoints")).Items;

        using var scope = Assert.EnterMultipleScope();
        Assert.That((added.Status, added.ETag, added.Location), Is.EqualTo((201, "\"1\"", $"/api/v1/endpoints/{added.Id}")));
        Assert.That((changed.Status, changed.ETag, changed.Text("description")), Is.EqualTo((200, "\"2\"", "Says hello")));
        Assert.That(read.Body.ToString(), Is.EqualTo(changed.Body.ToString()));
        Assert.That((read.Text("host"), read.Text("path"), read.Text("pattern"), read.Text("state"), read.Text("enabled"), read.Text("kind")), Is.EqualTo(("api.example.com", "/hello", "/v1/hello", "created", "True", "source")));
        Assert.That(read.Body.GetProperty("limits").GetProperty("deadlineMs").GetInt32(), Is.EqualTo(500));
        Assert.That(read.Body.GetProperty("source").ToString(), Is.EqualTo("""{"files":[{"name":"Hello.cs","text":"class Hello;"}],"packages":[{"id":"Dapper","version":"2.1.0"}]}"""));
        Assert.That(listed.Single().TryGetProperty("source", out _), Is.False, "source is shown with one endpoint only");
        Assert.That((await control.CallAsync("DELETE", $"/endpoints/{added.Id}", ifMatch: added.ETag)).Status, Is.EqualTo(412));
        Assert.That((await control.CallAsync("DELETE", $"/endpoints/{added.Id}", ifMatch: changed.ETag)).Status, Is.EqualTo(204));
        var gone = await control.CallAsync("PUT", $"/endpoints/{added.Id}", document.ToJsonString(), changed.ETag);
        Assert.That((gone.Status, gone.Text("title")), Is.EqualTo((404, $"There is no endpoint '{added.Id}'; it may have been deleted meanwhile.")), "deleted while it was edited");
    }

    [Test]
    public async Task An_endpoint_says_all_that_is_wrong_with_it()
    {
        await using var control = await RunningControl.StartAsync();
        var collection = await control.CollectionAsync(basePath: "/v1");
        var refused = await control.CallAsync("POST", "/endpoints", $$$"""
            {"collection":"{{{collection}}}","name":"a b","method":"G T","path":"/{id}/{id}","services":{"main":"x","database:a":"cache:b"},"limits":{"deadlineMs":0,"heapBytes":-1},
             "settings":{"a":"1","A":"2"},"source":{"files":[{"name":"/etc/passwd","text":""},{"name":"a/../b.cs","text":""},{"name":"Directory.Build.props","text":""}],
             "packages":[{"id":"Dapper","version":"*"},{"id":"../x","version":"1.0.0"}]}}
            """);
        using var scope = Assert.EnterMultipleScope();
        Assert.That(refused.Status, Is.EqualTo(422));
        Assert.That(refused.Reasons, Has.Length.EqualTo(13), string.Join('\n', refused.Reasons));
        foreach (var part in (string[])["'a b'", "'G T'", "'id' twice", "'main'", "cache:b", "deadlineMs", "heapBytes", "'a' and 'A'", "'/etc/passwd'", "'a/../b.cs'", "'Directory.Build.props'", "'*'", "'../x'"])
        {
            Assert.That(refused.Reasons, Has.Some.Contains(part));
        }
        Assert.That((await control.CallAsync("GET", "/endpoints")).Items, Is.Empty);
    }

    [TestCase("name", "other", "/{name}/x", 409, "what 'hello' answers already")]
    [TestCase("name", "hello", "/other", 409, "'hello' already")]
    [TestCase("kind", "binary", "/other", 422, "'binary'")]
    [TestCase("kind", "library", "/other", 422, "manifest")]
    [TestCase("method", "", "/other", 422, "'method'")]
    [TestCase("collection", "nowhere", "/other", 422, "'nowhere'")]
    [TestCase("limts", "x", "/other", 400, "limts")]
    [TestCase("limits", "x", "/other", 400, "limits")]
    public async Task A_second_endpoint_that_cannot_be_is_refused(string member, string value, string path, int expected, string said)
    {
        await using var control = await RunningControl.StartAsync();
        var collection = await control.CollectionAsync();
        await control.CallAsync("POST", "/endpoints", AdminCalls.Endpoint(collection, path: "/{id}/x").ToJsonString());
        var document = AdminCalls.Endpoint(collection, "second", path);
        document[member] = value;
        var refused = await control.CallAsync("POST", "/endpoints", document.ToJsonString());
        Assert.That(refused.Status, Is.EqualTo(expected));
        Assert.That(refused.Text("title") + string.Join(' ', refused.Reasons), Does.Contain(said));
    }

    [Test]
    public async Task A_collection_may_not_move_its_endpoints_over_others()
    {
        await using var control = await RunningControl.StartAsync();
        var one = await control.CollectionAsync("*", "/v1", "One");
        var domain = (await control.CallAsync("GET", "/domains")).Items[0].GetProperty("id").GetString();
        var two = await control.CallAsync("POST", "/collections", $$"""{"domain":"{{domain}}","name":"Two","basePath":"/v2"}""");
        await control.CallAsync("POST", "/endpoints", AdminCalls.Endpoint(one).ToJsonString());
        await control.CallAsync("POST", "/endpoints", AdminCalls.Endpoint(two.Id, "second").ToJsonString());
        var moved = await control.CallAsync("PUT", $"/collections/{two.Id}", $$"""{"domain":"{{domain}}","name":"Two","basePath":"/v1"}""", two.ETag);
        Assert.That((moved.Status, moved.Reasons.Single()), Is.EqualTo((409, "GET /v1/hello of 'second' is what 'hello' answers already (/v1/hello): give one of them another path, method or host.")));
        Assert.That((await control.CallAsync("GET", $"/collections/{two.Id}")).Text("basePath"), Is.EqualTo("/v2"));
    }

    [Test]
    public async Task Endpoints_are_found_by_domain_collection_state_and_words()
    {
        await using var control = await RunningControl.StartAsync();
        var one = await control.CollectionAsync("a.example.com", name: "One");
        var two = await control.CollectionAsync("b.example.com", name: "Two");
        await control.CallAsync("POST", "/endpoints", AdminCalls.Endpoint(one, "pets", "/pets").ToJsonString());
        await control.CallAsync("POST", "/endpoints", AdminCalls.Endpoint(two, "users", "/users").ToJsonString());
        await control.DeployAsync(RunningControl.Handler("orders", 1));
        var domain = (await control.CallAsync("GET", $"/collections/{two}")).Text("domain");

        Assert.That(await NamesAsync(""), Is.EqualTo("orders pets users"));
        Assert.That(await NamesAsync($"?collection={one}"), Is.EqualTo("pets"));
        Assert.That(await NamesAsync($"?domain={domain}"), Is.EqualTo("users"));
        Assert.That(await NamesAsync("?state=live"), Is.EqualTo("orders"));
        Assert.That(await NamesAsync("?state=created&q=PET"), Is.EqualTo("pets"));
        Assert.That(await NamesAsync("?q=/orders"), Is.EqualTo("orders"));
        Assert.That((await control.CallAsync("GET", "/endpoints?state=lively")).Status, Is.EqualTo(400));

        async Task<string> NamesAsync(string query) => string.Join(' ', (await control.CallAsync("GET", "/endpoints" + query)).Items.Select(item => item.GetProperty("name").GetString()));
    }

    [Test]
    public async Task A_handler_deployed_past_the_catalog_is_shown_and_can_be_taken_in()
    {
        await using var control = await RunningControl.StartAsync();
        var collection = await control.CollectionAsync();
        await control.DeployAsync(RunningControl.Handler("hello", 1), "?prefix=/v1");
        var shown = (await control.CallAsync("GET", "/endpoints")).Items.Single();
        var alone = await control.CallAsync("GET", "/endpoints/handler:hello");
        var kept = await control.CallAsync("DELETE", "/endpoints/handler:hello", ifMatch: "*");
        var taken = await control.CallAsync("POST", "/endpoints", $$"""{"collection":"{{collection}}","name":"hello","kind":"library"}""");

        using var scope = Assert.EnterMultipleScope();
        Assert.That(shown.GetProperty("id").GetString(), Is.EqualTo("handler:hello"));
        Assert.That(alone.Body.ToString(), Is.EqualTo(shown.ToString()));
        Assert.That((alone.Text("kind"), alone.Text("state"), alone.Text("revision")), Is.EqualTo(("library", "live", "0")));
        Assert.That(alone.Body.GetProperty("live").GetProperty("version").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(alone.Body.GetProperty("routes").ToString(), Is.EqualTo("""[{"method":"GET","host":"*","pattern":"/v1/hello","name":"GET /v1/hello"}]"""));
        Assert.That((kept.Status, kept.Text("title")), Is.EqualTo((409, "'hello' was deployed past the catalog, which only shows it: take it in with POST /api/v1/endpoints and {\"kind\":\"library\",\"name\":\"hello\",\"collection\":…} first.")));
        Assert.That((taken.Status, taken.Text("state"), taken.Body.GetProperty("live").GetProperty("version").GetInt64()), Is.EqualTo((201, "live", 1)));
        Assert.That((await control.CallAsync("GET", "/endpoints")).Items.Single().GetProperty("id").GetString(), Is.EqualTo(taken.Id), "it is shown once");
    }

    [Test]
    public async Task Bounds_of_the_catalog_are_said_when_they_are_met()
    {
        await using var control = await RunningControl.StartAsync(settings => (settings.Catalog.MaxDomains, settings.Catalog.MaxCollections, settings.Catalog.MaxEndpoints, settings.Catalog.MaxFiles, settings.Catalog.MaxSourceBytes) = (1, 1, 1, 1, 1_024));
        var collection = await control.CollectionAsync();
        var domain = (await control.CallAsync("GET", "/domains")).Items[0].GetProperty("id").GetString();
        var large = AdminCalls.Endpoint(collection);
        large["source"]!["files"]![0]!["text"] = new string('x', 2_000);
        var many = AdminCalls.Endpoint(collection);
        many["source"]!["files"]!.AsArray().Add(new JsonObject { ["name"] = "B.cs", ["text"] = "" });

        using var scope = Assert.EnterMultipleScope();
        Assert.That((await control.CallAsync("POST", "/domains", """{"host":"b"}""")).Text("title"), Does.Contain("Catalog:MaxDomains"));
        Assert.That((await control.CallAsync("POST", "/collections", $$"""{"domain":"{{domain}}","name":"b"}""")).Text("title"), Does.Contain("Catalog:MaxCollections"));
        Assert.That((await control.CallAsync("POST", "/endpoints", large.ToJsonString())).Text("detail"), Does.Contain("Catalog:MaxSourceBytes"));
        Assert.That((await control.CallAsync("POST", "/endpoints", many.ToJsonString())).Text("detail"), Does.Contain("Catalog:MaxFiles"));
        Assert.That((await control.CallAsync("POST", "/endpoints", AdminCalls.Endpoint(collection).ToJsonString())).Status, Is.EqualTo(201));
        Assert.That((await control.CallAsync("POST", "/endpoints", AdminCalls.Endpoint(collection, "b", "/b").ToJsonString())).Text("title"), Does.Contain("Catalog:MaxEndpoints"));
    }
}
