namespace EdgeGw.AdminUi.Tests;

/// <summary>The one browser of this run: Debian's Chromium, or the program that EDGEGW_CHROMIUM names.</summary>
[SetUpFixture]
public sealed class Chromium
{
    private static readonly string[] Quiet =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--force-color-profile=srgb"];

    private static IPlaywright? s_playwright;
    private static IBrowser? s_browser;

    /// <summary>Started with the first test that needs it.</summary>
    public static async Task<IBrowser> BrowserAsync()
    {
        Assertions.SetDefaultExpectTimeout((float)Eventually.Patience.TotalMilliseconds);
        s_playwright ??= await Playwright.CreateAsync();
        return s_browser ??= await s_playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("EDGEGW_CHROMIUM") is { Length: > 0 } chosen ? chosen : "/usr/bin/chromium",
            Args = Quiet,
            Timeout = (float)Eventually.Patience.TotalMilliseconds,
        });
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (s_browser is not null)
        {
            await s_browser.DisposeAsync();
        }
        s_playwright?.Dispose();
    }
}
