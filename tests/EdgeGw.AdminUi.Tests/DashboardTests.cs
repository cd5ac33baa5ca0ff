using System.Text.RegularExpressions;

namespace EdgeGw.AdminUi.Tests;

/// <summary>What happens shows by itself.</summary>
public sealed partial class DashboardTests : OneGateway
{
    // Long enough that this machine is never too slow for it.
    protected override GatewayOptions Options { get; } = new() { Arguments = ["--set", "Crashes:ProbationSeconds=3600"] };

    [Test]
    public async Task Traffic_shows_as_it_comes()
    {
        await Gateway.DeployAsync(Repository.Fixture("ok1"));
        using var client = Http.Http11(Gateway.Address);
        using var stop = new CancellationTokenSource();
        var traffic = AskAsync(client, "/ok", stop.Token);
        var page = await EnterAsync("/");
        await Assertions.Expect(page.GetByRole(AriaRole.Img, new() { NameRegex = Figures() })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Handlers" }).GetByRole(AriaRole.Link, new() { Name = "ok" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".plot canvas")).ToHaveCountAsync(3);
        await stop.CancelAsync();
        await traffic;
    }

    [Test]
    public async Task A_request_shows_as_it_comes_with_where_its_time_went()
    {
        await Gateway.DeployAsync(Repository.Fixture("ok1"));
        var page = await EnterAsync("/requests");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Requests", Level = 1 })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("main [aria-busy=true]")).ToHaveCountAsync(0); // it follows
        using var client = Http.Http11(Gateway.Address);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nothing/here");
        using var response = await client.SendAsync(request);
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "/nothing/here" });
        await Assertions.Expect(row).ToContainTextAsync("404");
        await client.GetStringAsync("/ok");
        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "/ok" }).First.GetByRole(AriaRole.Button, new() { Name = "Details" }).ClickAsync();
        await Assertions.Expect(page.GetByText("until the answer was handed over")).ToBeVisibleAsync();
    }

    [Test]
    public async Task A_crash_shows_with_the_version_that_is_blamed_and_what_serves_in_its_place_without_reloading()
    {
        await Gateway.DeployAsync(Repository.Fixture("crash"));
        var page = await EnterAsync("/");
        await Gateway.DeployAsync(Repository.Fixture("crash2"));
        await Assertions.Expect(page.GetByText("deploy crash 2.0.0")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("No worker has died")).ToBeVisibleAsync(); // a crash that was there before the page is no news to it
        await page.EvaluateAsync("window.sameDocument = true");

        await CrashAsync("/crash/wild");

        await Assertions.Expect(page.GetByText("crash 2.0.0 crashed the worker")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("crash 2.0.0 is quarantined", new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("1.0.0 serves")).ToBeVisibleAsync();
        Assert.That(await page.EvaluateAsync<bool>("window.sameDocument === true"), "it is still the page that was open before");

        await page.GetByRole(AriaRole.Button, new() { Name = "Look at it" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "crash 2.0.0 crashed the worker" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("The thread that died was inside a call of it.")).ToBeVisibleAsync();
    }

    [Test]
    public async Task A_rollback_is_two_clicks_and_shows_at_once()
    {
        await Gateway.DeployAsync(Repository.Fixture("ok1"));
        await Gateway.DeployAsync(Repository.Fixture("ok2"));
        var page = await EnterAsync("/deployments");
        await page.GetByRole(AriaRole.Button, new() { Name = "Roll back" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Roll back" }).ClickAsync();
        await Assertions.Expect(page.GetByText("no request was lost")).ToBeVisibleAsync();
        using var client = Http.Http11(Gateway.Address);
        Assert.That(await client.GetStringAsync("/ok"), Is.EqualTo("{\"version\":1}"));
    }

    private static async Task AskAsync(HttpClient client, string path, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await client.GetStringAsync(path, CancellationToken.None);
        }
    }

    [GeneratedRegex("Requests and errors per second: requests.s [1-9]")]
    private static partial Regex Figures();
}
