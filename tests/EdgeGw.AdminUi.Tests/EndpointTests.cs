namespace EdgeGw.AdminUi.Tests;

/// <summary>An endpoint's text: written, saved, and written by two at once.</summary>
public sealed class EndpointTests : OneGateway
{
    [Test]
    public async Task What_is_typed_is_saved_and_shown_in_the_tree()
    {
        var id = await Catalog.EndpointAsync("typed");
        var page = await EnterAsync($"/endpoints/{id}");
        var editor = page.GetByRole(AriaRole.Textbox, new() { Name = "Code: Handler.cs" });
        await ReplaceAsync(page, editor, "using EdgeGw;\n// typed\n");
        await Assertions.Expect(page.GetByText("not saved")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Control+s");
        await Assertions.Expect(page.GetByText("typed is saved")).ToBeVisibleAsync();
        Assert.That(await Catalog.TextAsync(id), Is.EqualTo("using EdgeGw;\n// typed\n"));

        await page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Endpoints" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "/v1/typed" })).ToBeVisibleAsync();
    }

    [Test]
    public async Task Two_edit_one_endpoint_and_the_second_loses_nothing()
    {
        var id = await Catalog.EndpointAsync("shared");
        var (ada, bob) = (await EnterAsync($"/endpoints/{id}"), await EnterAsync($"/endpoints/{id}"));
        var (adas, bobs) = (ada.GetByRole(AriaRole.Textbox, new() { Name = "Code: Handler.cs" }), bob.GetByRole(AriaRole.Textbox, new() { Name = "Code: Handler.cs" }));
        await Assertions.Expect(bobs).ToContainTextAsync("first");
        await ReplaceAsync(bob, bobs, "// of bob\n");
        await ReplaceAsync(ada, adas, "// of ada\n");
        await ada.Keyboard.PressAsync("Control+s");
        await Assertions.Expect(ada.GetByText("shared is saved")).ToBeVisibleAsync();

        await bobs.FocusAsync();
        await bob.Keyboard.PressAsync("Control+s");
        var conflict = bob.GetByRole(AriaRole.Dialog, new() { Name = "Somebody else has saved this endpoint meanwhile" });
        await Assertions.Expect(conflict.GetByText("// of ada")).ToBeVisibleAsync();
        await Assertions.Expect(conflict.GetByText("// of bob")).ToBeVisibleAsync();
        Assert.That(await Catalog.TextAsync(id), Is.EqualTo("// of ada\n"), "nothing of hers was overwritten");

        await conflict.GetByRole(AriaRole.Button, new() { Name = "Decide later" }).ClickAsync();
        await Assertions.Expect(bobs).ToContainTextAsync("// of bob");
        await bob.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();
        await conflict.GetByRole(AriaRole.Button, new() { Name = "Keep mine and go on" }).ClickAsync();
        await bob.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(bob.GetByText("shared is saved")).ToBeVisibleAsync();
        Assert.That(await Catalog.TextAsync(id), Is.EqualTo("// of bob\n"));
    }

    [Test]
    public async Task What_was_not_saved_is_there_when_the_page_is_opened_again()
    {
        var id = await Catalog.EndpointAsync("kept");
        var page = await EnterAsync($"/endpoints/{id}");
        var editor = page.GetByRole(AriaRole.Textbox, new() { Name = "Code: Handler.cs" });
        await ReplaceAsync(page, editor, "// on the way\n");
        await Assertions.Expect(page.GetByText("not saved")).ToBeVisibleAsync();
        page.Dialog += async (_, dialog) => await dialog.AcceptAsync(); // the browser asks before it leaves
        await page.ReloadAsync();
        await Assertions.Expect(editor).ToContainTextAsync("// on the way");
        await page.GetByRole(AriaRole.Button, new() { Name = "Discard it" }).ClickAsync();
        await Assertions.Expect(editor).ToContainTextAsync("// first");
    }

    [Test]
    public async Task Somebody_elses_removal_is_said_and_the_text_is_still_there()
    {
        var id = await Catalog.EndpointAsync("removed");
        var page = await EnterAsync($"/endpoints/{id}");
        var editor = page.GetByRole(AriaRole.Textbox, new() { Name = "Code: Handler.cs" });
        await ReplaceAsync(page, editor, "// mine\n");
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/endpoints/{id}");
        request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        using var response = await Gateway.Control.SendAsync(request);
        Assert.That(response.IsSuccessStatusCode, Is.True, await response.Content.ReadAsStringAsync());
        await Assertions.Expect(page.GetByText("Somebody has removed this endpoint.")).ToBeVisibleAsync();
        await Assertions.Expect(editor).ToContainTextAsync("// mine");
    }
}
