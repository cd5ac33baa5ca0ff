using System.Globalization;

namespace EdgeGw.AdminUi.Tests;

/// <summary>What a visit costs, for docs/admin-ui.md.</summary>
public sealed class WeightTests : OneGateway
{
    private const string Measure =
        """
        () => ({
          paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? -1,
          bytes: performance.getEntriesByType("resource").filter(entry => new URL(entry.name).pathname.startsWith("/admin/")).reduce((sum, entry) => sum + entry.encodedBodySize, performance.getEntriesByType("navigation")[0].encodedBodySize),
          editor: performance.getEntriesByType("resource").some(entry => entry.name.includes("codemirror")),
          foreign: performance.getEntriesByType("resource").filter(entry => new URL(entry.name).origin !== location.origin).length,
        })
        """;

    [Test]
    public async Task The_first_page_is_light_loads_no_editor_and_nothing_from_elsewhere()
    {
        var page = await VisitAsync("/");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Log in" })).ToBeVisibleAsync();
        await page.EvaluateAsync("document.fonts.ready");
        await page.WaitForFunctionAsync("performance.getEntriesByName('first-contentful-paint').length > 0");
        var found = await page.EvaluateAsync<JsonElement>(Measure);
        await TestContext.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"first contentful paint after {found.GetProperty("paint").GetDouble():0} ms, {found.GetProperty("bytes").GetInt64()} bytes with the font"));
        using var scope = Assert.EnterMultipleScope();
        Assert.That(found.GetProperty("paint").GetDouble(), Is.Positive);
        Assert.That(found.GetProperty("bytes").GetInt64(), Is.LessThan(130_000));
        Assert.That(found.GetProperty("editor").GetBoolean(), Is.False);
        Assert.That(found.GetProperty("foreign").GetInt32(), Is.Zero);
    }
}
