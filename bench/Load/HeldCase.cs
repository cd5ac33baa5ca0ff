using System.Globalization;
using System.Text;
using EdgeGw.Tests.Support;

namespace EdgeGw.Load;

/// <summary>What requests hold that wait for their handler, each on a connection of its own.</summary>
internal static class HeldCase
{
    /// <summary>The memory of all of them, among the figures.</summary>
    public const string Bytes = "2000 requests under way, bytes";

    private const int Requests = 2000;

    /// <summary>Measures them.</summary>
    public static async Task<Outcome> RunAsync(Plan plan)
    {
        var machine = Report.Machine();
        // Nothing may end them meanwhile.
        string[] bounds = [$"Limits:Concurrency={2 * Requests}", $"Limits:RouteConcurrency={2 * Requests}", "Limits:DeadlineMs=3600000", "Worker:StopTimeoutMs=1000"];
        await using var server = await GatewayServer.StartAsync(gateway => gateway.DeployAsync(Repository.Fixture("cancelled")), bounds);
        using var client = Http.Http11(server.Address);
        await Wrk.RunAsync(server.Address, new Ask("/cancelled/count"), Plan.WarmUpSeconds, plan.Connections);
        await Task.Delay(TimeSpan.FromSeconds(Plan.IdleSeconds));
        var before = server.Processes.Sum(ProcessFigures.ResidentBytes);
        var waiting = new List<RawConnection>();
        try
        {
            while (waiting.Count < Requests)
            {
                waiting.Add(await RawConnection.OpenAsync(server.Address));
                await waiting[^1].SendAsync($"GET /cancelled/wait HTTP/1.1\r\nHost: {server.Address.Authority}\r\n\r\n");
            }
            var began = TimeProvider.System.GetTimestamp();
            while (await client.GetStringAsync("/cancelled/count") is var count && !count.StartsWith($"started={Requests} cancelled=0 ", StringComparison.Ordinal))
            {
                if (TimeProvider.System.GetElapsedTime(began) > Eventually.Patience)
                {
                    throw new TimeoutException($"Not all of {Requests} requests are under way: {count}");
                }
                await Task.Delay(TimeSpan.FromMilliseconds(10));
            }
            await Task.Delay(TimeSpan.FromSeconds(Plan.IdleSeconds));
            var with = server.Processes.Sum(ProcessFigures.ResidentBytes);
            var text = new StringBuilder().AppendLine(Report.Title("Requests under way")).AppendLine();
            text.AppendLine(CultureInfo.InvariantCulture, $"{Requests} requests on as many connections, all inside a handler in C that waits. Resident memory of both processes before the first and {Plan.IdleSeconds} s after the last; the kernel's buffers are not in it. {machine}.");
            text.AppendLine().AppendLine("| server | MB before | MB with them | bytes per request, its connection included |").AppendLine("|---|---|---|---|");
            text.AppendLine(CultureInfo.InvariantCulture, $"| {server.Name} | {before / 1e6:0.0} | {with / 1e6:0.0} | {(with - before) / (double)Requests:0} |");
            return new(text.ToString(), [], new Dictionary<string, double[]> { [Bytes] = [with - before] });
        }
        finally
        {
            waiting.ForEach(connection => connection.Dispose());
        }
    }
}
