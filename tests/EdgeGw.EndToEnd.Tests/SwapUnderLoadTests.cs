using System.Text.RegularExpressions;

namespace EdgeGw.EndToEnd.Tests;

/// <summary>Replacing a handler at full speed loses nothing.</summary>
[NonParallelizable]
public sealed partial class SwapUnderLoadTests
{
    private const int Deploys = 200;

    [Test]
    public async Task Two_hundred_deploys_under_HTTP1_and_HTTP2_load_lose_no_request()
    {
        await using var gateway = await Gateway.StartAsync();
        string[] libraries = [Repository.Fixture("ok1"), Repository.Fixture("ok2")];
        await gateway.DeployAsync(libraries[0]);
        using var done = new CancellationTokenSource();
        var url = new Uri(gateway.Address, "/ok").ToString();
        var load = new List<Task<long>>
        {
            RepeatAsync("wrk", ["-t1", "-c16", "-d2s", url], Wrk, done.Token),
            RepeatAsync("h2load", ["-t1", "-c4", "-m8", "-D2", url], H2Load, done.Token),
            CheckEveryAnswerAsync(Http.Http11(gateway.Address), done.Token),
            CheckEveryAnswerAsync(Http.Http2(gateway.Address), done.Token),
        };

        for (var deploy = 1; deploy <= Deploys; deploy++)
        {
            using var library = new StreamContent(File.OpenRead(libraries[deploy % 2]));
            using var response = await gateway.Control.PostAsync("/api/v1/deployments", library);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created), await response.Content.ReadAsStringAsync());
            if (load.Find(task => task.IsFaulted) is { } failed)
            {
                await failed;
            }
        }

        await done.CancelAsync();
        var requests = await Task.WhenAll(load);
        TestContext.Out.WriteLine($"{Deploys} deploys; wrk {requests[0]}, h2load {requests[1]}, every body checked: {requests[2]} over HTTP/1.1 and {requests[3]} over HTTP/2 requests");
        Assert.That(requests, Has.All.Positive);
        Assert.That((await gateway.WorkerAsync()).GetProperty("restarts").GetInt32(), Is.Zero);
    }

    private static async Task<long> CheckEveryAnswerAsync(HttpClient client, CancellationToken done)
    {
        using (client)
        {
            long count = 0;
            for (; !done.IsCancellationRequested; count++)
            {
                using var response = await client.GetAsync("/ok", CancellationToken.None);
                var body = await response.Content.ReadAsStringAsync(CancellationToken.None);
                if (response.StatusCode != HttpStatusCode.OK || body is not ("{\"version\":1}" or "{\"version\":2}"))
                {
                    Assert.Fail($"{(int)response.StatusCode} {body}");
                }
            }

            return count;
        }
    }

    private static async Task<long> RepeatAsync(string tool, string[] arguments, Func<string, long> requestsWithoutFailure, CancellationToken done)
    {
        long count = 0;
        do
        {
            var run = await Command.RunAsync(tool, arguments);
            Assert.That(run.ExitCode, Is.Zero, run.ToString());
            count += requestsWithoutFailure(run.Output);
        }
        while (!done.IsCancellationRequested);

        return count;
    }

    private static long Wrk(string report)
    {
        Assert.That(report, Does.Not.Contain("Socket errors").And.Not.Contain("Non-2xx"));
        return long.Parse(WrkRequests().Match(report).Groups[1].Value);
    }

    private static long H2Load(string report)
    {
        // At the end of its time h2load drops what is under way; that is neither failed nor answered.
        var match = H2LoadRequests().Match(report);
        Assert.That(match.Success, Is.True, report);
        Assert.That(long.Parse(match.Groups["failed"].Value) + long.Parse(match.Groups["errored"].Value) + long.Parse(match.Groups["timeout"].Value), Is.Zero, report);
        Assert.That(report, Does.Contain(" 0 3xx, 0 4xx, 0 5xx"));
        return long.Parse(match.Groups["done"].Value);
    }

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex WrkRequests();

    [GeneratedRegex(@"requests: \d+ total, \d+ started, (?<done>\d+) done, \d+ succeeded, (?<failed>\d+) failed, (?<errored>\d+) errored, (?<timeout>\d+) timeout")]
    private static partial Regex H2LoadRequests();
}
