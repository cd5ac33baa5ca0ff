namespace EdgeGw.AdminUi.Tests;

/// <summary>A change of an endpoint, tried on a share of the requests.</summary>
public sealed class CanaryTests : OneGateway
{
    private static readonly LocatorAssertionsToBeVisibleOptions s_built = new() { Timeout = 300_000 };

    protected override GatewayOptions Options { get; } = new()
    {
        // On a slow machine the way to a process of its own may take long, which is no reason to end the trial.
        Arguments = ["--set", "Canary:LatencySlackMs=60000"],
        Environment = new Dictionary<string, string?> { ["EDGEGW_COMPILE__ENABLED"] = "true", ["EDGEGW_COMPILE__FEED"] = Repository.Path("artifacts/packages") },
    };

    [Test]
    public async Task What_is_written_is_tried_on_a_share_of_the_requests_and_promoted()
    {
        var id = await Catalog.EndpointAsync("tried", Source("one"));
        await Catalog.DeployAsync(id);
        using var client = Http.Http11(Gateway.Address);
        var page = await EnterAsync($"/endpoints/{id}");
        await ReplaceAsync(page, page.GetByRole(AriaRole.Textbox, new() { Name = "Code: Handler.cs" }), Source("two"));
        await page.GetByRole(AriaRole.Tab, new() { Name = "Versions" }).ClickAsync();
        var share = page.GetByLabel("Per cent of the requests");
        await share.FillAsync("100");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Deploy as canary" })).ToBeDisabledAsync();
        await share.FillAsync("50");
        await page.GetByRole(AriaRole.Button, new() { Name = "Deploy as canary" }).ClickAsync();
        var sides = page.GetByRole(AriaRole.Region, new() { Name = "Canary and live version" });
        await Assertions.Expect(sides).ToBeVisibleAsync(s_built);
        await Assertions.Expect(page.GetByText("canary 50 %")).ToBeVisibleAsync();

        var answers = new HashSet<string>();
        await Eventually.TrueAsync(
            async () =>
            {
                answers.Add(await client.GetStringAsync("/v1/tried"));
                return answers.Count == 2;
            },
            () => $"both versions answer, not only {string.Join(", ", answers)}");
        await Assertions.Expect(sides.GetByRole(AriaRole.Row, new() { Name = "canary" }).GetByRole(AriaRole.Cell).Nth(1)).Not.ToHaveTextAsync("0");
        Assert.That(answers, Is.EquivalentTo(new[] { "one", "two" }));

        await page.GetByRole(AriaRole.Button, new() { Name = "Promote" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Promote" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "v2" }).GetByText("live", new() { Exact = true })).ToBeVisibleAsync();
        for (var i = 0; i < 20; i++)
        {
            Assert.That(await client.GetStringAsync("/v1/tried"), Is.EqualTo("two"));
        }
        var kept = await Gateway.Control.GetStringAsync($"/api/v1/endpoints/{id}/versions/2");
        Assert.That(kept, Does.Contain("two"), "its source is kept with it");
    }

    private static string Source(string word) =>
        $$"""
        using EdgeGw;

        public static class Tried
        {
            [Handler]
            public static Response Get() => Response.Text("{{word}}");
        }

        """;
}
