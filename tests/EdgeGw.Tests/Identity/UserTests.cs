using System.Text;
using System.Text.Json;
using EdgeGw.Tests.Control;

namespace EdgeGw.Tests.Identity;

/// <summary>Users, as an administrator sees to them.</summary>
public sealed class UserTests
{
    private RunningControl _control = null!;

    [SetUp]
    public async Task Start() => _control = await RunningControl.StartAsync(settings => settings.Admin = "http://127.0.0.1:0");

    [TearDown]
    public async Task Stop() => await _control.DisposeAsync();

    [Test]
    public async Task A_user_made_over_the_socket_can_log_in_and_do_what_the_scopes_say()
    {
        await AddAsync("root", "admin");
        await AddAsync("bob", "services");
        using var browser = new Browser(_control);
        Assert.That(await browser.LogInAsync("bob"), Is.EqualTo(200));
        Assert.That((await browser.SendAsync("POST", "/services/cache/default/disable")).Status, Is.EqualTo(200));
        var (status, body) = await browser.SendAsync("POST", "/rollbacks", "{}");
        Assert.That((status, body.GetProperty("title").GetString()), Is.EqualTo((403, "POST /api/v1/rollbacks needs the scope deploy; bob has read services.")));
        Assert.That((await browser.SendAsync("GET", "/users")).Status, Is.EqualTo(403));
        Assert.That((await browser.SendAsync("GET", "/setup")).Body.GetProperty("needed").GetBoolean(), Is.False);
    }

    [Test]
    public async Task A_change_of_what_has_been_changed_meanwhile_is_412_and_one_that_does_not_say_of_what_428()
    {
        await AddAsync("root", "admin");
        await AddAsync("bob", "read");
        const string json = """{"scopes":["deploy"]}""";
        Assert.That((await SendAsync("PUT", "/users/bob", json)).Status, Is.EqualTo(428));
        Assert.That((await SendAsync("PUT", "/users/bob", json, "\"1\"")).Status, Is.EqualTo(200));
        var (status, body) = await SendAsync("PUT", "/users/bob", json, "\"1\"");
        Assert.That((status, body.GetProperty("revision").GetInt64()), Is.EqualTo((412, 2)));
        Assert.That((await SendAsync("DELETE", "/users/bob", "", "\"1\"")).Status, Is.EqualTo(412));
        Assert.That((await SendAsync("DELETE", "/users/bob", "")).Status, Is.EqualTo(428));
        Assert.That((await SendAsync("PUT", "/users/bob", json, "W/\"2\"")).Status, Is.EqualTo(400));
        Assert.That((await SendAsync("DELETE", "/users/bob", "", "*")).Status, Is.EqualTo(204));
        Assert.That((await SendAsync("DELETE", "/users/bob", "", "*")).Status, Is.EqualTo(404));
        Assert.That((await SendAsync("GET", "/users/bob")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task The_last_administrator_can_be_neither_deleted_nor_disabled_nor_made_less()
    {
        await AddAsync("root", "admin");
        await AddAsync("bob", "deploy");
        Assert.That((await SendAsync("DELETE", "/users/root", "", "*")).Status, Is.EqualTo(409));
        Assert.That((await SendAsync("PUT", "/users/root", """{"scopes":["read"]}""", "*")).Status, Is.EqualTo(409));
        Assert.That((await SendAsync("PUT", "/users/root", """{"scopes":["admin"],"enabled":false}""", "*")).Status, Is.EqualTo(409));
        Assert.That((await SendAsync("GET", "/users/root")).Body.ToString(), Does.Contain("admin").And.Contain("\"enabled\":true").And.Contain("\"revision\":1"));
        Assert.That((await SendAsync("PUT", "/users/bob", """{"scopes":["admin"]}""", "*")).Status, Is.EqualTo(200));
        Assert.That((await SendAsync("DELETE", "/users/root", "", "*")).Status, Is.EqualTo(204));
    }

    [Test]
    public async Task What_is_no_user_is_not_made()
    {
        await AddAsync("bob", "admin");
        foreach (var (json, expected) in new[]
        {
            ("""{"name":"Bob","password":"correct horse","scopes":["read"]}""", 409),
            ("""{"name":"a/b","password":"correct horse","scopes":["read"]}""", 422),
            ("""{"name":"\u0430da","password":"correct horse","scopes":["read"]}""", 422),
            ("""{"password":"correct horse","scopes":["read"]}""", 422),
            ("""{"name":"eve","scopes":["read"]}""", 422),
            ("""{"name":"evelyn99","password":"Evelyn99","scopes":["read"]}""", 422),
            ("""{"name":"eve","password":"correct horse"}""", 422),
            ("""{"name":"eve","password":"correct horse","scopes":["sudo"]}""", 422),
            ("""{"name":"eve","password":"correct horse","role":"admin"}""", 400),
            ("null", 400),
        })
        {
            Assert.That((await SendAsync("POST", "/users", json)).Status, Is.EqualTo(expected), json);
        }
        Assert.That((await SendAsync("GET", "/users")).Body.GetProperty("items").GetArrayLength(), Is.EqualTo(1));
    }

    private async Task AddAsync(string name, string scope)
    {
        var (status, body) = await SendAsync("POST", "/users", JsonSerializer.Serialize(new { name, password = Browser.Password, scopes = new[] { scope } }));
        Assert.That(status, Is.EqualTo(201), body.ToString());
    }

    private async Task<(int Status, JsonElement Body)> SendAsync(string method, string path, string json = "", string? revision = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1" + path) { Content = json.Length == 0 ? null : new StringContent(json, Encoding.UTF8, "application/json") };
        if (revision is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", revision);
        }
        using var answer = await _control.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }
}
