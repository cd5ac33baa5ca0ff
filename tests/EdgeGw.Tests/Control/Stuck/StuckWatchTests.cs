using System.Net.Http.Json;
using System.Text.Json;

namespace EdgeGw.Tests.Control.Stuck;

/// <summary>How control hears of calls that a worker has given up.</summary>
public sealed class StuckWatchTests
{
    [Test]
    public async Task Those_of_the_new_worker_are_heard_while_the_replaced_one_lives_on_and_those_of_that_one_too()
    {
        await using var control = await RunningControl.StartAsync(
            settings => settings.Worker.StopTimeoutMs = 100,
            prepare: state => File.WriteAllText(Path.Combine(state, "script", "stuck-1"), ""));
        await File.WriteAllTextAsync(control.Script("ignore-stop"), "");
        await Eventually.TrueAsync(() => File.Exists(control.Script("polled-1")), "control asks the first worker, which does not answer");
        await File.WriteAllTextAsync(control.Script("stuck-2"), Calls("new"));

        using var reload = await control.Http.PostAsync("/api/v1/reload", null);
        Assert.That((int)reload.StatusCode, Is.EqualTo(200));

        await Eventually.TrueAsync(async () => await HandlersAsync(control) is ["new"], "the new worker's call is reported");
        await File.WriteAllTextAsync(control.Script("stuck-1"), Calls("old"));
        await Eventually.TrueAsync(async () => (await HandlersAsync(control)).Order().SequenceEqual(["new", "old"]), "the replaced worker's call is reported");
    }

    private static string Calls(string handler) => $$"""
        [{"number":1,"handler":"{{handler}}","version":"1.0.0","sha256":"aa","ordinal":1,"threadId":0,"requestId":"","route":"","heldMs":1,"reason":"{{handler}} does not come back.","isFirst":true}]
        """;

    private static async Task<string[]> HandlersAsync(RunningControl control)
    {
        var stuck = await control.Http.GetFromJsonAsync<JsonElement>("/api/v1/stuck");
        return [.. stuck.GetProperty("reports").EnumerateArray().Select(report => report.GetProperty("handler").GetString()!)];
    }
}
