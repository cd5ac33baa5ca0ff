namespace EdgeGw.EndToEnd.Tests;

/// <summary>Open server-sent events survive what is done to the gateway beneath them.</summary>
[NonParallelizable]
public sealed class OpenStreamTests
{
    private const int Deploys = 20;

    [Test]
    public async Task Open_event_streams_survive_twenty_deploys_and_a_hand_over()
    {
        var connections = LongRun.IsAsked ? 1_000 : 200;
        // Short drains: streams have their own bound, which is what keeps them.
        await using var gateway = await Gateway.StartAsync(new() { Arguments = ["--set", "Handlers:DrainMs=100", "--set", "Worker:DrainMs=100", "--set", "Worker:IdleDrainMs=100", "--set", "Limits:RouteConcurrency=2000", "--set", "Limits:Concurrency=4000"] });
        var library = Repository.Fixture("stream");
        await Libraries.DeployCopyAsync(gateway, library, 0);
        using var done = new CancellationTokenSource();
        var streams = Enumerable.Range(0, connections).Select(_ => new Listener(gateway.Address)).ToList();
        var reading = streams.ConvertAll(stream => Task.Run(() => stream.ReadAsync(done.Token)));
        await Eventually.TrueAsync(() => Task.FromResult(streams.TrueForAll(stream => stream.Events > 0)), () => "every stream has begun");

        for (var deploy = 1; deploy <= Deploys; deploy++)
        {
            await Libraries.DeployCopyAsync(gateway, library, deploy);
            if (deploy == Deploys / 2)
            {
                Assert.That((await gateway.Cli.RunAsync("reload")).ExitCode, Is.Zero);
            }
        }

        // Events that came after the last deploy: twice, so that none was on its way.
        for (var round = 0; round < 2; round++)
        {
            var before = streams.ConvertAll(stream => stream.Events);
            await Eventually.TrueAsync(
                () => Task.FromResult(streams.Zip(before).All(pair => pair.First.Events > pair.Second || pair.First.HasEnded)), () => "every stream goes on");
        }
        var status = await gateway.StatusAsync();
        TestContext.Out.WriteLine($"{connections} streams, {Deploys} deploys, 1 hand-over: {streams.Count(stream => stream.HasEnded)} ended; {streams.Sum(stream => stream.Events)} events; draining: {status.GetProperty("draining")}");
        Assert.That(streams.Count(stream => stream.HasEnded), Is.Zero, "disconnects");
        Assert.That(status.GetProperty("draining")[0].GetProperty("connections").GetInt32(), Is.EqualTo(connections), "they are the replaced worker's");
        await done.CancelAsync();
        await Task.WhenAll(reading);
        await Eventually.TrueAsync(async () => (await gateway.StatusAsync()).GetProperty("draining").GetArrayLength() == 0, () => "with the last stream the replaced worker ends");
    }

    private sealed class Listener(Uri address)
    {
        private int _events;
        private volatile bool _hasEnded;

        public int Events => Volatile.Read(ref _events);

        public bool HasEnded => _hasEnded;

        public async Task ReadAsync(CancellationToken done)
        {
            using var client = Http.Http11(address);
            try
            {
                using var response = await client.GetAsync("/stream/events/1000000/200", HttpCompletionOption.ResponseHeadersRead, done);
                response.EnsureSuccessStatusCode();
                using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(done));
                while (await reader.ReadLineAsync(done) is { } line)
                {
                    if (line.StartsWith("data:", StringComparison.Ordinal))
                    {
                        Interlocked.Increment(ref _events);
                    }
                }
                _hasEnded = true;
            }
            catch (OperationCanceledException) when (done.IsCancellationRequested)
            {
                // the test has seen enough
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                _hasEnded = true;
            }
        }
    }
}
