using Microsoft.AspNetCore.Http;

namespace EdgeGw.Cli.Tests;

public class LogsTests
{
    private const string Lines = """
        {"time":"2026-01-01T00:00:00.120Z","level":"Info","source":"hello","requestId":"r1","message":"two\nlines\u001b[1m"}
        {"time":"2026-01-01T00:00:01Z","level":"Warning","source":"control","message":"the worker ended"}
        not JSON

        """;

    [Test]
    public async Task Lines_are_for_people_unless_JSON_is_asked_for()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On("GET /api/v1/logs", Lines);
        var text = await gateway.Cli().RunAsync("logs", "--tail", "7", "--handler", "a b");
        var json = await gateway.Cli().RunAsync("logs", "--json");
        Assert.That(text.Output, Is.EqualTo("""
            2026-01-01 00:00:00.120 Info     hello: two
                lines\u001b[1m [r1]
            2026-01-01 00:00:01.000 Warning  control: the worker ended
            not JSON

            """));
        Assert.That(json.Output, Is.EqualTo(Lines));
        Assert.That(gateway.Seen.Select(seen => seen.Query), Is.EqualTo(new[] { "?tail=7&handler=a%20b", "?tail=100" }));
    }

    [Test]
    public async Task Following_prints_each_line_as_it_comes_and_ends_when_told_to()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        using var more = new SemaphoreSlim(0);
        gateway.On("GET /api/v1/logs", async (_, http) =>
        {
            for (var i = 0; ; i++)
            {
                await http.Response.WriteAsync($$"""{"time":"2026-01-01T00:00:00Z","level":"Info","source":"s","message":"line {{i}}"}""" + "\n", http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
                await more.WaitAsync(http.RequestAborted);
            }
        });
        using var stop = new CancellationTokenSource();
        var output = new GatedWriter();
        var logs = gateway.Cli().RunAsync(["logs", "-f"], stop.Token, output);
        Assert.That(await output.NextAsync(), Does.EndWith("line 0"));
        more.Release();
        Assert.That(await output.NextAsync(), Does.EndWith("line 1"));
        await stop.CancelAsync();
        Assert.That((await logs).ExitCode, Is.EqualTo(ExitCode.Interrupted));
        Assert.That(gateway.Seen.Single().Query, Is.EqualTo("?tail=100&follow=true"));
    }

    [Test]
    public async Task A_gateway_that_stops_ends_the_following_with_3()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        var result = await gateway.On("GET /api/v1/logs", Lines).Cli().RunAsync("logs", "-f", "--reconnect", "0s");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Unreachable));
        Assert.That(result.Error, Does.Contain("it has stopped"));
    }

    [Test]
    public async Task After_a_break_the_lines_that_were_missed_come_and_none_comes_twice()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        var connections = 0;
        gateway.On("GET /api/v1/logs", async (_, http) =>
        {
            var connection = Interlocked.Increment(ref connections);
            for (var i = 0; i <= connection; i++)
                await http.Response.WriteAsync($$"""{"time":"2026-01-01T00:00:00Z","level":"Info","source":"s","message":"line {{i}}"}""" + "\n");
            await http.Response.Body.FlushAsync();
            if (connection > 1)
                await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        using var stop = new CancellationTokenSource();
        var output = new GatedWriter();
        var logs = gateway.Cli(time: new HurriedClock()).RunAsync(["logs", "-f", "--tail", "5"], stop.Token, output);
        for (var i = 0; i < 3; i++)
            Assert.That(await output.NextAsync(), Does.EndWith($"line {i}"));
        await stop.CancelAsync();
        var result = await logs;
        Assert.That(result.Error, Does.Contain("; trying again\nconnected again\n"));
        Assert.That(gateway.Seen.Select(seen => seen.Query), Is.EqualTo(new[] { "?tail=5&follow=true", "?tail=1000&follow=true" }));
    }
}
