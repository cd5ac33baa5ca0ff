using System.Text.RegularExpressions;

namespace EdgeGw.AdminUi.Tests;

/// <summary>Who is faster than the page: what is done before an answer has come, or before the page was drawn again, is not undone by it.</summary>
public sealed class EarlyTests : OneGateway
{
    // Types without giving the page a moment to be drawn: microtasks are all that runs between two letters.
    private const string Type =
        """
        async text => {
          for (const letter of text) {
            document.execCommand('insertText', false, letter);
            for (let i = 0; i < 32; i++) await null;
          }
        }
        """;

    private const string Idle = "async () => { for (let i = 0; i < 32; i++) await null; }";

    [Test]
    public async Task Letters_typed_faster_than_the_page_is_drawn_stay_in_their_order_and_are_kept_at_once()
    {
        var id = await Catalog.EndpointAsync("fast");
        var page = await EnterAsync($"/endpoints/{id}");
        var editor = await EditorAsync(page);
        await editor.FocusAsync();
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.PressAsync("Delete");
        var kept = await page.EvaluateAsync<string>($"async id => {{ await ({Type})('abcdefgh'); return localStorage.getItem('edgegw.draft.' + id) ?? ''; }}", id);
        Assert.That(await editor.TextContentAsync(), Is.EqualTo("abcdefgh"));
        Assert.That(kept, Does.Contain("abcdefgh"), "a tab that is closed now loses nothing");
        await page.Keyboard.PressAsync("Control+z");
        await Assertions.Expect(editor).Not.ToContainTextAsync("abcdefgh"); // it is still the same editor, which knows what was typed
    }

    [Test]
    public async Task A_second_save_while_the_first_is_on_its_way_is_no_conflict_and_saves_what_was_typed_meanwhile()
    {
        var id = await Catalog.EndpointAsync("twice");
        using var gate = new Gate(HttpMethod.Put);
        var page = await EnterAsync($"/endpoints/{id}", before: page => gate.HoldAsync(page, $"/api/v1/endpoints/{id}$"));
        var editor = await EditorAsync(page);
        await ReplaceAsync(page, editor, "// one\n");
        await page.Keyboard.PressAsync("Control+s");
        await gate.HeldAsync(1);
        await page.Keyboard.InsertTextAsync("// two\n");
        await page.Keyboard.PressAsync("Control+s");
        await page.Keyboard.PressAsync("Control+s");
        gate.Open();
        await Assertions.Expect(page.GetByText("not saved")).ToHaveCountAsync(0);
        await Eventually.TrueAsync(async () => await Catalog.TextAsync(id) == "// one\n// two\n", () => "both lines are saved");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        Assert.That(await Catalog.RevisionAsync(id), Is.EqualTo(3), "the one it began with, and one for each save that had something to save");
    }

    [Test]
    public async Task A_path_that_is_typed_before_its_collection_is_known_stays()
    {
        var id = await Catalog.EndpointAsync("early");
        using var gate = new Gate(HttpMethod.Get);
        var page = await EnterAsync($"/endpoints/{id}", before: page => gate.HoldAsync(page, "/api/v1/collections/[^/]+$"));
        await page.GetByLabel("Path and query").FillAsync("/v1/early?name=Ada");
        gate.Open();
        await Assertions.Expect(page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Code).First).ToHaveTextAsync("/v1/early");
        await Assertions.Expect(page.GetByLabel("Path and query")).ToHaveValueAsync("/v1/early?name=Ada");
    }

    [Test]
    public async Task What_is_typed_of_a_new_endpoint_before_the_templates_are_there_stays()
    {
        using var gate = new Gate(HttpMethod.Get);
        var page = await EnterAsync("/endpoints/new", before: page => gate.HoldAsync(page, "/api/v1/templates$"));
        await page.GetByLabel("Name").FillAsync("mine");
        await page.GetByLabel("Path").FillAsync("/mine");
        gate.Open();
        await Assertions.Expect(page.GetByRole(AriaRole.Radio).First).ToBeCheckedAsync();
        await Assertions.Expect(page.GetByLabel("Name")).ToHaveValueAsync("mine");
        await Assertions.Expect(page.GetByLabel("Path")).ToHaveValueAsync("/mine");
    }

    [Test]
    public async Task A_preview_is_the_one_of_the_document_that_was_chosen_last()
    {
        using var gate = new Gate(HttpMethod.Post);
        var page = await EnterAsync("/import", before: page => gate.HoldAsync(page, "/api/v1/imports/openapi"));
        var file = page.GetByLabel("Document");
        await file.SetInputFilesAsync(Document("first"));
        await gate.HeldAsync(1);
        await file.SetInputFilesAsync(Document("second"));
        await gate.HeldAsync(2);
        gate.Let(1);
        var preview = page.GetByRole(AriaRole.Region, new() { Name = "What would change" });
        await Assertions.Expect(preview).ToContainTextAsync("second");
        await page.RunAndWaitForResponseAsync(() => { gate.Open(); return Task.CompletedTask; }, new Regex("/api/v1/imports/openapi")); // the first one's answer comes after it
        await page.EvaluateAsync(Idle);
        await Assertions.Expect(preview).Not.ToContainTextAsync("first");
        await page.GetByLabel("Collection").First.FillAsync("elsewhere");
        await Assertions.Expect(preview).ToHaveCountAsync(0); // what would change is another thing now
    }

    [Test]
    public async Task Enter_pressed_twice_sends_a_form_once()
    {
        using var gate = new Gate(HttpMethod.Post);
        var page = await EnterAsync("/users", before: page => gate.HoldAsync(page, "/api/v1/users$"));
        await page.GetByRole(AriaRole.Button, new() { Name = "New user" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync("bob");
        await dialog.GetByLabel("Password").FillAsync(Password);
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Enter");
        await gate.HeldAsync(1);
        gate.Open();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        Assert.That(gate.Seen, Is.EqualTo(1));
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "bob", Exact = true })).ToBeVisibleAsync();
    }

    [TestCase(1280, "() => { for (const key of 'gl') dispatchEvent(new KeyboardEvent('keydown', { key })); }", "main h1", TestName = "The_heading_of_the_next_page_has_the_focus_before_the_next_key")]
    [TestCase(375, "() => document.querySelector('.menu-button').click()", "#navigation a", TestName = "The_menu_of_a_phone_has_the_focus_before_the_next_key")]
    public async Task The_focus_is_there_before_the_next_key(int width, string act, string wanted)
    {
        var page = await EnterAsync("/routes", width);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Routes" })).ToBeVisibleAsync();
        Assert.That(
            await page.EvaluateAsync<string>($"async () => {{ ({act})(); await ({Idle})(); return document.activeElement.matches('{wanted}') ? '' : document.activeElement.outerHTML.slice(0, 200); }}"), Is.Empty);
    }

    [Test]
    public async Task A_heading_keeps_the_focus_when_the_page_behind_it_comes()
    {
        var id = await Catalog.EndpointAsync("late");
        using var gate = new Gate(HttpMethod.Get);
        var page = await EnterAsync("/endpoints", before: page => gate.HoldAsync(page, $"/api/v1/endpoints/{id}$"));
        await page.GetByRole(AriaRole.Link, new() { Name = "/v1/late" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Endpoint", Exact = true })).ToBeFocusedAsync();
        gate.Open();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "late created" })).ToBeFocusedAsync();
    }

    // The code editor, not the plain field that stands there while it is loaded.
    private static async Task<ILocator> EditorAsync(IPage page)
    {
        var editor = page.Locator(".cm-content");
        await Assertions.Expect(editor).ToBeVisibleAsync();
        return editor;
    }

    private static FilePayload Document(string name) => new()
    {
        Name = name + ".yaml",
        MimeType = "application/yaml",
        Buffer = System.Text.Encoding.UTF8.GetBytes($"openapi: 3.0.3\ninfo: {{ title: {name}, version: '1' }}\npaths:\n  /{name}:\n    get:\n      operationId: {name}\n      responses:\n        '200': {{ description: well }}\n"),
    };

    /// <summary>Holds requests of one method up, as a slow network does.</summary>
    private sealed class Gate(HttpMethod method) : IDisposable
    {
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<TaskCompletionSource> _held = [];

        /// <summary>How many have come.</summary>
        public int Seen
        {
            get
            {
                lock (_held)
                {
                    return _held.Count;
                }
            }
        }

        public async Task HoldAsync(IPage page, string address) => await page.RouteAsync(new Regex(address), async route =>
        {
            if (route.Request.Method == method.Method)
            {
                var own = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                lock (_held)
                {
                    _held.Add(own);
                }
                await Task.WhenAny(_open.Task, own.Task);
            }
            await route.ContinueAsync();
        });

        /// <summary>Waits until so many have come.</summary>
        public Task HeldAsync(int count) => Eventually.TrueAsync(() => Task.FromResult(Seen >= count), () => $"{count} requests are on their way");

        /// <summary>Lets one of them go on, by the order in which they came.</summary>
        public void Let(int index)
        {
            lock (_held)
            {
                _held[index].TrySetResult();
            }
        }

        public void Open() => _open.TrySetResult();

        public void Dispose() => Open();
    }
}
