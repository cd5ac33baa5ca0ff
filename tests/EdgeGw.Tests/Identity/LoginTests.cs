using EdgeGw.Tests.Control;

namespace EdgeGw.Tests.Identity;

/// <summary>Logging in, and what a session's cookie is good for.</summary>
public sealed class LoginTests
{
    private RunningControl _control = null!;

    [SetUp]
    public async Task Start()
    {
        _control = await RunningControl.StartAsync(settings => settings.Admin = "http://127.0.0.1:0");
        using var browser = new Browser(_control);
        await browser.SetUpAsync(_control);
    }

    [TearDown]
    public async Task Stop() => await _control.DisposeAsync();

    [Test]
    public async Task The_cookie_is_for_no_script_no_other_site_and_no_other_path()
    {
        using var browser = new Browser(_control);
        Assert.That(await browser.LogInAsync(), Is.EqualTo(200));
        var cookie = browser.Last!.Headers.GetValues("Set-Cookie").Single();
        Assert.That(cookie, Does.Match("^edgegw_session=[A-Za-z0-9_-]{43}; path=/api/; samesite=strict; httponly$"));
        Assert.That(browser.Last.Headers.CacheControl!.NoStore, Is.True);
    }

    [Test]
    public async Task A_login_gives_a_token_that_nobody_could_have_planted()
    {
        using var attacker = new Browser(_control);
        await attacker.LogInAsync();
        using var victim = new Browser(_control) { Cookie = attacker.Cookie };
        Assert.That(await victim.LogInAsync(), Is.EqualTo(200));
        Assert.That(victim.Cookie, Is.Not.EqualTo(attacker.Cookie));
        Assert.That((await attacker.SendAsync("GET", "/status")).Status, Is.EqualTo(401), "the planted session has ended");

        using var other = new Browser(_control) { Cookie = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" };
        await other.LogInAsync();
        Assert.That(other.Cookie, Does.Not.StartWith("AAAAA"));
    }

    [Test]
    public async Task What_changes_something_needs_the_token_that_a_foreign_page_cannot_read()
    {
        using var browser = new Browser(_control);
        await browser.LogInAsync();
        var csrf = browser.Csrf;
        foreach (var wrong in (string?[])[null, "x", csrf + "x", csrf![1..]])
        {
            browser.Csrf = wrong;
            Assert.That((await browser.SendAsync("POST", "/services/cache/default/disable")).Status, Is.EqualTo(403), wrong);
        }
        Assert.That((await browser.SendAsync("GET", "/status")).Status, Is.EqualTo(200), "reading needs none");
        browser.Csrf = (await browser.SendAsync("GET", "/session")).Body.GetProperty("csrf").GetString();
        Assert.That((await browser.SendAsync("POST", "/services/cache/default/disable")).Status, Is.EqualTo(200));
        Assert.That((await browser.SendAsync("POST", "/services/cache/default/enable", "", ("Origin", "https://evil.example"))).Status, Is.EqualTo(403));
        Assert.That((await browser.SendAsync("POST", "/services/cache/default/enable", "", ("Origin", "http://127.0.0.1:1"))).Status, Is.EqualTo(403), "another port is another origin");
        Assert.That((await browser.SendAsync("POST", "/services/cache/default/enable", "", ("Sec-Fetch-Site", "same-site"))).Status, Is.EqualTo(403));
        Assert.That((await browser.SendAsync("POST", "/services/cache/default/enable", "", ("Origin", browser.Url.GetLeftPart(UriPartial.Authority)), ("Sec-Fetch-Site", "same-origin"))).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_form_of_another_page_cannot_log_in()
    {
        using var client = new HttpClient();
        using var form = new StringContent($$"""{"user":"ada","password":"{{Browser.Password}}"}""", null, "text/plain");
        Assert.That((int)(await client.PostAsync(_control.Host.AdminUrl + "/api/v1/session", form)).StatusCode, Is.EqualTo(415));
    }

    [Test]
    public async Task Who_logs_out_is_out_whoever_has_the_cookie()
    {
        using var browser = new Browser(_control);
        await browser.LogInAsync();
        using var thief = new Browser(_control) { Cookie = browser.Cookie };
        Assert.That((await thief.SendAsync("GET", "/status")).Status, Is.EqualTo(200));
        Assert.That((await browser.SendAsync("DELETE", "/session")).Status, Is.EqualTo(204));
        Assert.That(browser.Cookie, Is.Empty);
        Assert.That((await thief.SendAsync("GET", "/status")).Status, Is.EqualTo(401));
        Assert.That((await browser.SendAsync("DELETE", "/session")).Status, Is.EqualTo(204), "again is fine");
    }

    [Test]
    public async Task A_wrong_name_and_a_wrong_password_are_answered_alike_and_too_many_with_how_long_to_wait()
    {
        using var browser = new Browser(_control);
        var said = new HashSet<string>();
        foreach (var user in (string[])["ada", "nobody", new('x', 1_000), "', '; --"])
        {
            Assert.That(await browser.LogInAsync(user, "wrong"), Is.EqualTo(401), user);
            said.Add(await browser.Last!.Content.ReadAsStringAsync());
        }
        Assert.That(said, Has.Count.EqualTo(1));
        for (var i = 0; i < 4; i++)
        {
            await browser.LogInAsync("ada", "wrong");
        }
        Assert.That(await browser.LogInAsync(), Is.EqualTo(429));
        Assert.That(browser.Last!.Headers.RetryAfter!.Delta!.Value.TotalSeconds, Is.InRange(1, 60));
        Assert.That((await _control.Http.GetAsync("/api/v1/status")).IsSuccessStatusCode, Is.True, "the socket is open all the same");
    }

    [Test]
    public async Task Who_changes_his_password_must_know_the_old_one_and_ends_his_other_sessions()
    {
        using var browser = new Browser(_control);
        using var other = new Browser(_control);
        await browser.LogInAsync();
        await other.LogInAsync();
        Assert.That((await browser.SendAsync("POST", "/session/password", """{"old":"wrong","new":"another password"}""")).Status, Is.EqualTo(403));
        Assert.That((await browser.SendAsync("POST", "/session/password", $$"""{"old":"{{Browser.Password}}","new":"short"}""")).Status, Is.EqualTo(422));
        Assert.That((await browser.SendAsync("POST", "/session/password", $$"""{"old":"{{Browser.Password}}","new":"another password"}""")).Status, Is.EqualTo(204));
        Assert.That(((await browser.SendAsync("GET", "/status")).Status, (await other.SendAsync("GET", "/status")).Status), Is.EqualTo((200, 401)));
        Assert.That((await other.LogInAsync(), await other.LogInAsync(password: "another password")), Is.EqualTo((401, 200)));
    }

    [Test]
    public async Task A_login_that_is_none_is_refused()
    {
        using var browser = new Browser(_control);
        foreach (var json in (string[])[" ", "{}", "{", "[]", """{"user":"ada"}""", """{"user":"ada","password":""}""", """{"user":"ada","password":1}""", """{"user":"ada","password":"x","admin":true}"""])
        {
            Assert.That((await browser.SendAsync("POST", "/session", json)).Status, Is.EqualTo(400), json);
        }
    }
}
