namespace EdgeGw.AdminUi.Tests;

/// <summary>Every page, in both themes, wide and narrow.</summary>
public sealed class AccessibilityTests : OneGateway
{
    private static readonly string s_axe = File.ReadAllText(Repository.Path("gateway/EdgeGw.AdminUi/node_modules/axe-core/axe.min.js"));

    // Long enough that this machine is never too slow for it.
    protected override GatewayOptions Options { get; } = new() { Arguments = ["--set", "Crashes:ProbationSeconds=3600"] };

    [OneTimeSetUp]
    public async Task FillAsync()
    {
        await Gateway.DeployAsync(Repository.Fixture("ok1"));
        await Gateway.DeployAsync(Repository.Fixture("crash"));
        await CrashAsync("/crash/wild");
        await Gateway.WaitUntilReadyAsync();
    }

    [Test]
    public async Task Axe_finds_nothing_and_nothing_is_wider_than_a_phone([Values] bool dark)
    {
        var page = await EnterAsync("/", theme: dark ? ColorScheme.Dark : ColorScheme.Light);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Dashboard" })).ToBeVisibleAsync();
        using var scope = Assert.EnterMultipleScope();
        foreach (var visited in Pages.All)
        {
            await page.GotoAsync(Admin + visited.Path);
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = visited.Heading, Level = 1 })).ToBeVisibleAsync();
            await Assertions.Expect(page.Locator("main [aria-busy=true]")).ToHaveCountAsync(0);
            Assert.That(await FindingsAsync(page), Is.Empty, visited.Path);
            await page.SetViewportSizeAsync(375, 700);
            Assert.That(await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth"), Is.LessThanOrEqualTo(0), $"{visited.Path} at 375 px");
            Assert.That(await FindingsAsync(page), Is.Empty, $"{visited.Path} at 375 px");
            await page.SetViewportSizeAsync(1280, 800);
        }
    }

    [Test]
    public async Task Axe_finds_nothing_in_dialogs_and_at_the_gate()
    {
        var page = await VisitAsync("/services");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Log in" })).ToBeVisibleAsync();
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

    // Playwright's own script context is not bound by the page's Content-Security-Policy.
    private static async Task<IReadOnlyList<string>> FindingsAsync(IPage page)
    {
        await page.EvaluateAsync(s_axe);
        return await page.EvaluateAsync<string[]>("async () => (await axe.run(document)).violations.map(found => `${found.impact} ${found.id}: ${found.nodes.map(node => node.html.slice(0, 160) + ' ' + (node.any[0]?.message ?? '')).join(' | ')}`)");
    }
}
