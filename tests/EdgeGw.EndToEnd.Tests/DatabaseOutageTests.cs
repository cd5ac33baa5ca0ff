using System.Collections.Concurrent;
using System.Diagnostics;

namespace EdgeGw.EndToEnd.Tests;

/// <summary>The petstore's PostgreSQL stops under load and comes back.</summary>
[NonParallelizable]
public sealed class DatabaseOutageTests() : OneGateway("hello-c")
{
    private const string OfDatabase = "/pets/1";
    private const string OfOthers = "/c/hello";
    private const int Callers = 24;
    private const int Enough = 2000;

    private readonly ConcurrentQueue<Answer> _answers = new();
    private PostgresServer? _server;

    private PostgresServer Server => _server!;

    [OneTimeSetUp]
    public async Task PrepareAsync()
    {
        _server = await PostgresServer.StartAsync();
        await Gateway.AddServiceAsync("database:main", "postgres", "host=127.0.0.1", $"port={Server.Port}", $"database={PostgresServer.User}", $"user={PostgresServer.User}", $"password=file:{Server.PasswordFile}");
        var migrated = await Gateway.Cli.RunAsync("service", "migrate", "database:main", Repository.Path("handler-sdk/samples/petstore/migrations"));
        Assert.That(migrated.ExitCode, Is.Zero, migrated.ToString());
        await Gateway.DeployAsync(Repository.Sample("petstore"));
    }

    [OneTimeTearDown]
    public async Task StopServerAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Test]
    public async Task Its_callers_get_a_503_at_once_others_notice_nothing_and_service_returns_by_itself()
    {
        using var done = new CancellationTokenSource();
        var callers = Enumerable.Range(0, Callers).Select(i => Task.Run(() => AskAsync(i % 2 == 0 ? OfOthers : OfDatabase, done.Token))).ToArray();
        var begun = Stopwatch.GetTimestamp();
        await SeenAsync(OfDatabase, HttpStatusCode.OK, begun);
        await SeenAsync(OfOthers, HttpStatusCode.OK, begun);

        var stopping = Stopwatch.GetTimestamp();
        await Server.StopAsync();
        var stopped = Stopwatch.GetTimestamp();
        await SeenAsync(OfDatabase, HttpStatusCode.ServiceUnavailable, stopped);
        await SeenAsync(OfOthers, HttpStatusCode.OK, stopped);
        using var problem = await Client.GetAsync(OfDatabase);
        await AssertProblemAsync(problem, HttpStatusCode.ServiceUnavailable);
        Assert.That(await problem.Content.ReadAsStringAsync(), Does.Contain("The database 'main' cannot be reached at the moment."));
        Assert.That(problem.Headers.RetryAfter?.Delta, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(await Gateway.Error.WaitForAsync("database:main is down"), Does.Contain($"PostgreSQL at 127.0.0.1:{Server.Port} "));

        var starting = Stopwatch.GetTimestamp();
        await Server.StartAsync();
        var ready = Stopwatch.GetTimestamp();
        await SeenAsync(OfDatabase, HttpStatusCode.OK, ready);
        var well = Stopwatch.GetTimestamp();
        await SeenAsync(OfDatabase, HttpStatusCode.OK, well);
        await done.CancelAsync();
        await Task.WhenAll(callers);

        Assert.That(_answers.Where(answer => answer.Path == OfOthers && answer.Status != HttpStatusCode.OK), Is.Empty);
        Assert.That(_answers.Where(answer => answer.Status is not (HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable)), Is.Empty);
        Assert.That(_answers.Where(answer => answer.Status != HttpStatusCode.OK && (answer.Ended < stopping || answer.Begun > well)), Is.Empty, "a 503 without an outage");
        TestContext.Out.WriteLine($"first 503 {Milliseconds(stopping, First(HttpStatusCode.ServiceUnavailable, stopping)):0} ms after the server was told to stop (it took {Milliseconds(stopping, stopped):0} ms),"
            + $" the slowest 503 {Slowest(OfDatabase, stopping, starting):0} ms; first 200 {Milliseconds(ready, First(HttpStatusCode.OK, ready)):0} ms after the server was ready");
        TestContext.Out.WriteLine($"the other route: p99 {Percentile99(begun, stopping):0.0} ms before, {Percentile99(stopped, starting):0.0} ms during the outage; {_answers.Count} answers");
    }

    private long First(HttpStatusCode status, long since) => _answers.Where(answer => answer.Path == OfDatabase && answer.Status == status && answer.Begun >= since).Min(answer => answer.Ended);

    private double Slowest(string path, long since, long until) => _answers.Where(answer => answer.Path == path && answer.Begun >= since && answer.Begun < until && answer.Status != HttpStatusCode.OK)
        .Max(answer => Milliseconds(answer.Begun, answer.Ended));

    private double Percentile99(long since, long until)
    {
        var times = _answers.Where(answer => answer.Path == OfOthers && answer.Begun >= since && answer.Ended < until).Select(answer => Milliseconds(answer.Begun, answer.Ended)).Order().ToArray();
        return times[times.Length * 99 / 100];
    }

    private Task SeenAsync(string path, HttpStatusCode status, long since) => Eventually.TrueAsync(
        () => Task.FromResult(_answers.Count(answer => answer.Path == path && answer.Status == status && answer.Begun >= since) >= Enough), () => $"{path} is answered {status}");

    private async Task AskAsync(string path, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            var begun = Stopwatch.GetTimestamp();
            using var response = await Client.GetAsync(path, CancellationToken.None);
            _answers.Enqueue(new(path, response.StatusCode, begun, Stopwatch.GetTimestamp()));
        }
    }

    private static double Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;

    private sealed record Answer(string Path, HttpStatusCode Status, long Begun, long Ended);
}
