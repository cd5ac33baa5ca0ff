[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(3)]

namespace EdgeGw.AdminUi.Tests;

/// <summary>The one browser of this run: Debian's Chromium, or the program that CHROMIUM names. Each test has windows of its own in it.</summary>
[SetUpFixture]
public sealed class Chromium
{
    private static readonly string[] Quiet =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--force-color-profile=srgb"];

    private static readonly Lazy<Task<IPlaywright>> s_playwright = new(Playwright.CreateAsync);
    private static readonly Lazy<Task<IBrowser>> s_browser = new(StartAsync);

    /// <summary>Started with the first test that needs it.</summary>
    public static Task<IBrowser> BrowserAsync() => s_browser.Value;

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (s_browser.IsValueCreated)
        {
            await (await s_browser.Value).DisposeAsync();
        }
        if (s_playwright.IsValueCreated)
        {
            (await s_playwright.Value).Dispose();
        }
    }

    private static async Task<IBrowser> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout((float)Eventually.Patience.TotalMilliseconds);
        return await (await s_playwright.Value).Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } chosen ? chosen : "/usr/bin/chromium",
            Args = Quiet,
            Timeout = (float)Eventually.Patience.TotalMilliseconds,
        });
    }
}
