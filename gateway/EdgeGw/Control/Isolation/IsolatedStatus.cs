using EdgeGw.Control.Observability;
using EdgeGw.Epochs;
using EdgeGw.Worker;

namespace EdgeGw.Control.Isolation;

/// <summary>An isolated worker as <c>GET /api/v1/status</c> shows it; without a process id while there is none.</summary>
internal sealed record IsolatedDocument(
    string Handler, string Version, string Sha256, bool Canary, int? Pid, long UptimeMs, long RssBytes, int Threads, long Restarts, long InFlight, long Requests, EpochIsolation Limits, string? LastEnd);

/// <summary>All isolated workers at one moment, as they tell it themselves.</summary>
internal sealed record IsolatedStatus(IReadOnlyList<IsolatedDocument> Workers, IReadOnlyList<WorkerVersion> Versions, IReadOnlyList<string> Reasons)
{
    /// <summary>Asks all of them.</summary>
    internal static async Task<IsolatedStatus> AskAsync(IsolatedWorkers isolated, EpochConfig? epoch, CancellationToken cancellation)
    {
        var canaries = (epoch?.Canaries ?? []).Select(canary => DeploymentKey.Of(canary.Handler)).ToHashSet();
        var told = await Task.WhenAll(isolated.All.Select(async worker => (Worker: worker, Instance: worker.Serving, Status: worker.Serving is { } serving ? await serving.Client.StatusAsync(cancellation) : null)));
        var reasons = new List<string>();
        foreach (var (worker, instance, status) in told.Where(one => !canaries.Contains(one.Worker.Key)))
        {
            // A canary that is not there is nobody's loss.
            if (instance is null)
            {
                reasons.Add($"{worker}: its worker is not there{(worker.LastEnd is { } end ? $": {end}" : ".")}");
            }
            reasons.AddRange(status?.Reasons ?? []);
        }
        return new IsolatedStatus(
            [.. told.Select(one => Describe(one.Worker, one.Instance, one.Status, canaries.Contains(one.Worker.Key)))],
            [.. told.SelectMany(one => (one.Status?.Versions ?? []).Select(version => version with
            {
                Pid = one.Instance!.ProcessId,
                State = version.State == "live" && canaries.Contains(one.Worker.Key) ? "canary" : version.State,
            }))],
            reasons);
    }

    private static IsolatedDocument Describe(IsolatedWorker worker, Supervision.WorkerInstance? instance, WorkerStatus? status, bool isCanary)
    {
        var process = instance is null ? default : ProcessFigures.Read(instance.ProcessId);
        return new IsolatedDocument(
            worker.Handler.Name, worker.Handler.Version, worker.Handler.Sha256, isCanary, instance?.ProcessId, (long)(instance?.Age.TotalMilliseconds ?? 0), process.RssBytes, process.Threads, worker.Restarts,
            status?.InFlight ?? 0, status?.Requests ?? 0, worker.Handler.Isolation ?? new EpochIsolation(), worker.LastEnd);
    }
}
