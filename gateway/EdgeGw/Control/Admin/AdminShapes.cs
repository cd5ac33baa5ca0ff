using System.Text.Json.Serialization;
using EdgeGw.Control.Contracts;
using EdgeGw.Control.Crashes;
using EdgeGw.Control.Isolation;
using EdgeGw.Scouting;
using EdgeGw.Worker;

namespace EdgeGw.Control.Admin;

// The documents of docs/admin-api.md, member for member.

internal sealed record StatusDocument(
    string Version, string Abi, long Epoch, string State, bool Ready, IReadOnlyList<string> Reasons, IReadOnlyList<string> Listen, string? Admin,
    ControlFigures Control, WorkerFigures? Worker, IReadOnlyList<DrainingWorker> Draining, IReadOnlyList<HandlerStatus> Handlers, IReadOnlyList<WorkerVersion> Versions, IReadOnlyList<QuarantineDocument> Quarantine,
    IReadOnlyList<IsolatedDocument> Isolated);

internal sealed record QuarantineDocument(string Handler, string Version, string Sha256, string Reason, long Crash, DateTimeOffset Since);

internal sealed record ControlFigures(int Pid, long UptimeMs, long RssBytes, int Upgrades);

internal sealed record WorkerFigures(int Pid, long UptimeMs, long RssBytes, long Restarts, long HandOvers, long InFlight, long Requests, int Threads, int LostThreads);

internal sealed record DrainingWorker(int Pid, long UptimeMs, long RssBytes, long InFlight, int Connections, long Epoch);

internal sealed record UpgradeDocument(int Pid, string Version, int Upgrades, double ElapsedMs);

internal sealed record ReloadDocument(int Pid, IReadOnlyList<string> Pending, double ElapsedMs);

internal sealed record HandlerStatus(string Name, string Version, string Sha256, int Routes, string State, PriceTag? Scout);

internal sealed record HandlerName(string Name, string Version, string Sha256);

internal sealed record ChangeDocument(
    long Epoch, string Reason, bool Changed, IReadOnlyList<HandlerName> Handlers, PriceTag? Scout, IReadOnlyList<ContractChange> Contract, double ElapsedMs, bool? Drained);

internal sealed record EpochsDocument(IReadOnlyList<EpochDocument> Epochs);

internal sealed record EpochDocument(
    long Number, bool Current, DateTimeOffset Created, string Action, string Reason, long Parent, long? Restores, IReadOnlyList<HandlerName> Handlers,
    IReadOnlyList<ServiceName> Services);

internal sealed record ServiceName(string Kind, string Name, string Provider, bool Enabled);

internal sealed record ServicesDocument(IReadOnlyList<ServiceDocument> Services);

internal sealed record ServiceDocument(
    string Kind, string Name, string Provider, bool Enabled, bool BuiltIn, IReadOnlyDictionary<string, string> Settings, IReadOnlyDictionary<string, string> Defaults,
    int PoolSize, int QueueLength, int TimeoutMs, IReadOnlyList<ServiceUse> Handlers, ServiceFigures? Health);

internal sealed record ServiceUse(string Handler, string As);

internal sealed record ServiceFigures(string State, string? Error, long Queued, long Running, long Calls, long Errors, long Busy, long Timeouts);

internal sealed record ServiceRequest(
    string? Kind, string? Name, string? Provider, IReadOnlyDictionary<string, string>? Settings, int? PoolSize, int? QueueLength, int? TimeoutMs, bool? Enabled);

internal sealed record ServiceTestDocument(bool Ok, double Ms);

internal sealed record MigrationRequest(string? Name, string? Sql);

internal sealed record MigrationsDocument(IReadOnlyList<string> Applied, int Present, double Ms);

internal sealed record RoutesDocument(IReadOnlyList<RouteDocument> Routes);

internal sealed record RouteDocument(
    string Method, string Host, string Pattern, string Handler, string Version, string Name, int DeadlineMs, long MaxBodyBytes, int Concurrency, string State);

internal sealed record CrashesDocument(IReadOnlyList<CrashLine> Crashes);

internal sealed record CrashLine(long Id, DateTimeOffset Time, string Cause, string? Handler, string? Version, IReadOnlyList<string> Suspects, int Requests, string? Action)
{
    internal static CrashLine Of(CrashReport report) => new(
        report.Id, report.Time, report.Cause, report.Blamed?.Handler, report.Blamed?.Version, [.. report.Suspects.Select(suspect => suspect.ToString())], report.Requests.Count + report.RequestsLeftOut, report.Action);
}

internal sealed record ReadyDocument(bool Ready, IReadOnlyList<string> Reasons);

internal sealed record RollbackRequest(string? Handler, long? Epoch);

/// <summary>RFC 9457.</summary>
internal sealed record Problem(string Title, int Status, string? Detail, IReadOnlyList<string>? Reasons)
{
    public string Type { get; init; } = "about:blank";

    /// <summary>For 412: the revision that the document is at.</summary>
    public long? Revision { get; init; }
}

/// <summary>How the Admin API writes and reads.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(ChangeDocument))]
[JsonSerializable(typeof(EpochsDocument))]
[JsonSerializable(typeof(RoutesDocument))]
[JsonSerializable(typeof(ReadyDocument))]
[JsonSerializable(typeof(ReloadDocument))]
[JsonSerializable(typeof(UpgradeDocument))]
[JsonSerializable(typeof(RollbackRequest))]
[JsonSerializable(typeof(ServicesDocument))]
[JsonSerializable(typeof(ServiceDocument))]
[JsonSerializable(typeof(ServiceRequest))]
[JsonSerializable(typeof(ServiceTestDocument))]
[JsonSerializable(typeof(IReadOnlyList<MigrationRequest>))]
[JsonSerializable(typeof(MigrationsDocument))]
[JsonSerializable(typeof(CrashesDocument))]
[JsonSerializable(typeof(CrashReport))]
internal sealed partial class AdminJson : JsonSerializerContext;

/// <summary>Problems leave out what they do not have.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ProblemJson : JsonSerializerContext;
