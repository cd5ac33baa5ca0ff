using System.Text.RegularExpressions;

namespace EdgeGw.AdminUi.Tests;

/// <summary>The way of the first visit: from an empty state directory to an answer of code that was written in the page.</summary>
public sealed partial class FirstEndpointTests : OneGateway
{
    // The first build gets its tools ready.
    private static readonly LocatorAssertionsToBeVisibleOptions s_built = new() { Timeout = 300_000 };

    protected override GatewayOptions Options { get; } = new()
    {
        Environment = new Dictionary<string, string?> { ["EDGEGW_COMPILE__ENABLED"] = "true", ["EDGEGW_COMPILE__FEED"] = Repository.Path("artifacts/packages") },
    };

    protected override bool HasUser => false;

    [Test]
    public async Task From_an_empty_state_directory_to_an_answer()
    {
        var page = await VisitAsync("/");
        await page.GetByLabel("Setup token").FillAsync(await SetupTokenAsync());
        await page.GetByLabel("User").FillAsync(User);
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create the first user" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Nothing is served yet")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Log out" }).ClickAsync();
        await LogInAsync(page);

        await page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Endpoints" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "New endpoint" }).First.ClickAsync();
        await page.GetByLabel("Name").FillAsync("greeting");
        await page.GetByLabel("Path").FillAsync("/greeting/{name}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create and open the editor" }).ClickAsync();

        var editor = page.GetByRole(AriaRole.Textbox, new() { Name = "Code: Handler.cs" });
        await ReplaceAsync(page, editor, Source("Wrong"));
        // Nobody has pressed anything: it is said while one writes.
        await Assertions.Expect(page.Locator(".cm-lintRange-error")).ToBeVisibleAsync(s_built);
        await Assertions.Expect(page.Locator(".cm-lintRange-error")).ToHaveTextAsync("Wrong");
        await page.GetByRole(AriaRole.Button, new() { Name = "Deploy" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status, new() { Name = "The build" })).ToContainTextAsync("failed", new() { Timeout = s_built.Timeout });
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "greeting failed" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".cm-lintRange-error")).ToHaveTextAsync("Wrong");
        await page.GetByRole(AriaRole.Button, new() { Name = "CS0103" }).ClickAsync();
        Assert.That(await page.EvaluateAsync<string>("document.querySelector('.editor').shadowRoot.activeElement.getAttribute('aria-label')"), Is.EqualTo("Code: Handler.cs"), "the message leads to its place");

        await ReplaceAsync(page, editor, Source("request.PathParam(\"name\")"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Deploy" }).ClickAsync();
        var build = page.GetByRole(AriaRole.Status, new() { Name = "The build" });
        await Assertions.Expect(build).ToContainTextAsync("built in", new() { Timeout = s_built.Timeout });
        await Assertions.Expect(build).ToContainTextAsync(Phases());
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "greeting live" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".cm-lintRange-error")).ToHaveCountAsync(0);

        await Assertions.Expect(page.GetByLabel("Path and query")).ToHaveValueAsync("/greeting/Ada");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("The answer's body")).ToHaveTextAsync("Hello, Ada!");
        using var client = Http.Http11(Gateway.Address);
        Assert.That(await client.GetStringAsync("/greeting/Grace"), Is.EqualTo("Hello, Grace!"));
    }

    private static string Source(string name) =>
        $$"""
        using EdgeGw;

        public static class Greeting
        {
            [Handler]
            public static Response Get(Request request) => Response.Text("Hello, " + {{name}} + "!");
        }

        """;

    [GeneratedRegex("restore .*compile .*native .*link .*deploy ")]
    private static partial Regex Phases();
}
