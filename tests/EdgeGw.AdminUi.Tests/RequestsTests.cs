using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace EdgeGw.AdminUi.Tests;

/// <summary>The page of the request log, on a gateway that has much to tell.</summary>
public sealed partial class RequestsTests : OneGateway
{
    private const int Many = 20_000;
    private const int Drawn = 100;

    // How often the page is drawn, and the most rows that it ever had.
    private const string Count =
        """
        window.draws = 0;
        window.mostRows = 0;
        new MutationObserver(() => {
          window.draws++;
          window.mostRows = Math.max(window.mostRows, document.querySelectorAll('main tbody tr').length);
        }).observe(document, { childList: true, subtree: true, characterData: true });
        """;

    // So that the page gets every request there is.
    protected override GatewayOptions Options { get; } = new() { Arguments = ["--set", "RequestLog:Always=100000", "--set", "RequestLog:PerSecond=100000"] };

    [OneTimeSetUp]
    public async Task DeployAsync() => await Gateway.DeployAsync(Repository.Fixture("ok1"));

    [Test]
    public async Task Twenty_thousand_requests_at_once_are_drawn_a_few_times_in_a_bounded_number_of_rows()
    {
        var page = await EnterAsync("/requests", before: async page =>
        {
            await page.AddInitScriptAsync(Count);
            await page.RouteAsync(Followed(), route => route.FulfillAsync(new() { ContentType = "text/event-stream", Body = Stream() }));
        });
        await Assertions.Expect(Rows(page).First).ToContainTextAsync($"/load/{Many}");
        Assert.That(await page.EvaluateAsync<int>("window.mostRows"), Is.EqualTo(Drawn));
        Assert.That(await page.EvaluateAsync<int>("window.draws"), Is.LessThan(Many / 20), "the page is not drawn for each of them");

        var words = page.GetByLabel("Path or request id");
        await words.FillAsync($"/load/{Many - 1_500}");
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(1); // more than is drawn is kept
        await words.FillAsync($"/load/{Many - 5_000}");
        await Assertions.Expect(page.GetByText("No request fits")).ToBeVisibleAsync(); // and not more than that
        await words.FillAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show 100 more" }).ClickAsync();
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(2 * Drawn);
    }

    [Test]
    public async Task While_requests_come_a_row_can_be_read_and_filters_and_pause_do_what_they_say()
    {
        await using var load = SteadyLoad.Start(Gateway.Address, "/ok", body => body == "{\"version\":1}", clients: 1);
        var page = await EnterAsync("/requests", before: page => page.AddInitScriptAsync(Count));
        var (status, words) = (page.GetByLabel("Status of requests"), page.GetByLabel("Path or request id"));
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(Drawn);

        await Rows(page).First.GetByRole(AriaRole.Button, new() { Name = "Details" }).ClickAsync();
        var details = page.GetByText("until the answer was handed over");
        await Assertions.Expect(page.GetByText("the list stands still while you are on it")).ToBeVisibleAsync();
        await load.MoreAsync(2_100); // more than the page keeps
        await Assertions.Expect(details).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Follow" })).ToBeVisibleAsync();
        await AskAsync("/marked/one");
        await AskAsync("/marked/two");
        await load.MoreAsync(500);
        await Assertions.Expect(Marked(page)).ToHaveCountAsync(0);

        await status.SelectOptionAsync("4xx"); // what has come meanwhile and fits, as of now
        await Assertions.Expect(Marked(page)).ToHaveCountAsync(2);
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(2);
        await words.FillAsync("ED/TWO");
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(1);

        await words.FillAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Follow" }).ClickAsync();
        await AskAsync("/marked/three");
        await Assertions.Expect(Rows(page).First).ToContainTextAsync("/marked/three");
        await status.SelectOptionAsync("");
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(Drawn);

        Assert.That(await page.EvaluateAsync<int>("window.mostRows"), Is.LessThanOrEqualTo(Drawn + 1), "the details' row included");
        await TestContext.Out.WriteLineAsync($"{load.Requests} requests, the page was drawn {await page.EvaluateAsync<int>("window.draws")} times");
        Assert.That(load.Failures, Is.Empty);
    }

    private static ILocator Rows(IPage page) => page.Locator("main tbody tr");

    private static ILocator Marked(IPage page) => Rows(page).Filter(new() { HasText = "/marked/" });

    private async Task AskAsync(string path)
    {
        using var client = Http.Http11(Gateway.Address);
        using var response = await client.GetAsync(path);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    // As a gateway writes it; it ends there, and the page is not to come back to it.
    private static string Stream()
    {
        var text = new StringBuilder("retry: 86400000\n\nevent: ready\ndata: {}\n\n");
        var first = new DateTime(2999, 1, 1, 0, 0, 0, DateTimeKind.Utc); // newer than whatever the gateway itself has
        for (var i = 1; i <= Many; i++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $$"""
                event: request
                data: {"worker":1,"number":{{i}},"requestId":"{{i:x32}}","time":"{{first.AddTicks(i * 500L):O}}","why":"always","method":"GET","host":"x","path":"/load/{{i:d5}}","protocol":"HTTP/1.1","client":"127.0.0.1","status":200,"handler":"load","version":"1.0.0","ms":1,"queueMs":0,"handlerMs":1,"responseMs":0,"bytesIn":0,"bytesOut":0}


                """);
        }
        return text.ToString();
    }

    [GeneratedRegex("/api/v1/events.*requests=true")]
    private static partial Regex Followed();
}
