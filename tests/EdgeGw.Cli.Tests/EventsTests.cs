using Microsoft.AspNetCore.Http;

namespace EdgeGw.Cli.Tests;

public class EventsTests
{
    private const string Stream = """
        retry: 2000

        event: ready
        data: {"epoch":12}

        :

        id: a-1
        event: epoch
        data: {"number":13,"action":"deploy","reason":"deploy hello 1.0.1"}

        id: a-2
        event: deployment
        data: {"id":7,"principal":"ada","action":"deploy","result":"made","status":200,"epoch":13,"ms":41,"reason":"deploy hello 1.0.1","reasons":[],"handlers":[]}

        id: a-3
        event: deployment
        data: {"id":8,"principal":"ada","action":"deploy","result":"refused","status":422,"epoch":null,"ms":3,"reason":"hello 2.0.0 was refused.","reasons":["GET /a is there twice"],"handlers":[]}

        id: a-4
        event: endpoint
        data: {"id":"x","name":"hello","revision":2,"state":"failed","stateReason":"it does not compile","deleted":false}

        id: a-5
        event: crash
        data: {"id":3,"cause":"signal 11","handler":"hello","version":"1.0.1","requests":2,"action":"rolled back"}

        id: a-6
        event: quarantine
        data: {"handler":"hello","version":"1.0.1","reason":"hello 1.0.1 is quarantined"}

        event: metrics
        data: {"worker":11,"requestsPerSecond":120.5,"errorsPerSecond":0,"p50Ms":0.11,"p99Ms":1.9,"inFlight":3}

        event: log
        data: {"time":"2026-01-01T00:00:00Z","level":"Info","source":"hello","message":"one\u001b"}

        event: request
        data: {"method":"GET","path":"/a\u001b","status":503,"ms":1.2,"error":"no luck"}

        event: weather
        data: {"sun":true}


        """;

    [Test]
    public async Task Each_kind_of_event_is_a_line_for_people()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        var result = await gateway.On("GET /api/v1/events", Stream).Cli().RunAsync("events", "--log", "--requests", "--handler", "a b", "--metrics", "1s", "--reconnect", "0s");
        Assert.That(result.Output, Is.EqualTo("""
            12:00:00 ready      epoch 12 is in force
            12:00:00 epoch      13: deploy hello 1.0.1
            12:00:00 deployment deploy hello 1.0.1 (ada, 41 ms)
            12:00:00 deployment deploy refused: hello 2.0.0 was refused. (ada, 3 ms)
                       - GET /a is there twice
            12:00:00 endpoint   hello failed: it does not compile
            12:00:00 crash      the worker died (signal 11): hello 1.0.1 is blamed; 2 requests lost (crash 3); rolled back
            12:00:00 quarantine hello 1.0.1 is quarantined
            12:00:00 metrics    120.5 requests/s, 0 errors/s, 3 in flight, p50 0.1 ms, p99 1.9 ms
            12:00:00 log        Info     hello: one\u001b
            12:00:00 request    GET /a\u001b 503 1.2 ms no luck
            12:00:00 weather    {"sun":true}

            """));
        Assert.That((result.ExitCode, gateway.Seen.Single().Query), Is.EqualTo((ExitCode.Unreachable, "?log=true&requests=true&handler=a%20b&metrics=1000")));
    }

    [Test]
    public async Task As_JSON_it_is_one_document_a_line_and_only_what_is_wanted()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        var result = await gateway.On("GET /api/v1/events", Stream).Cli().RunAsync("events", "--json", "--type", "epoch", "--type", "weather", "--reconnect", "0s");
        Assert.That(result.Output, Is.EqualTo("""
            {"id":"a-1","event":"epoch","data":{"number":13,"action":"deploy","reason":"deploy hello 1.0.1"}}
            {"id":null,"event":"weather","data":{"sun":true}}

            """));
    }

    [Test]
    public async Task After_a_break_it_goes_on_after_what_was_seen()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        var seen = new List<string?>();
        gateway.On("GET /api/v1/events", async (_, http) =>
        {
            seen.Add(http.Request.Headers["Last-Event-ID"]);
            await http.Response.WriteAsync($$"""id: a-{{seen.Count}}{{"\n"}}event: epoch{{"\n"}}data: {"number":{{seen.Count}},"reason":"deploy"}{{"\n\n"}}""");
            await http.Response.Body.FlushAsync();
            if (seen.Count == 3)
                await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        using var stop = new CancellationTokenSource();
        var output = new GatedWriter();
        var events = new Edgegw { Time = new HurriedClock() }.RunAsync(["events", "--server", gateway.Url, "--token", "t"], stop.Token, output);
        for (var i = 1; i <= 3; i++)
            Assert.That(await output.NextAsync(), Does.EndWith($"epoch      {i}: deploy"));
        await stop.CancelAsync();
        Assert.That((await events).ExitCode, Is.EqualTo(ExitCode.Interrupted));
        Assert.That(seen, Is.EqualTo(new[] { null, "a-1", "a-2" }));
    }

    [Test]
    public async Task A_gateway_that_was_never_there_is_not_waited_for()
    {
        using var folder = new TemporaryFolder();
        var result = await new Edgegw().RunAsync("events", "--state", folder.Root);
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((ExitCode.Unreachable, "")));
    }

    [Test]
    public async Task A_refusal_is_a_sentence()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On("GET /api/v1/events", """{"title":"100 followers are there already","status":503}""", 503);
        var result = await gateway.Cli().RunAsync("events");
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((ExitCode.Failed, "edgegw: 100 followers are there already\n")));
        Assert.That((await gateway.Cli().RunAsync("events", "--metrics", "5ms")).ExitCode, Is.EqualTo(ExitCode.Usage));
    }
}
