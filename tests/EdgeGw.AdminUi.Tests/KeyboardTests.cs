namespace EdgeGw.AdminUi.Tests;

/// <summary>Without a mouse.</summary>
public sealed class KeyboardTests : OneGateway
{
    [Test]
    public async Task The_palette_finds_pages_and_goes_there()
    {
        var page = await EnterAsync("/");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Dashboard" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("audit");
        await Assertions.Expect(page.GetByRole(AriaRole.Option, new() { Name = "Audit log" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Audit log" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    [Test]
    public async Task What_is_typed_at_once_after_the_keys_of_the_palette_goes_into_it()
    {
        var page = await EnterAsync("/");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Dashboard" })).ToBeVisibleAsync();
        // Microtasks are all that runs before the next key of a fast typist may be handed out.
        var open = await page.EvaluateAsync<bool>("""
            async () => {
              dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true }));
              for (let i = 0; i < 8; i++) await null;
              return document.querySelector('dialog.palette')?.contains(document.activeElement) ?? false;
            }
            """);
        Assert.That(open, "the palette's field has the focus");
    }

    [Test]
    public async Task Two_keys_lead_to_a_page_and_a_question_mark_to_all_of_them()
    {
        var page = await EnterAsync("/");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Dashboard" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("l");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Logs" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("?");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard shortcuts" })).ToContainTextAsync("Dashboard");
    }

    [Test]
    public async Task The_first_stop_leads_past_the_navigation_and_focus_is_seen()
    {
        var page = await EnterAsync("/routes");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Routes" })).ToBeVisibleAsync();
        await page.EvaluateAsync("document.activeElement.blur()");
        await page.Keyboard.PressAsync("Tab");
        var skip = page.GetByRole(AriaRole.Link, new() { Name = "Skip to the page" });
        await Assertions.Expect(skip).ToBeFocusedAsync();
        Assert.That(await skip.EvaluateAsync<string>("link => getComputedStyle(link).outlineStyle"), Is.EqualTo("solid"));
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Routes" })).ToBeFocusedAsync();
    }

    [Test]
    public async Task The_theme_is_the_systems_until_one_is_chosen_and_stays_chosen()
    {
        var page = await EnterAsync("/routes", theme: ColorScheme.Dark);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Routes" })).ToBeVisibleAsync();
        async Task<string> BackgroundAsync() => await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        var dark = await BackgroundAsync();
        await page.Keyboard.PressAsync("t");
        await Eventually.TrueAsync(async () => await BackgroundAsync() != dark, () => "the light theme");
        var light = await BackgroundAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Routes" })).ToBeVisibleAsync();
        Assert.That(await BackgroundAsync(), Is.EqualTo(light));
    }

    [Test]
    public async Task A_template_is_chosen_with_the_arrows_and_the_group_is_one_stop()
    {
        var page = await EnterAsync("/endpoints/new");
        var templates = page.GetByRole(AriaRole.Radio);
        await Assertions.Expect(templates.First).ToBeCheckedAsync();
        await templates.First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(templates.Nth(2)).ToBeFocusedAsync();
        await Assertions.Expect(templates.Nth(2)).ToBeCheckedAsync();
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.GetByLabel("Collection")).ToBeFocusedAsync();
    }

    [TestCase(ColorScheme.Light)]
    [TestCase(ColorScheme.Dark)]
    public async Task A_frame_on_all_four_sides_shows_that_the_focus_is_in_the_editor(ColorScheme theme)
    {
        var id = await Catalog.EndpointAsync($"framed-{theme}".ToLowerInvariant());
        var page = await EnterAsync($"/endpoints/{id}", theme: theme);
        var text = page.Locator(".cm-content");
        await Assertions.Expect(text).ToBeVisibleAsync();
        var room = (await page.Locator("div.editor").BoundingBoxAsync())!;
        // Below the text, where focus changes nothing inside.
        var (height, low) = (20, room.Y + (room.Height * 0.75f));
        Clip[] sides =
        [
            new() { X = room.X, Y = low, Width = 2, Height = height }, new() { X = room.X + room.Width - 2, Y = low, Width = 2, Height = height },
            new() { X = room.X + 40, Y = room.Y, Width = 100, Height = 2 }, new() { X = room.X + 40, Y = room.Y + room.Height - 2, Width = 100, Height = 2 },
        ];
        async Task<List<string>> PicturesAsync()
        {
            var pictures = new List<string>();
            foreach (var side in sides)
            {
                pictures.Add(Convert.ToHexString(await page.ScreenshotAsync(new() { Clip = side, FullPage = true })));
            }
            return pictures;
        }
        var before = await PicturesAsync();
        await page.GetByRole(AriaRole.Tab, new() { Name = "Handler.cs" }).FocusAsync();
        for (var i = 0; i < 10 && !await text.EvaluateAsync<bool>("text => text.getRootNode().activeElement === text"); i++)
        {
            await page.Keyboard.PressAsync("Tab");
        }
        await Assertions.Expect(text).ToBeFocusedAsync();
        var after = await PicturesAsync();
        Assert.That(before.Zip(after).Select(pair => pair.First != pair.Second), Is.All.True, "left, right, above, below");
    }
}
