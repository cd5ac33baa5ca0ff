using EdgeGw.Pipeline.Observe;
using EdgeGw.Tests.Control;
using EdgeGw.Tests.Control.Catalog;
using EdgeGw.Tests.Control.Events;

namespace EdgeGw.Tests.Telemetry;

/// <summary>The request log by the Admin API.</summary>
internal sealed class RequestApiTests
{
    [Test]
    public async Task The_newest_requests_are_listed_newest_first()
    {
        await using var control = await RunningControl.StartAsync();
        control.Tell(SomeRequests.Traced("first"));
        control.Tell(SomeRequests.Traced("second") with { Time = SomeRequests.Began.AddSeconds(1) });
        var answer = (await control.CallAsync("GET", "/requests")).Body;
        var items = answer.GetProperty("items");
        var first = items[1];
        using var scope = Assert.EnterMultipleScope();
        Assert.That(items.EnumerateArray().Select(item => item.GetProperty("requestId").GetString()), Is.EqualTo(new[] { "second", "first" }));
        Assert.That(answer.GetProperty("next").ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null));
        Assert.That((first.GetProperty("route").GetString(), first.GetProperty("status").GetInt32(), first.GetProperty("queueMs").GetDouble()), Is.EqualTo(("/pets/{id}", 200, 1.5)));
        Assert.That((first.GetProperty("spans")[0].GetProperty("kind").GetString(), first.GetProperty("spans")[0].GetProperty("ms").GetDouble()), Is.EqualTo(("database", 3)));
        Assert.That((await control.CallAsync("GET", "/requests?limit=1")).Body.GetProperty("items").GetArrayLength(), Is.EqualTo(1));
    }

    [TestCase("?status=abc")]
    [TestCase("?status=9xx")]
    [TestCase("?limit=0")]
    [TestCase("?what=1")]
    public async Task What_cannot_be_asked_for_is_refused(string query)
    {
        await using var control = await RunningControl.StartAsync();
        Assert.That((await control.CallAsync("GET", "/requests" + query)).Status, Is.EqualTo(400));
    }

    [Test]
    public async Task Requests_are_told_as_events_when_they_are_wanted()
    {
        await using var control = await RunningControl.StartAsync();
        using var events = await EventReader.OpenAsync(control, "?requests=true");
        control.Tell(SomeRequests.Traced("now"));
        Assert.That((await events.NextAsync("request")).GetProperty("requestId").GetString(), Is.EqualTo("now"));
        Assert.That((await control.CallAsync("GET", "/events?requests=true&status=x")).Status, Is.EqualTo(400));
    }

    [Test]
    public void A_filter_is_told_a_worker_whole() =>
        Assert.That(new RequestFilter("a b", 404, "r/1", true).ToQuery(), Is.EqualTo("?status=404&traced=true&handler=a%20b&id=r%2F1"));
}
