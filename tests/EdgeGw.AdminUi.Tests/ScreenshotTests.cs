using System.Net.Http.Json;

namespace EdgeGw.AdminUi.Tests;

/// <summary>Takes the pictures of docs/images for <c>./build.sh screenshots</c>: they are looked at by people, not compared, and no part of the tests.</summary>
[Category("Screenshots")]
public sealed class ScreenshotTests : OneGateway
{
    private const float BuildMs = 300_000;

    // Long enough that this machine is never too slow for it.
    protected override GatewayOptions Options { get; } = new()
    {
        Arguments = ["--set", "Crashes:ProbationSeconds=3600"],
        Environment = new Dictionary<string, string?> { ["EDGEGW_COMPILE__ENABLED"] = "true", ["EDGEGW_COMPILE__FEED"] = Repository.Path("artifacts/packages") },
    };

    [OneTimeSetUp]
    public async Task FillAsync()
    {
        foreach (var sample in new[] { "hello", "json-api", "streaming" })
        {
            await Gateway.DeployAsync(Repository.Sample(sample));
        }
        await Gateway.DeployAsync(Repository.Fixture("crash"));
        await Gateway.DeployAsync(Repository.Fixture("crash2"));
        await Gateway.AddServiceAsync("database:pets", "sqlite");
        await Gateway.AddServiceAsync("cache:sessions", "memory");
        await SendAsync(HttpMethod.Put, "secrets/pets-password", new { value = "not shown" });
        await SendAsync(HttpMethod.Post, "keys", new { name = "ci", scopes = new[] { "read", "deploy" }, expires = DateTimeOffset.UtcNow.AddDays(90) });
        await SendAsync(HttpMethod.Post, "keys", new { name = "grafana", scopes = new[] { "read" }, expires = (DateTimeOffset?)null });
        await SendAsync(HttpMethod.Post, "users", new { name = "grace", password = Password, scopes = new[] { "read", "deploy", "services" }, enabled = true });
    }

    [Test, Order(1)]
    public async Task Of_the_gate()
    {
        var page = await VisitAsync("/", 900);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Log in" })).ToBeVisibleAsync();
        await TakeAsync(page, "login");
    }

    [Test, Order(2)]
    public async Task Of_an_endpoint()
    {
        var page = await EnterAsync("/endpoints/new");
        await Assertions.Expect(page.GetByRole(AriaRole.Radio).First).ToBeVisibleAsync();
        await TakeAsync(page, "endpoint-new");
        await page.GetByLabel("Name").FillAsync("greeting");
        await page.GetByLabel("Path").FillAsync("/greeting");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create and open the editor" }).ClickAsync();
        var editor = page.Locator(".cm-content");
        await Assertions.Expect(editor).ToBeVisibleAsync();
        var text = await page.EvaluateAsync<string>("Array.from(document.querySelector('.editor').shadowRoot.querySelectorAll('.cm-line'), line => line.textContent).join('\\n')");
        await DeployAsync(page, 1);
        await ReplaceAsync(page, editor, text.Replace("Response.Text(", "Response.Txt(", StringComparison.Ordinal));
        await Assertions.Expect(page.Locator(".cm-lintRange-error")).ToBeVisibleAsync(new() { Timeout = BuildMs });
        await PutAwayAsync(page);
        await TakeAsync(page, "endpoint-error");
        await ReplaceAsync(page, editor, text.Replace("world", "people", StringComparison.Ordinal));
        await DeployAsync(page, 2);
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("The answer's body")).ToBeVisibleAsync();
        await PutAwayAsync(page);
        await TakeAsync(page, "endpoint");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await TakeAsync(page, "endpoint-dark");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        using var client = Http.Http11(Gateway.Address);
        for (var i = 0; i < 40; i++)
        {
            await client.GetStringAsync("/greeting");
        }
        await page.GetByRole(AriaRole.Tab, new() { Name = "Versions" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare with the editor" }).Last.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Differences in" })).ToBeVisibleAsync();
        await PutAwayAsync(page);
        await TakeAsync(page, "endpoint-versions");
        foreach (var tab in new[] { "Settings", "Activity" })
        {
            await page.GetByRole(AriaRole.Tab, new() { Name = tab }).ClickAsync();
            await Assertions.Expect(page.Locator("main [aria-busy=true]")).ToHaveCountAsync(0);
            if (tab == "Settings")
            {
                await Assertions.Expect(page.GetByLabel("Collection").Locator("option")).ToHaveCountAsync(1);
            }
            await TakeAsync(page, "endpoint-" + tab.ToLowerInvariant());
        }
    }

    [Test, Order(3)]
    public async Task Of_the_dashboard_after_a_crash_and_of_every_other_page()
    {
        var page = await EnterAsync("/");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Dashboard" })).ToBeVisibleAsync();
        using var client = Http.Http11(Gateway.Address);
        using var stop = new CancellationTokenSource();
        var traffic = TrafficAsync(client, stop.Token);
        await Eventually.TrueAsync(async () => await PointsAsync(page) >= 15, () => "figures of some time");
        await CrashAsync("/crash/wild");
        await Assertions.Expect(page.GetByText("1.0.0 serves")).ToBeVisibleAsync();
        await Eventually.TrueAsync(async () => await PointsAsync(page) >= 30, () => "figures after the crash");
        await PutAwayAsync(page);
        await TakeAsync(page, "dashboard");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await TakeAsync(page, "dashboard-dark");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("se");
        await TakeAsync(page, "palette");
        await page.Keyboard.PressAsync("Escape");
        await page.SetViewportSizeAsync(375, 780);
        await TakeAsync(page, "phone");
        await page.SetViewportSizeAsync(1280, 800);
        await OtherPagesAsync(page);
        await stop.CancelAsync();
        await traffic;
    }

    private async Task OtherPagesAsync(IPage page)
    {
        await page.GotoAsync(Admin + "/import");
        await page.GetByLabel("Document").SetInputFilesAsync(Repository.Path("tests/EdgeGw.Import.Tests/Assets/petstore.yaml"));
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "What would change" })).ToBeVisibleAsync();
        await TakeAsync(page, "import");
        foreach (var (path, heading) in Pages.All.Where(visited => visited.Path is not ("/" or "/nothing" or "/import" or "/endpoints/new")))
        {
            await page.GotoAsync(Admin + path);
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = path == "/crashes/1" ? "crash 2.0.0 crashed the worker" : heading, Level = 1 })).ToBeVisibleAsync();
            await Assertions.Expect(page.Locator("main [aria-busy=true]")).ToHaveCountAsync(0);
            if (path is "/endpoints")
            {
                await Assertions.Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "greeting" })).ToContainTextAsync(new System.Text.RegularExpressions.Regex("[µm]s")); // figures have come
            }
            if (path is "/logs")
            {
                await Assertions.Expect(page.GetByRole(AriaRole.Log).Locator("time").First).ToBeVisibleAsync();
            }
            if (path is "/requests")
            {
                await page.GetByRole(AriaRole.Button, new() { Name = "Details" }).Nth(2).ClickAsync();
                await Assertions.Expect(page.GetByText("the list stands still")).ToBeVisibleAsync();
                await page.EvaluateAsync("scrollTo(0, 0)");
            }
            await TakeAsync(page, path == "/crashes/1" ? "crash" : path.Trim('/').Replace('/', '-'));
        }
    }

    private static async Task DeployAsync(IPage page, int version)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Deploy" }).ClickAsync();
        await page.GetByRole(AriaRole.Tab, new() { Name = "Versions" }).ClickAsync();
        await Assertions.Expect(page.GetByText($"v{version}", new() { Exact = true })).ToBeVisibleAsync(new() { Timeout = BuildMs });
        await page.GetByRole(AriaRole.Tab, new() { Name = "Code" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status, new() { Name = "The build" })).ToContainTextAsync("built in", new() { Timeout = BuildMs });
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "greeting live" })).ToBeVisibleAsync();
    }

    private static async Task PutAwayAsync(IPage page)
    {
        foreach (var button in (await page.GetByRole(AriaRole.Button, new() { Name = "Put away" }).AllAsync()).Reverse())
        {
            await button.ClickAsync();
        }
    }

    private static Task<int> PointsAsync(IPage page) => page.EvaluateAsync<int>("document.querySelector('.sparkline polyline')?.points.length ?? 0");

    private static async Task TakeAsync(IPage page, string name)
    {
        await page.EvaluateAsync("document.fonts.ready");
        await page.ScreenshotAsync(new() { Path = Repository.Path($"docs/images/admin-{name}.png"), Caret = ScreenshotCaret.Hide });
    }

    private async Task SendAsync(HttpMethod method, string path, object body)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/{path}") { Content = JsonContent.Create(body) };
        using var response = await Gateway.Control.SendAsync(request);
        Assert.That(response.IsSuccessStatusCode, Is.True, await response.Content.ReadAsStringAsync());
    }

    // A crash in between is part of the picture.
    private static async Task TrafficAsync(HttpClient client, CancellationToken stop)
    {
        var paths = new[] { "/hello", "/hello/Ada", "/todos", "/download/20000", "/greeting", "/hello/Grace", "/favicon.ico" };
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            try
            {
                using var response = await client.GetAsync(paths[i % paths.Length], CancellationToken.None);
            }
            catch (HttpRequestException)
            {
                // the worker that died; the next one answers
            }
        }
    }
}
