namespace EdgeGw.Tests.Control.Catalog;

/// <summary>Domains and collections by the Admin API.</summary>
internal sealed class DomainApiTests
{
    [Test]
    public async Task A_domain_is_added_read_changed_and_deleted()
    {
        await using var control = await RunningControl.StartAsync();
        var added = await control.CallAsync("POST", "/domains", """{"host":"API.example.com","description":"all of it"}""");
        var read = await control.CallAsync("GET", $"/domains/{added.Id}");
        var changed = await control.CallAsync("PUT", $"/domains/{added.Id}", """{"host":"*.example.com"}""", added.ETag);
        var deleted = await control.CallAsync("DELETE", $"/domains/{added.Id}", ifMatch: changed.ETag);

        using var scope = Assert.EnterMultipleScope();
        Assert.That((added.Status, added.ETag, added.Location, added.Text("host")), Is.EqualTo((201, "\"1\"", $"/api/v1/domains/{added.Id}", "api.example.com")));
        Assert.That((read.Status, read.ETag, read.Body.ToString()), Is.EqualTo((200, "\"1\"", added.Body.ToString())));
        Assert.That((changed.Status, changed.ETag, changed.Text("host"), changed.Text("description")), Is.EqualTo((200, "\"2\"", "*.example.com", "")), "what is not given is empty");
        Assert.That(deleted.Status, Is.EqualTo(204));
        Assert.That((await control.CallAsync("GET", $"/domains/{added.Id}")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task Who_has_seen_an_earlier_revision_changes_nothing_and_is_told_the_newest()
    {
        await using var control = await RunningControl.StartAsync();
        var first = await control.CallAsync("POST", "/domains", """{"host":"a.example.com"}""");
        await control.CallAsync("PUT", $"/domains/{first.Id}", """{"host":"b.example.com"}""", first.ETag);
        foreach (var (method, json) in new[] { ("PUT", """{"host":"c.example.com"}"""), ("DELETE", null) })
        {
            var stale = await control.CallAsync(method, $"/domains/{first.Id}", json, first.ETag);
            Assert.That((stale.Status, stale.Text("revision")), Is.EqualTo((412, "2")), method);
            Assert.That((await control.CallAsync(method, $"/domains/{first.Id}", json)).Status, Is.EqualTo(428), method);
            Assert.That((await control.CallAsync(method, $"/domains/{first.Id}", json, "2")).Status, Is.EqualTo(400), method);
        }
        Assert.That((await control.CallAsync("GET", $"/domains/{first.Id}")).Text("host"), Is.EqualTo("b.example.com"));
    }

    [TestCase("""{"host":""}""", 422)]
    [TestCase("""{}""", 422)]
    [TestCase("""{"host":"a.example.com:80"}""", 422)]
    [TestCase("""{"host":"a b"}""", 422)]
    [TestCase("""{"host":"../etc"}""", 422)]
    [TestCase("""{"host":"taken.example.com"}""", 409)]
    [TestCase("""{"host":"TAKEN.example.com"}""", 409)]
    [TestCase("""{"host":"a","descripton":"x"}""", 400)]
    [TestCase("""{"host":3}""", 400)]
    [TestCase("""{"host":"a" """, 400)]
    [TestCase("""[]""", 400)]
    [TestCase("", 400)]
    public async Task A_document_that_is_not_right_is_not_kept(string json, int expected)
    {
        await using var control = await RunningControl.StartAsync();
        await control.CallAsync("POST", "/domains", """{"host":"taken.example.com"}""");
        Assert.That((await control.CallAsync("POST", "/domains", json)).Status, Is.EqualTo(expected));
        Assert.That((await control.CallAsync("GET", "/domains")).Items, Has.Length.EqualTo(1));
    }

    [Test]
    public async Task What_is_too_large_or_of_another_type_is_refused_as_such()
    {
        await using var control = await RunningControl.StartAsync(settings => settings.Catalog.MaxSourceBytes = 1_024);
        var large = $$"""{"host":"{{new string('x', 100_000)}}"}""";
        Assert.That((await control.CallAsync("POST", "/domains", large)).Status, Is.EqualTo(413));
        Assert.That((await control.CallAsync("POST", "/domains", """{"host":"a"}""", contentType: "text/plain")).Status, Is.EqualTo(415));
        Assert.That((await control.CallAsync("POST", "/domains", """{"host":"a"}""", contentType: "application/x-www-form-urlencoded")).Status, Is.EqualTo(415));
    }

    [Test]
    public async Task Lists_come_in_pages()
    {
        await using var control = await RunningControl.StartAsync();
        foreach (var host in (string[])["c", "a", "d", "b", "e"])
        {
            await control.CallAsync("POST", "/domains", $$"""{"host":"{{host}}.example.com"}""");
        }
        var seen = new List<string>();
        var next = "";
        do
        {
            var page = await control.CallAsync("GET", $"/domains?limit=2{next}");
            seen.AddRange(page.Items.Select(item => item.GetProperty("host").GetString()![..1]));
            next = page.Body.GetProperty("next").GetString() is { } cursor ? $"&after={cursor}" : null;
        }
        while (next is not null);
        Assert.That(string.Concat(seen), Is.EqualTo("abcde"));
    }

    [TestCase("?limit=0")]
    [TestCase("?limit=1001")]
    [TestCase("?limit=x")]
    [TestCase("?after=%21")]
    [TestCase("?limt=3")]
    public async Task A_page_that_cannot_be_is_refused(string query)
    {
        await using var control = await RunningControl.StartAsync();
        Assert.That((await control.CallAsync("GET", "/domains" + query)).Status, Is.EqualTo(400));
    }

    [Test]
    public async Task A_domain_with_collections_and_a_collection_with_endpoints_stay()
    {
        await using var control = await RunningControl.StartAsync();
        var collection = await control.CollectionAsync();
        var endpoint = await control.CallAsync("POST", "/endpoints", AdminCalls.Endpoint(collection).ToJsonString());
        var domain = (await control.CallAsync("GET", "/domains")).Items[0].GetProperty("id").GetString();

        Assert.That((await control.CallAsync("DELETE", $"/domains/{domain}", ifMatch: "*")).Status, Is.EqualTo(409));
        Assert.That((await control.CallAsync("DELETE", $"/collections/{collection}", ifMatch: "*")).Status, Is.EqualTo(409));
        Assert.That((await control.CallAsync("DELETE", $"/endpoints/{endpoint.Id}", ifMatch: "*")).Status, Is.EqualTo(204));
        Assert.That((await control.CallAsync("DELETE", $"/collections/{collection}", ifMatch: "*")).Status, Is.EqualTo(204));
        Assert.That((await control.CallAsync("DELETE", $"/domains/{domain}", ifMatch: "*")).Status, Is.EqualTo(204));
    }

    [Test]
    public async Task A_collection_says_all_that_is_wrong_with_it()
    {
        await using var control = await RunningControl.StartAsync();
        var refused = await control.CallAsync("POST", "/collections", """
            {"domain":"none","name":" ","basePath":"v1/","shared":[{"name":"../a.cs","text":""},{"name":"b.csproj","text":""},{"name":"A.cs","text":""},{"name":"a.cs","text":""}]}
            """);
        using var scope = Assert.EnterMultipleScope();
        Assert.That(refused.Status, Is.EqualTo(422));
        Assert.That(refused.Reasons, Has.Length.EqualTo(6));
        Assert.That(refused.Reasons, Has.Some.Contains("'../a.cs'").And.Some.Contains("'b.csproj'").And.Some.Contains("'v1/'").And.Some.Contains("'none'"));
    }

    [Test]
    public async Task Collections_are_those_of_a_domain_when_it_is_named()
    {
        await using var control = await RunningControl.StartAsync();
        await control.CollectionAsync("a.example.com", name: "Of a");
        var domain = await control.CallAsync("POST", "/domains", """{"host":"b.example.com"}""");
        await control.CallAsync("POST", "/collections", $$"""{"domain":"{{domain.Id}}","name":"Of b","basePath":"/b","shared":[{"name":"Models/Pet.cs","text":"record Pet;"}]}""");
        var twice = await control.CallAsync("POST", "/collections", $$"""{"domain":"{{domain.Id}}","name":"Of b"}""");
        var found = (await control.CallAsync("GET", $"/collections?domain={domain.Id}")).Items;

        using var scope = Assert.EnterMultipleScope();
        Assert.That(twice.Status, Is.EqualTo(409));
        Assert.That(found.Select(item => item.GetProperty("name").GetString()), Is.EqualTo((string[])["Of b"]));
        Assert.That(found[0].TryGetProperty("shared", out _), Is.False, "files are shown with one collection only");
        Assert.That((await control.CallAsync("GET", $"/collections/{found[0].GetProperty("id")}")).Body.GetProperty("shared")[0].GetProperty("text").GetString(), Is.EqualTo("record Pet;"));
        Assert.That((await control.CallAsync("GET", "/collections")).Items, Has.Length.EqualTo(2));
    }

    [Test]
    public async Task What_was_written_is_there_after_a_restart()
    {
        using var folder = new TestFolder();
        string collection;
        await using (var control = await RunningControl.StartAsync(state: folder["s"]))
        {
            collection = await control.CollectionAsync("api.example.com", "/v1");
        }
        await using var again = await RunningControl.StartAsync(state: folder["s"]);
        Assert.That((await again.CallAsync("GET", $"/collections/{collection}")).Text("basePath"), Is.EqualTo("/v1"));
    }
}
