namespace EdgeGw.AdminUi.Tests;

/// <summary>Takes the pictures of docs/images (<c>./build.sh screenshots</c>): they are looked at by people, not compared, so this is no test and runs with none.</summary>
[Category("Screenshots")]
public sealed class ScreenshotTests : OneGateway
{
    // Long enough that this machine is never too slow for it.
    protected override GatewayOptions Options { get; } = new() { Arguments = ["--set", "Crashes:ProbationSeconds=3600"] };

    [Test]
    public async Task Pictures_of_every_page()
    {
        var gate = await VisitAsync("/", 900);
        await Assertions.Expect(gate.GetByRole(AriaRole.Heading, new() { Name = "Log in" })).ToBeVisibleAsync();
        await TakeAsync(gate, "login");

        foreach (var sample in new[] { "hello", "json-api", "streaming" })
        {
            await Gateway.DeployAsync(Repository.Sample(sample));
        }
        await Gateway.DeployAsync(Repository.Fixture("crash"));
        await Gateway.DeployAsync(Repository.Fixture("crash2"));
        var page = await EnterAsync("/");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Dashboard" })).ToBeVisibleAsync();
        using var client = Http.Http11(Gateway.Address);
        using var stop = new CancellationTokenSource();
        var traffic = TrafficAsync(client, stop.Token);
        await Eventually.TrueAsync(async () => await PointsAsync(page) >= 8, () => "figures of some time");
        await CrashAsync("/crash/wild");
        await Assertions.Expect(page.GetByText("1.0.0 serves")).ToBeVisibleAsync();
        var before = await PointsAsync(page);
        await Eventually.TrueAsync(async () => await PointsAsync(page) >= before + 6, () => "figures after the crash");
        await page.GetByRole(AriaRole.Button, new() { Name = "Put away" }).ClickAsync();
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
        await stop.CancelAsync();
        await traffic;
        foreach (var visited in Pages.All.Where(visited => visited.Path is not ("/" or "/nothing")))
        {
            var heading = visited.Path == "/crashes/1" ? "crash 2.0.0 crashed the worker" : visited.Heading;
            await page.GotoAsync(Admin + visited.Path);
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = heading, Level = 1 })).ToBeVisibleAsync();
            await Assertions.Expect(page.Locator("main [aria-busy=true]")).ToHaveCountAsync(0);
            await TakeAsync(page, visited.Path == "/crashes/1" ? "crash" : visited.Path.Trim('/').Replace('/', '-'));
        }
    }

    private static Task<int> PointsAsync(IPage page) => page.EvaluateAsync<int>("document.querySelector('.sparkline polyline')?.points.length ?? 0");

    private static async Task TakeAsync(IPage page, string name) => await page.ScreenshotAsync(new() { Path = Repository.Path($"docs/images/admin-{name}.png") });

    // A crash in between is part of the picture.
    private static async Task TrafficAsync(HttpClient client, CancellationToken stop)
    {
        var paths = new[] { "/hello", "/hello/Ada", "/todos", "/download/20000", "/hello", "/hello/Grace" };
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
