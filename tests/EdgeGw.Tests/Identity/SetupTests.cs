using EdgeGw.Tests.Control;

namespace EdgeGw.Tests.Identity;

/// <summary>From an empty state directory to somebody who is logged in.</summary>
public sealed class SetupTests
{
    [Test]
    public async Task Who_has_the_token_of_the_console_makes_the_first_user_once_and_is_logged_in()
    {
        await using var control = await StartAsync();
        using var browser = new Browser(control);
        Assert.That((await browser.SendAsync("GET", "/setup")).Body.GetProperty("needed").GetBoolean(), Is.True);
        Assert.That(await browser.LogInAsync(), Is.EqualTo(401), "there is nobody yet");

        var token = Browser.Token(control);
        Assert.That((await SetUpAsync(browser, token[1..])).Status, Is.EqualTo(403));
        Assert.That((await SetUpAsync(browser, "")).Status, Is.EqualTo(403));
        Assert.That((await SetUpAsync(browser, token, password: "short")).Status, Is.EqualTo(422));
        Assert.That((await SetUpAsync(browser, token, user: "a d a")).Status, Is.EqualTo(422));
        Assert.That((await SetUpAsync(browser, token)).Status, Is.EqualTo(201));

        var (status, session) = await browser.SendAsync("GET", "/session");
        Assert.That((status, session.GetProperty("user").GetString(), session.GetProperty("scopes").ToString()), Is.EqualTo((200, "ada", """["read","admin"]""")));
        Assert.That((await browser.SendAsync("GET", "/setup")).Body.GetProperty("needed").GetBoolean(), Is.False);
        using var other = new Browser(control);
        Assert.That((await SetUpAsync(other, token, user: "eve")).Status, Is.EqualTo(409), "the token is worth nothing any more");
        Assert.That((await browser.SendAsync("GET", "/users")).Body.GetProperty("items").GetArrayLength(), Is.EqualTo(1));
    }

    [Test]
    public async Task Two_who_have_the_token_at_once_do_not_both_become_the_first()
    {
        await using var control = await StartAsync();
        using var browser = new Browser(control);
        using var second = new Browser(control);
        var answers = await Task.WhenAll(SetUpAsync(browser, Browser.Token(control)), SetUpAsync(second, Browser.Token(control), user: "eve"));
        Assert.That(answers.Select(answer => answer.Status), Is.EquivalentTo((int[])[201, 409]));
    }

    [Test]
    public async Task The_token_is_another_one_at_each_start_and_there_is_none_once_there_is_a_user()
    {
        using var folder = new TestFolder();
        string first;
        await using (var control = await StartAsync(folder["s"]))
        {
            first = Browser.Token(control);
            Assert.That(first, Has.Length.EqualTo(32));
            Assert.That(File.Exists(Path.Combine(control.State, "control.db")), Is.False, "nobody has asked anything yet");
        }
        await using (var control = await StartAsync(folder["s"]))
        {
            Assert.That(Browser.Token(control), Is.Not.EqualTo(first));
            using var browser = new Browser(control);
            await browser.SetUpAsync(control);
        }
        await using (var control = await StartAsync(folder["s"]))
        {
            Assert.That(control.Host.Setup, Is.Null);
            using var browser = new Browser(control);
            Assert.That((await browser.LogInAsync(), await browser.LogInAsync("ADA")), Is.EqualTo((200, 200)), "the case of a name does not matter");
        }
    }

    private static Task<RunningControl> StartAsync(string? state = null) => RunningControl.StartAsync(settings => settings.Admin = "http://127.0.0.1:0", state);

    private static Task<(int Status, System.Text.Json.JsonElement Body)> SetUpAsync(Browser browser, string token, string user = "ada", string password = Browser.Password) =>
        browser.SendAsync("POST", "/setup", $$"""{"token":"{{token}}","user":"{{user}}","password":"{{password}}"}""");
}
