using Microsoft.AspNetCore.Http;

namespace EdgeGw.Cli.Tests;

public class RequestsTests
{
    private const string Second = """{"worker":7,"number":2,"requestId":"r2","time":"2026-01-01T00:00:01Z","method":"POST","path":"/b\u001b","status":503,"ms":1500,"queueMs":20,"handler":"pets","version":"1.0.0","error":"no\ntable","spans":[{"kind":"database","name":"main","operation":"query","atMs":2,"ms":3.25,"outcome":"answered"},{"kind":"http","name":"default","operation":"send","target":"example.com","atMs":6,"ms":4,"outcome":"timedout"}],"spansLost":1}""";
    private const string First = """{"worker":7,"number":1,"requestId":"r1","time":"2026-01-01T00:00:00.120Z","method":"GET","path":"/a","status":404,"ms":0.25,"queueMs":0,"spans":[]}""";
    private const string List = $$"""{"items":[{{Second}},{{First}}],"next":null}""";

    [Test]
    public async Task The_oldest_comes_first_and_service_calls_are_shown_when_they_are_asked_for()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On("GET /api/v1/requests", List);
        var text = await gateway.Cli().RunAsync("requests", "--tail", "7", "--handler", "a b", "--status", "5xx", "--id", "r/2", "--spans");
        var json = await gateway.Cli().RunAsync("requests", "--json");
        Assert.That(text.Output, Is.EqualTo("""
            2026-01-01 00:00:00.120 404 GET /a 0.3 ms  no route [r1]
            2026-01-01 00:00:01.000 503 POST /b\u001b 1.5 s, 20 ms of it queued  pets 1.0.0 no table [r2]
                +2 ms database:main query 3.3 ms
                +6 ms http:default send example.com 4 ms timedout
                and 1 call more

            """));
        Assert.That(json.Output.TrimEnd(), Is.EqualTo(List));
        Assert.That(gateway.Seen.Select(seen => seen.Query), Is.EqualTo(new[] { "?limit=7&handler=a%20b&status=5xx&id=r%2F2", "?limit=20" }));
    }

    [Test]
    public async Task Following_shows_what_was_there_and_then_each_as_it_comes_none_twice()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On("GET /api/v1/requests", List);
        gateway.On("GET /api/v1/events", async (_, http) =>
        {
            http.Response.ContentType = "text/event-stream";
            // The second one has come while the list was asked for.
            await http.Response.WriteAsync($"retry: 2000\n\nevent: ready\ndata: {{\"epoch\":1}}\n\nevent: request\ndata: {Second}\n\n: \n\nevent: epoch\ndata: {{}}\n\nevent: request\ndata: {First.Replace("\"number\":1", "\"number\":3", StringComparison.Ordinal)}\n\n", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        using var stop = new CancellationTokenSource();
        var output = new GatedWriter();
        var requests = gateway.Cli().RunAsync(["requests", "-f", "--json"], stop.Token, output);
        Assert.That(await output.NextAsync(), Is.EqualTo(First));
        Assert.That(await output.NextAsync(), Is.EqualTo(Second));
        Assert.That(await output.NextAsync(), Does.Contain("\"number\":3"));
        await stop.CancelAsync();
        Assert.That((await requests).ExitCode, Is.EqualTo(ExitCode.Interrupted));
        Assert.That(gateway.Seen.First().Query, Is.EqualTo("?requests=true"));
    }

    [Test]
    public async Task A_status_that_is_none_is_wrong_usage()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        var result = await gateway.Cli().RunAsync("requests", "--status", "9xx");
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((ExitCode.Usage, "edgegw: --status: '9xx' is neither a status such as 404 nor a class such as 5xx\nSee 'edgegw requests --help'.\n")));
    }
}
