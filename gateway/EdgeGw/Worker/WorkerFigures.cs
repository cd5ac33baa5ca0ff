using System.Diagnostics;
using EdgeGw.Generations;
using EdgeGw.Pipeline;

namespace EdgeGw.Worker;

/// <summary>Gathers what the worker says of itself.</summary>
internal sealed class WorkerFigures(int id, PipelineContext context, EpochHolder epochs)
{
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>The status now.</summary>
    public WorkerStatus Status()
    {
        var epoch = epochs.Current;
        var process = ProcessFigures.Read();
        var failed = epoch.Routes.Select(r => r.Version).Distinct().Where(v => v.State == VersionState.Failed).ToList();
        return new WorkerStatus
        {
            Id = id,
            Pid = Environment.ProcessId,
            Epoch = epoch.Number,
            Ready = failed.Count == 0,
            Reasons = [.. failed.Select(v => v.Error!)],
            UptimeMs = (long)Stopwatch.GetElapsedTime(_started).TotalMilliseconds,
            InFlight = context.Gate.Inside,
            Requests = context.Versions.All.Sum(v => v.Requests),
            Threads = process.Threads,
            RssBytes = process.ResidentBytes,
            Routes = [.. epoch.Routes.Select(Describe)],
            Versions = [.. context.Versions.All.Select(Describe)],
        };
    }

    private static WorkerRoute Describe(Route route) => new(
        route.Method, route.Host, route.Pattern.Text, route.Version.Config.Name, route.Version.Config.Version, route.Name, route.DeadlineMs, route.MaxBodyBytes,
        route.State.Gate.Limit, route.State.Gate.Inside, route.State.Gate.Waiting);

    private static WorkerVersion Describe(HandlerVersion version)
    {
        var config = version.Config;
        var cost = version.Cost;
        return new WorkerVersion(
            version.Ordinal, config.Name, config.Version, config.Sha256, version.State.ToString().ToLowerInvariant(), version.Lease.Count, version.Requests, version.Faults,
            version.Library is null ? null : version.LoadedAt, Math.Round(cost.Milliseconds, 2), cost.ResidentBytes, cost.Threads, version.Error);
    }
}
