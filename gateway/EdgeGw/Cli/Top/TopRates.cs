using System.Text.Json.Serialization;
using EdgeGw.Cli.Admin;

namespace EdgeGw.Cli.Top;

/// <summary>What each version used between two looks at the gateway's status.</summary>
internal sealed record TopRates(long Epoch, double Seconds, WorkerRates? Worker, IReadOnlyList<VersionRates> Versions)
{
    /// <summary>Takes the difference. A worker that was started between the two has begun with nothing.</summary>
    public static TopRates Between(StatusReply before, StatusReply now, TimeSpan elapsed)
    {
        var seconds = Math.Max(elapsed.TotalSeconds, 0.001);
        var isSame = before.Worker?.Pid == now.Worker?.Pid;
        var known = isSame ? before.Versions.ToDictionary(version => (version.Pid, version.Ordinal)) : [];
        var versions = now.Versions.Select(version => VersionRates.Between(known.GetValueOrDefault((version.Pid, version.Ordinal)), version, seconds)).ToList();
        var worker = now.Worker is { } process
            ? new WorkerRates(process.Pid, process.RssBytes, process.Threads, process.LostThreads, process.InFlight, Math.Round((process.Requests - (isSame ? before.Worker!.Requests : 0)) / seconds, 1))
            : null;
        return new TopRates(now.Epoch, Math.Round(seconds, 3), worker, versions);
    }
}

/// <summary>The worker as a whole.</summary>
internal sealed record WorkerRates(int Pid, long RssBytes, int Threads, int LostThreads, long InFlight, double RequestsPerSecond);

/// <summary>One version. What its library does not tell is null.</summary>
/// <param name="Handler">The handler's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Ordinal">The version's number in the worker.</param>
/// <param name="State">live, draining, retired, failed or quarantined.</param>
/// <param name="RequestsPerSecond">Requests begun.</param>
/// <param name="InFlight">Requests under way now.</param>
/// <param name="CpuPercent">Processor time, by samples; 100 is one processor.</param>
/// <param name="HeapBytes">Bytes in its own heap now.</param>
/// <param name="AllocatedPerSecond">Bytes allocated.</param>
/// <param name="CollectionsPerSecond">Garbage collections.</param>
/// <param name="GcPausePercent">Share of the time that collections stopped it.</param>
/// <param name="BlockedThreads">Threads that it holds now.</param>
/// <param name="LostThreads">Threads that never came back.</param>
/// <param name="LostRequests">Requests that it never completed.</param>
internal sealed record VersionRates(
    string Handler, string Version, int Ordinal, string State, double RequestsPerSecond, long InFlight, double CpuPercent, long? HeapBytes, double? AllocatedPerSecond,
    double? CollectionsPerSecond, double? GcPausePercent, int BlockedThreads, int LostThreads, int LostRequests)
{
    internal static VersionRates Between(VersionReply? before, VersionReply now, double seconds)
    {
        var (usage, earlier) = (now.Usage ?? new(), before?.Usage ?? new());
        return new VersionRates(
            now.Handler, now.Version, now.Ordinal, now.State, Rate(now.Requests, before?.Requests)!.Value, now.InFlight,
            Math.Round((usage.CpuMs - earlier.CpuMs) / seconds / 10, 1), usage.HeapBytes, Rate(usage.AllocatedBytes, earlier.AllocatedBytes), Rate(usage.Collections, earlier.Collections),
            usage.GcPauseMs is { } pause ? Math.Round((pause - (earlier.GcPauseMs ?? 0)) / seconds / 10, 2) : null, usage.BlockedThreads, usage.LostThreads, usage.LostRequests);

        double? Rate(long? to, long? from) => to is { } value ? Math.Round((value - (from ?? 0)) / seconds, 1) : null;
    }
}

/// <summary>How <c>edgegw top --json</c> speaks: one document a line.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TopRates))]
internal sealed partial class TopJson : JsonSerializerContext;
