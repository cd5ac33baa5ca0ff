using System.Security.Cryptography;
using System.Text;

namespace EdgeGw.EndToEnd.Tests;

/// <summary>The petstore, published, gives these answers whatever is behind its services.</summary>
public abstract class PetstoreTests : OneGateway
{
    private const string Json = "application/json";

    [OneTimeSetUp]
    public async Task DeployAsync()
    {
        await PrepareAsync();
        var migrated = await Gateway.Cli.RunAsync("service", "migrate", "database:main", Repository.Path("handler-sdk/samples/petstore/migrations"));
        Assert.That(migrated.ExitCode, Is.Zero, migrated.ToString());
        await Gateway.DeployAsync(Repository.Sample("petstore"));
        await Gateway.DeployAsync(Repository.Sample("pets-c"));
    }

    /// <summary>Puts the backends in place, before the petstore is deployed.</summary>
    protected abstract Task PrepareAsync();

    [Test, Order(1)]
    public async Task The_first_pets_are_those_of_the_migrations() => Assert.That(await TextAsync("/pets"), Is.EqualTo(
        """{"pets":[{"id":1,"name":"Rex","kind":"dog","born":"2023-05-17","priceCents":24900,"chip":"276098100000001"},"""
        + """{"id":2,"name":"Mia","kind":"cat","born":"2024-01-30","priceCents":12050,"chip":null},{"id":3,"name":"Tweety","kind":"bird","born":null,"priceCents":1999,"chip":null}],"next":null}"""));

    [Test]
    public async Task A_pet_is_added_found_changed_and_removed()
    {
        const string Zoe = """{"name":"Zoë 'O\u0027; DROP TABLE pets;--","kind":"fish","priceCents":100,"born":"1969-12-31","chip":"276098100000077"}""";
        using var created = await SendAsync(HttpMethod.Post, "/pets", Zoe);
        var path = created.Headers.Location!.ToString();
        Assert.That((created.StatusCode, await TextAsync(path)), Is.EqualTo((HttpStatusCode.Created, await created.Content.ReadAsStringAsync())));
        Assert.That(await TextAsync(path), Does.Contain("DROP TABLE pets;--").And.Contain("\"born\":\"1969-12-31\"").And.Contain("Zo\\u00EB"));
        Assert.That(await TextAsync("/pets/search?q=ZO%C3%8B"), Does.Contain("276098100000077"), "lower case beyond ASCII");

        using var twin = await SendAsync(HttpMethod.Post, "/pets", Zoe);
        await AssertProblemAsync(twin, HttpStatusCode.Conflict);

        using var changed = await SendAsync(HttpMethod.Put, path, """{"name":"100%","kind":"other","priceCents":0}""");
        Assert.That(await changed.Content.ReadAsStringAsync(), Does.EndWith(""","name":"100%","kind":"other","born":null,"priceCents":0,"chip":null}"""));
        Assert.That(await TextAsync("/pets/search?q=0%25&kind=other"), Does.Contain("100%"), "a percent sign stands for itself");
        Assert.That(await TextAsync("/pets/search?q=_00"), Does.Contain("\"pets\":[]"));
        Assert.That(await TextAsync("/c/pets/other"), Does.Contain("\"name\":\"100%\""), "the same table, from C");

        Assert.That((await SendAsync(HttpMethod.Delete, path)).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        foreach (var (method, json) in new[] { (HttpMethod.Get, null), (HttpMethod.Delete, null), (HttpMethod.Put, Zoe) })
        {
            using var gone = await SendAsync(method, path, json);
            await AssertProblemAsync(gone, HttpStatusCode.NotFound);
        }
    }

    [Test]
    public async Task A_list_that_was_cached_is_new_after_a_change()
    {
        var before = await TextAsync("/pets?limit=100");
        using var created = await SendAsync(HttpMethod.Post, "/pets", """{"name":"Cached","kind":"dog","priceCents":1}""");
        Assert.That(before, Does.Not.Contain("Cached"));
        Assert.That(await TextAsync("/pets?limit=100"), Does.Contain("Cached"));
    }

    [Test]
    public async Task Pets_that_are_added_at_once_get_a_number_each()
    {
        var created = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => SendAsync(HttpMethod.Post, "/pets", """{"name":"Many","kind":"bird","priceCents":1}""")));
        Assert.That(created.Select(c => c.StatusCode), Is.All.EqualTo(HttpStatusCode.Created));
        Assert.That(created.Select(c => c.Headers.Location).Distinct().Count(), Is.EqualTo(100));
        var found = new List<string>();
        for (var next = "/pets/search?q=many&limit=30"; next is not null;)
        {
            var page = JsonDocument.Parse(await TextAsync(next)).RootElement;
            found.AddRange(page.GetProperty("pets").EnumerateArray().Select(p => p.GetProperty("id").ToString()));
            next = page.GetProperty("next").GetString();
        }
        Assert.That(found, Is.SupersetOf(created.Select(c => c.Headers.Location!.ToString().Split('/')[^1])));
        Assert.That(found, Is.Unique);
        var exported = (await TextAsync("/pets/export")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").ToString());
        Assert.That(exported, Is.SupersetOf(found));
    }

    [Test]
    public async Task An_image_comes_down_as_it_went_up()
    {
        var image = RandomNumberGenerator.GetBytes(5_000_000);
        using var upload = new ByteArrayContent(image) { Headers = { ContentType = new("image/png") } };
        Assert.That((await Client.PutAsync("/pets/2/image", upload)).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        using var download = await Client.GetAsync("/pets/2/image");
        Assert.That((download.Content.Headers.ContentType?.MediaType, download.Content.Headers.ContentLength), Is.EqualTo(("image/png", 5_000_000)));
        Assert.That((await download.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(image), "the same bytes");

        var link = await TextAsync("/pets/2/image/link");
        Assert.That(link, Does.Contain("&").And.Not.Contain("\\u"), "can be copied as it is");
        using var linked = await Client.GetAsync(JsonDocument.Parse(link).RootElement.GetProperty("url").GetString());
        Assert.That((linked.StatusCode, (await linked.Content.ReadAsByteArrayAsync()).Length), Is.EqualTo((HttpStatusCode.OK, 5_000_000)));
        using var none = await Client.GetAsync("/pets/3/image/link");
        await AssertProblemAsync(none, HttpStatusCode.NotFound);
    }

    [TestCase("POST", "/pets", """{"name":"","kind":"dog","priceCents":1}""", 422)]
    [TestCase("POST", "/pets", "{", 400)]
    [TestCase("GET", "/pets?limit=0", null, 400)]
    [TestCase("GET", "/pets/search?maxPriceCents=x", null, 400)]
    [TestCase("GET", "/pets/9223372036854775807", null, 404)]
    [TestCase("PUT", "/pets/1/image", """{"no":"image"}""", 415)]
    public async Task Bad_input_is_a_problem(string method, string path, string? json, int status)
    {
        using var response = await SendAsync(new HttpMethod(method), path, json);
        await AssertProblemAsync(response, (HttpStatusCode)status);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = json is null ? null : new StringContent(json, Encoding.UTF8, Json) };
        return await Client.SendAsync(request);
    }
}

/// <summary>On what every gateway has without asking.</summary>
public sealed class EmbeddedPetstoreTests : PetstoreTests
{
    protected override Task PrepareAsync() => Task.CompletedTask;
}
