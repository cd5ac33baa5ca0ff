using System.Net.Http.Json;
using System.Text;

namespace EdgeGw.AdminUi.Tests;

/// <summary>The import page: what a document would change is shown first, then all of it is done, or nothing.</summary>
public sealed class ImportTests : OneGateway
{
    private const string Small = "openapi: 3.0.3\ninfo: { title: things, version: '1' }\npaths:\n  /things:\n    get:\n      operationId: list\n      responses:\n        '200': { description: all of them }\n";

    [Test]
    public async Task A_document_is_looked_at_then_imported_and_again_nothing_is_different()
    {
        var page = await EnterAsync("/import");
        var preview = Preview(page);
        await page.GetByLabel("Collection").First.FillAsync("petstore");
        await ChooseAsync(page, "petstore.yaml", PetstoreDocument.Text);
        await Assertions.Expect(preview).ToContainTextAsync("21 of 21"); // a domain, a collection and 19 endpoints
        await Assertions.Expect(Line(page, "endpoint petstore-uploadFile")).ToContainTextAsync("added");
        Assert.That(await EndpointsAsync(), Is.Empty, "looking changes nothing");

        await preview.GetByRole(AriaRole.Button, new() { Name = "Import" }).ClickAsync();
        await Assertions.Expect(page.GetByText("The document is imported")).ToBeVisibleAsync();
        await Assertions.Expect(preview).ToHaveCountAsync(0);
        var imported = await EndpointsAsync();
        Assert.That(imported, Has.Count.EqualTo(19).And.Member("petstore-getInventory /api/v3/store/inventory"));

        await ChooseAsync(page, "petstore.yaml", PetstoreDocument.Text);
        await Assertions.Expect(preview).ToContainTextAsync("Nothing is different");
        await Assertions.Expect(preview.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);

        await ChooseAsync(page, "petstore.yaml", PetstoreDocument.Changed(PetstoreDocument.Text));
        await Assertions.Expect(Line(page, "endpoint petstore-getInventory")).ToContainTextAsync("GET /store/inventory → GET /store/stock");
        await Assertions.Expect(Line(page, "endpoint petstore-endSession")).ToContainTextAsync("added");
        await Assertions.Expect(Line(page, "endpoint petstore-logoutUser")).ToContainTextAsync("removed");
        Assert.That(await EndpointsAsync(), Is.EqualTo(imported), "still only looked at");
        await preview.GetByRole(AriaRole.Button, new() { Name = "Import" }).ClickAsync();
        await Assertions.Expect(preview).ToHaveCountAsync(0);
        Assert.That(await EndpointsAsync(), Has.Count.EqualTo(19).And.Member("petstore-getInventory /api/v3/store/stock").And.Member("petstore-endSession /api/v3/user/logout"));
    }

    [Test]
    public async Task A_broken_document_is_told_with_its_name_and_place_and_a_good_one_is_taken_after_it()
    {
        var page = await EnterAsync("/import");
        var alert = page.GetByRole(AriaRole.Alert);
        foreach (var (text, sentence) in new[]
        {
            ("a: [1, 2\n", "broken.yaml:2:1: "),
            ("hello: world\n", "broken.yaml:1:1: This is not an OpenAPI document: it has no 'openapi: 3.x'."),
            ("swagger: '2.0'\n", "The document is Swagger 2.0; OpenAPI 3.0 and 3.1 are read: convert it first."),
            (Small.Replace("{ description: all of them }", "{ $ref: '#/components/responses/All' }", StringComparison.Ordinal), "#/components/responses/All"),
        })
        {
            await ChooseAsync(page, "broken.yaml", text);
            await Assertions.Expect(alert).ToContainTextAsync("broken.yaml cannot be imported; nothing was changed.");
            await Assertions.Expect(alert).ToContainTextAsync(sentence);
            await Assertions.Expect(Preview(page)).ToHaveCountAsync(0);
        }
        await ChooseAsync(page, "mended.yaml", Small);
        await Assertions.Expect(Line(page, "endpoint things-list")).ToContainTextAsync("added");
        await Assertions.Expect(alert).ToHaveCountAsync(0);
    }

    private static ILocator Preview(IPage page) => page.GetByRole(AriaRole.Region, new() { Name = "What would change" });

    private static ILocator Line(IPage page, string what) => Preview(page).GetByRole(AriaRole.Listitem).Filter(new() { HasText = what });

    private static Task ChooseAsync(IPage page, string name, string text) =>
        page.GetByLabel("Document").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "application/yaml", Buffer = Encoding.UTF8.GetBytes(text) });

    // "name pattern" of each.
    private async Task<List<string>> EndpointsAsync() =>
        [.. (await Gateway.Control.GetFromJsonAsync<JsonElement>("/api/v1/endpoints?limit=1000")).GetProperty("items").EnumerateArray().Select(endpoint => $"{endpoint.GetProperty("name").GetString()} {endpoint.GetProperty("pattern").GetString()}")];
}
