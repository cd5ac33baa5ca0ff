namespace EdgeGw.AdminUi.Tests;

/// <summary>Every page, in both themes, wide and narrow.</summary>
public sealed class AccessibilityTests : OneGateway
{
    private static readonly string s_axe = File.ReadAllText(Repository.Path("gateway/EdgeGw.AdminUi/node_modules/axe-core/axe.min.js"));

    private string _endpoint = "";

    // Long enough that this machine is never too slow for it.
    protected override GatewayOptions Options { get; } = new() { Arguments = ["--set", "Crashes:ProbationSeconds=3600"] };

    [OneTimeSetUp]
    public async Task FillAsync()
    {
        await Gateway.DeployAsync(Repository.Fixture("ok1"));
        await Gateway.DeployAsync(Repository.Fixture("crash"));
        await CrashAsync("/crash/wild");
        await Gateway.WaitUntilReadyAsync();
        _endpoint = "/endpoints/" + await Catalog.EndpointAsync("pets");
    }

    [TestCase(1280, ColorScheme.Light)]
    [TestCase(375, ColorScheme.Dark)]
    public async Task Axe_finds_nothing_on_any_page_and_none_is_wider_than_its_window(int width, ColorScheme theme)
    {
        var page = await EnterAsync("/", width, theme);
        await page.EvaluateAsync(s_axe);
        using var scope = Assert.EnterMultipleScope();
        foreach (var (path, heading) in Pages.All)
        {
            await FollowAsync(page, path);
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = heading, Level = 1 })).ToBeVisibleAsync();
            await CheckAsync(page, $"{path} at {width} px");
        }
        await FollowAsync(page, _endpoint);
        await Assertions.Expect(page.Locator(".cm-content")).ToBeVisibleAsync();
        foreach (var tab in new[] { "Code", "Activity", "Versions", "Settings" })
        {
            await page.GetByRole(AriaRole.Tab, new() { Name = tab, Exact = true }).ClickAsync();
            await CheckAsync(page, $"an endpoint's {tab} at {width} px");
        }
    }

    [Test]
    public async Task Axe_finds_nothing_in_dialogs_and_at_the_gate()
    {
        var page = await VisitAsync("/services");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Log in" })).ToBeVisibleAsync();
        await page.EvaluateAsync(s_axe);
        Assert.That(await FindingsAsync(page), Is.Empty, "login");
        await LogInAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a service" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        Assert.That(await FindingsAsync(page), Is.Empty, "a form");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Control+k");
        await Assertions.Expect(page.GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
        Assert.That(await FindingsAsync(page), Is.Empty, "the palette");
    }

    [Test]
    public async Task On_a_phone_the_navigation_is_behind_a_button()
    {
        var page = await EnterAsync("/", width: 375);
        var link = page.GetByRole(AriaRole.Link, new() { Name = "Services" });
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Dashboard" })).ToBeVisibleAsync();
        await Assertions.Expect(link).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Menu", Exact = true }).ClickAsync();
        await link.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Services" })).ToBeVisibleAsync();
        await Assertions.Expect(link).ToHaveCountAsync(0);
    }

    // As a link does it: without loading the page anew, and axe with it.
    private async Task FollowAsync(IPage page, string path) => await page.EvaluateAsync("address => { history.pushState(null, '', address); dispatchEvent(new PopStateEvent('popstate')); }", Admin + path);

    private static async Task CheckAsync(IPage page, string what)
    {
        await Assertions.Expect(page.Locator("main [aria-busy=true]")).ToHaveCountAsync(0);
        Assert.That(await FindingsAsync(page), Is.Empty, what);
        Assert.That(await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth"), Is.LessThanOrEqualTo(0), what);
    }

    // Playwright's own script context is not bound by the page's Content-Security-Policy.
    private static async Task<IReadOnlyList<string>> FindingsAsync(IPage page) =>
        await page.EvaluateAsync<string[]>("async () => (await axe.run(document)).violations.map(found => `${found.impact} ${found.id}: ${found.nodes.map(node => node.html.slice(0, 160) + ' ' + (node.any[0]?.message ?? '')).join(' | ')}`)");
}
