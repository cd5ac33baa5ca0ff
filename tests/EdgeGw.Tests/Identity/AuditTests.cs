using System.Net.Http.Json;
using System.Text.Json;
using EdgeGw.Tests.Control;

namespace EdgeGw.Tests.Identity;

/// <summary>Who has changed what, or was not allowed to.</summary>
public sealed class AuditTests
{
    [Test]
    public async Task Every_change_is_there_with_who_from_where_what_and_what_came_of_it_and_nothing_that_only_looks()
    {
        await using var control = await StartAsync();
        using var browser = new Browser(control);
        await browser.SetUpAsync(control);
        await control.DeployAsync(RunningControl.Handler("hello", 1));
        await browser.SendAsync("POST", "/rollbacks", """{"handler":"none"}""");
        await browser.SendAsync("GET", "/status");
        await control.Http.GetStringAsync("/api/v1/status");
        using (var stranger = new Browser(control))
        {
            await stranger.LogInAsync("ada", "wrong");
            await stranger.LogInAsync("a-password-in-the-wrong-field", "wrong");
            await stranger.SendAsync("POST", "/rollbacks", "{}");
        }

        Assert.That(await EntriesAsync(control), Is.EqualTo((string[])
        [
            "nobody none 127.0.0.1 POST /api/v1/session 401 login of an unknown user refused",
            "ada none 127.0.0.1 POST /api/v1/session 401 login refused",
            "ada user 127.0.0.1 POST /api/v1/rollbacks 404 No handler 'none' is in the history.",
            "control.sock socket control.sock POST /api/v1/deployments 201 deploy hello 1.0.0",
            "ada none 127.0.0.1 POST /api/v1/setup 201 the first user 'ada' was made",
        ]));
    }

    [Test]
    public async Task It_is_kept_over_a_restart_and_bounded()
    {
        using var folder = new TestFolder();
        for (var start = 0; start < 2; start++)
        {
            await using var control = await StartAsync(folder["s"], keep: 3);
            for (var i = 0; i < 2; i++)
            {
                await control.ServiceAsync("POST", "/cache/default/enable");
            }
            Assert.That(await EntriesAsync(control), Has.Count.EqualTo(start == 0 ? 2 : 3));
        }
    }

    [Test]
    public async Task A_change_is_not_undone_by_a_log_that_cannot_be_written()
    {
        await using var control = await StartAsync();
        Directory.CreateDirectory(Path.Combine(control.State, "control.db"));
        Assert.That((await control.ServiceAsync("POST", "/cache/default/disable")).Status, Is.EqualTo(200));
        await Eventually.TrueAsync(
            () => Task.FromResult(control.LogText().Contains("The audit log cannot be written: control.sock called POST /api/v1/services/cache/default/disable (200)", StringComparison.Ordinal)), "the log says so");
    }

    private static Task<RunningControl> StartAsync(string? state = null, int keep = 1_000) => RunningControl.StartAsync(settings => (settings.Admin, settings.Identity.KeepAudit) = ("http://127.0.0.1:0", keep), state);

    private static async Task<List<string>> EntriesAsync(RunningControl control) =>
        [.. (await control.Http.GetFromJsonAsync<JsonElement>("/api/v1/audit")).GetProperty("items").EnumerateArray().Select(entry =>
            string.Join(' ', ((string[])["who", "kind", "address", "method", "path", "status", "detail"]).Select(member => entry.GetProperty(member).ToString())))];
}
