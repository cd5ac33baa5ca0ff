using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using EdgeGw.Tests.Support;

namespace EdgeGw.Load;

/// <summary>How long a killed worker and a rollback are felt.</summary>
internal static class Resilience
{
    private const int Kills = 5;
    private const int Rollbacks = 20;
    private const int Clients = 2;

    /// <summary>From the kill of a worker to answers of all its handlers, among the figures.</summary>
    public const string RecoveryFigure = "full service after a killed worker, ms";

    /// <summary>Connections refused meanwhile, among the figures.</summary>
    public const string RefusedFigure = "refused after a killed worker";

    /// <summary>From the request for a rollback to the earlier version's first answer, among the figures.</summary>
    public const string RollbackFigure = "rollback in effect, ms";

    /// <summary>Measures both; a section of the report, and a figure each time.</summary>
    public static async Task<(string Page, IReadOnlyDictionary<string, double[]> Figures)> ReportAsync()
    {
        var recoveries = new List<Recovery>();
        for (var i = 0; i < Kills; i++)
        {
            // A gateway of its own for each: a worker that dies again and again is started again with growing pauses, on purpose.
            await using var gateway = await Gateway.StartAsync();
            recoveries.Add(await WorkerKill.UnderLoadAsync(gateway, Repository.Fixture("ok1"), Clients));
        }
        var rollbacks = await RollbacksAsync();

        var text = new StringBuilder();
        text.AppendLine().AppendLine("## Worker killed, rollback").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"`kill -9` of a worker with ten handlers under a stream of new connections from {Clients} clients, {Kills} gateways; and {Rollbacks} rollbacks, each from the request to the first answer of the earlier version.").AppendLine();
        text.AppendLine("| what | median ms (least–most) | requests | failed | refused |").AppendLine("|---|---|---|---|---|");
        text.AppendLine(CultureInfo.InvariantCulture, $"| full service of all ten after the kill | {Spread(recoveries.Select(r => r.Milliseconds))} | {recoveries.Sum(r => r.Requests)} | {recoveries.Sum(r => r.Failed)} | {recoveries.Sum(r => r.Refused)} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"| rollback in effect | {Spread(rollbacks)} | {Rollbacks} | 0 | 0 |");
        return (text.ToString(), new Dictionary<string, double[]>
        {
            [RecoveryFigure] = [.. recoveries.Select(r => r.Milliseconds)],
            [RefusedFigure] = [.. recoveries.Select(r => (double)r.Refused)],
            [RollbackFigure] = [.. rollbacks],
        });
    }

    private static async Task<List<double>> RollbacksAsync()
    {
        await using var gateway = await Gateway.StartAsync();
        using var client = new HttpClient { BaseAddress = gateway.Address };
        var taken = new List<double>();
        for (var i = 0; i < Rollbacks; i++)
        {
            await gateway.DeployAsync(Repository.Fixture("ok1"));
            await gateway.DeployAsync(Repository.Fixture("ok2"));
            var started = Stopwatch.GetTimestamp();
            using var content = JsonContent.Create(new Dictionary<string, string>());
            using var answer = await gateway.Control.PostAsync("/api/v1/rollbacks", content);
            answer.EnsureSuccessStatusCode();
            var text = await client.GetStringAsync("/ok");
            taken.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (text != "{\"version\":1}")
            {
                throw new InvalidOperationException($"After the rollback the answer was {text}.");
            }
        }
        return taken;
    }

    private static string Spread(IEnumerable<double> values)
    {
        var ordered = values.Order().ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"{ordered[ordered.Length / 2]:0.0} ({ordered[0]:0.0}–{ordered[^1]:0.0})");
    }
}
