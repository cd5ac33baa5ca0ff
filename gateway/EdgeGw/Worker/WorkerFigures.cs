using System.Diagnostics;
using EdgeGw.Calls;
using EdgeGw.Control.Supervision;
using EdgeGw.Generations;
using EdgeGw.Interop;
using EdgeGw.Pipeline;
using EdgeGw.Services;
using EdgeGw.Worker.Draining;

namespace EdgeGw.Worker;

/// <summary>Gathers what the worker says of itself.</summary>
internal sealed class WorkerFigures(int id, PipelineContext context, EpochHolder epochs, DataServer server, StopOrders stop)
{
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>The status now.</summary>
    public WorkerStatus Status()
    {
        var epoch = epochs.Current;
        var process = ProcessFigures.Read();
        var inForce = epoch.Routes.Select(r => r.Version).ToHashSet();
        var failed = inForce.Where(v => v.State == VersionState.Failed).ToList();
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
            Connections = server.Connections,
            Draining = stop.IsStopping,
            Threads = process.Threads,
            RssBytes = process.ResidentBytes,
            PrivateBytes = process.PrivateBytes,
            Routes = [.. epoch.Routes.Select(Describe)],
            // What runs elsewhere is told there.
            Versions = [.. context.Versions.All.Where(v => v.Isolated is null).Select(v => Describe(v, inForce.Contains(v)))],
            LoadsBlockedBy = LoadedLibrary.Blocking,
            LostThreads = context.Versions.All.Sum(v => v.Usage.LostThreads),
            Services = [.. context.Services.Slots.Where(slot => slot.Actor is not null || slot.Reason.Length > 0).Select(Describe)],
        };
    }

    private WorkerServiceStatus Describe(ServiceSlot slot)
    {
        var calls = new long[Enum.GetValues<ServiceOutcome>().Length];
        foreach (var binding in context.Services.Bindings)
        {
            for (var i = 0; i < calls.Length && ReferenceEquals(binding.Slot, slot); i++)
            {
                calls[i] += binding.Metrics.CountOf((ServiceOutcome)i);
            }
        }
        var actor = slot.Actor;
        var state = actor is null ? "off" : actor.Health.Error is null ? "up" : "down";
        return new WorkerServiceStatus(
            slot.Kind, slot.Name, actor?.Config.Provider ?? "", state, actor is null ? slot.Reason : actor.Health.Error, actor?.Queued ?? 0, actor?.Running ?? 0, calls.Sum(),
            calls[(int)ServiceOutcome.Refused] + calls[(int)ServiceOutcome.Unavailable], calls[(int)ServiceOutcome.Busy], calls[(int)ServiceOutcome.TimedOut]);
    }

    private static WorkerRoute Describe(Route route) => new(
        route.Method, route.Host, route.Pattern.Text, route.Version.Config.Name, route.Version.Config.Version, route.Name, route.DeadlineMs, route.MaxBodyBytes,
        route.State.Gate.Limit, route.State.Gate.Inside, route.State.Gate.Waiting);

    private static WorkerVersion Describe(HandlerVersion version, bool inForce)
    {
        var config = version.Config;
        var cost = version.Cost;
        return new WorkerVersion(
            version.Ordinal, config.Name, config.Version, config.Sha256, version.State.ToString().ToLowerInvariant(), version.Lease.Count, version.Requests, version.Faults,
            version.Library is null ? null : version.LoadedAt, Math.Round(cost.Milliseconds, 2), cost.ResidentBytes, cost.Threads, version.Error)
        {
            Library = version.Library?.Ordinal,
            InForce = inForce,
            Usage = Describe(version.Usage, version.Memory is { IsKnown: true } memory ? memory : null),
        };
    }

    private static VersionUsage Describe(HandlerUsage usage, HandlerMemory? memory) => new(
        Math.Round(usage.CpuNanoseconds / 1e6, 1), usage.BlockedThreads, usage.LostThreads, usage.LostRequests, usage.OutOfMemory,
        memory?.HeapBytes, memory?.AllocatedBytes, memory?.Collections, memory?.PauseNanoseconds / 1e6);
}
