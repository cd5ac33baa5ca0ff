using System.Net.Http.Json;
using System.Text.RegularExpressions;

namespace EdgeGw.AdminUi.Tests;

/// <summary>Tests that share one gateway, with a user who may do everything.</summary>
public abstract partial class OneGateway
{
    /// <summary>The first user.</summary>
    protected const string User = "ada";

    /// <summary>Their password.</summary>
    protected const string Password = "correct horse battery staple";

    private readonly List<IBrowserContext> _contexts = [];
    private string _session = "";
    private readonly List<string> _faults = [];

    protected Gateway Gateway { get; private set; } = null!;

    /// <summary>Its endpoints.</summary>
    protected Catalog Catalog { get; private set; } = null!;

    /// <summary>The page's address.</summary>
    protected string Admin { get; private set; } = "";

    /// <summary>How the gateway is started.</summary>
    protected virtual GatewayOptions Options { get; } = new();

    /// <summary>Whether the first user is made before the tests.</summary>
    protected virtual bool HasUser => true;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Gateway = await Gateway.StartAsync(Options);
        Catalog = new Catalog(Gateway);
        Admin = (await Gateway.StatusAsync()).GetProperty("admin").GetString() + "/admin";
        if (HasUser)
        {
            using var response = await Gateway.Control.PostAsJsonAsync("/api/v1/setup", new { token = await SetupTokenAsync(), user = User, password = Password });
            Assert.That(response.IsSuccessStatusCode, Is.True, await response.Content.ReadAsStringAsync());
            _session = Session().Match(string.Join(';', response.Headers.GetValues("Set-Cookie"))).Groups[1].Value;
        }
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await Gateway.DisposeAsync();

    [TearDown]
    public async Task CloseAsync()
    {
        foreach (var context in _contexts)
        {
            await context.DisposeAsync();
        }
        _contexts.Clear();
        var faults = _faults.ToArray();
        _faults.Clear();
        Assert.That(faults, Is.Empty, "errors of the page's scripts");
    }

    /// <summary>The one-time token that the console shows.</summary>
    protected async Task<string> SetupTokenAsync()
    {
        var token = "";
        await Eventually.TrueAsync(
            () => Task.FromResult((token = Token().Match(Gateway.Output.ToString() + Gateway.Error).Groups[1].Value).Length > 0), () => $"the console shows a setup token\n{Gateway.Output}\n{Gateway.Error}");
        return token;
    }

    /// <summary>A browser of its own, not logged in. What its scripts fail at, a refused inline style included, fails the test.</summary>
    protected async Task<IPage> VisitAsync(string path, int width = 1280, ColorScheme theme = ColorScheme.Light)
    {
        var page = await OpenAsync(width, theme);
        await page.GotoAsync(Admin + path);
        return page;
    }

    /// <summary>A browser of its own, logged in, on that page. <paramref name="before"/> is done before anything is asked for.</summary>
    protected async Task<IPage> EnterAsync(string path, int width = 1280, ColorScheme theme = ColorScheme.Light, Func<IPage, Task>? before = null)
    {
        var page = await OpenAsync(width, theme);
        await page.Context.AddCookiesAsync([new() { Name = "edgegw_session", Value = _session, Url = Admin, HttpOnly = true, SameSite = SameSiteAttribute.Strict }]);
        await (before?.Invoke(page) ?? Task.CompletedTask);
        await page.GotoAsync(Admin + path);
        return page;
    }

    private async Task<IPage> OpenAsync(int width, ColorScheme theme)
    {
        var browser = await Chromium.BrowserAsync();
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 800 }, ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
        context.SetDefaultTimeout((float)Eventually.Patience.TotalMilliseconds);
        _contexts.Add(context);
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => _faults.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
            {
                _faults.Add(message.Text);
            }
        };
        return page;
    }

    /// <summary>Has a handler kill the worker, and waits until control tells of it.</summary>
    protected async Task CrashAsync(string path)
    {
        async Task<int> CrashesAsync() => JsonDocument.Parse(await Gateway.Control.GetStringAsync("/api/v1/crashes")).RootElement.GetProperty("crashes").GetArrayLength();
        var before = await CrashesAsync();
        using var client = Http.Http11(Gateway.Address);
        try
        {
            using var response = await client.GetAsync(path);
        }
        catch (HttpRequestException)
        {
            // its connection died with the worker; where the client has asked the next worker, that one answered
        }
        await Eventually.TrueAsync(async () => await CrashesAsync() > before, () => $"the crash is told of\n{Gateway.Error}");
    }

    /// <summary>Fills the login in.</summary>
    protected static async Task LogInAsync(IPage page, string password = Password)
    {
        await page.GetByLabel("User").FillAsync(User);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
    }

    /// <summary>Puts a text in the place of what a code editor has.</summary>
    protected static async Task ReplaceAsync(IPage page, ILocator editor, string text)
    {
        await editor.FocusAsync();
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.PressAsync("Delete"); // text over a selection would bring the selection's style with it, which the page's policy refuses
        await page.Keyboard.InsertTextAsync(text);
    }

    [GeneratedRegex("edgegw_session=([^;]+)")]
    private static partial Regex Session();

    [GeneratedRegex("one-time token: ([0-9a-f]+)")]
    private static partial Regex Token();
}
