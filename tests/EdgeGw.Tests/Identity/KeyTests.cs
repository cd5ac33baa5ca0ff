using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EdgeGw.Tests.Control;

namespace EdgeGw.Tests.Identity;

/// <summary>API keys: shown once, worth what their scopes say, until they expire or are deleted.</summary>
public sealed class KeyTests : OneControl
{
    [Test]
    public async Task A_key_is_shown_once_and_kept_as_a_hash()
    {
        var (id, key) = await AddAsync("ci", "deploy");
        Assert.That(key, Does.Match($"^egw_{id}_[A-Za-z0-9_-]{{43}}$"));
        Assert.That(await Control.Http.GetStringAsync("/api/v1/keys"), Does.Contain(id).And.Not.Contain(key[^43..]));
        Assert.That(await Control.Http.GetStringAsync("/api/v1/keys/" + id), Does.Contain("ci").And.Not.Contain(key[^43..]));
        Assert.That(await Control.Http.GetStringAsync("/api/v1/audit"), Does.Contain(id).And.Not.Contain(key[^43..]));
        foreach (var file in Directory.GetFiles(Control.State, "control.db*"))
        {
            Assert.That(await File.ReadAllTextAsync(file, Encoding.Latin1), Does.Not.Contain(key[^43..]));
            Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
        Assert.That(Control.LogText(), Does.Not.Contain(key[^43..]));
    }

    [Test]
    public async Task A_key_is_one_only_as_a_whole()
    {
        var (_, key) = await AddAsync("reader", "read");
        var (other, _) = await AddAsync("other", "admin");
        Assert.That(await StatusAsync(key), Is.EqualTo(200));
        foreach (var wrong in (string[])[key[..^1], key + "x", key.ToUpperInvariant(), $"egw_{other}_{key[^43..]}", "egw_", "egw__", "egw_" + new string('x', 100_000)])
        {
            Assert.That(await StatusAsync(wrong), Is.EqualTo(wrong.Length > 10_000 ? 431 : 401), wrong);
        }
        Assert.That((await Control.Http.GetFromJsonAsync<JsonElement>("/api/v1/keys/" + key.Split('_')[1])).GetProperty("lastUsed").ValueKind, Is.EqualTo(JsonValueKind.String));
    }

    [Test]
    public async Task One_that_was_deleted_or_has_expired_is_worth_nothing()
    {
        var (id, key) = await AddAsync("short", "read");
        using (var gone = await Control.Http.DeleteAsync("/api/v1/keys/" + id))
        {
            Assert.That((int)gone.StatusCode, Is.EqualTo(204));
        }
        Assert.That(await StatusAsync(key), Is.EqualTo(401));

        var soon = TimeProvider.System.GetUtcNow().AddSeconds(6); // it must not be over before the gateway has seen it
        (_, key) = await AddAsync("soon", "read", soon);
        await Eventually.TrueAsync(async () => await StatusAsync(key) == 401, "the key has expired");
        Assert.That(TimeProvider.System.GetUtcNow(), Is.GreaterThanOrEqualTo(soon.AddSeconds(-1)));
        Assert.That(await SayAsync(key), Does.Contain("has expired"));
        Assert.That(await SayAsync(key[..^1] + (key[^1] == 'x' ? 'y' : 'x')), Does.Not.Contain("has expired"), "that is told to who has the key alone");
    }

    [TestCase("""{"name":"","scopes":["read"]}""", 422)]
    [TestCase("""{"name":"x","scopes":[]}""", 422)]
    [TestCase("""{"name":"x"}""", 422)]
    [TestCase("""{"name":"x","scopes":["root"]}""", 422)]
    [TestCase("""{"name":"x","scopes":[null]}""", 422)]
    [TestCase("""{"name":"x","scopes":["read"],"expires":"2020-01-01T00:00:00Z"}""", 422)]
    [TestCase("""{"name":"x","scopes":["read"],"expires":"soon"}""", 400)]
    [TestCase("""{"name":"x","scopes":"admin"}""", 400)]
    [TestCase("", 400)]
    public async Task What_is_no_key_is_not_made(string json, int expected)
    {
        Assert.That((await PostAsync(json)).Status, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_list_comes_in_pages()
    {
        for (var i = 0; i < 5; i++)
        {
            await AddAsync($"page {i}", "read");
        }
        var (seen, after, pages) = (new HashSet<string>(), "", 0);
        do
        {
            var page = await Control.Http.GetFromJsonAsync<JsonElement>($"/api/v1/keys?limit=2&after={after}");
            foreach (var key in page.GetProperty("items").EnumerateArray())
            {
                Assert.That(seen.Add(key.GetProperty("id").GetString()!), Is.True);
            }
            after = page.GetProperty("next").GetString();
            pages++;
        }
        while (after is not null);
        Assert.That(seen, Has.Count.GreaterThanOrEqualTo(5));
        Assert.That(pages, Is.EqualTo((seen.Count + 1) / 2));
    }

    private async Task<(string Id, string Key)> AddAsync(string name, string scope, DateTimeOffset? expires = null)
    {
        var json = JsonSerializer.Serialize(new { name, scopes = new[] { scope }, expires });
        var (status, body) = await PostAsync(json);
        Assert.That(status, Is.EqualTo(201), body.ToString());
        return (body.GetProperty("id").GetString()!, body.GetProperty("key").GetString()!);
    }

    private Task<(int Status, JsonElement Body)> PostAsync(string json) =>
        Control.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/api/v1/keys") { Content = new StringContent(json, Encoding.UTF8, "application/json") });

    private async Task<int> StatusAsync(string key)
    {
        using var answer = await GetAsync(key);
        return (int)answer.StatusCode;
    }

    private async Task<string> SayAsync(string key)
    {
        using var answer = await GetAsync(key);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<HttpResponseMessage> GetAsync(string key)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, Control.Host.AdminUrl + "/api/v1/status");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await client.SendAsync(request);
    }
}
