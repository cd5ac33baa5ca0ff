using System.Text.Json.Serialization;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Supervision;

// What control and the worker say to each other about services (docs/state.md, the worker's control socket).

/// <summary>The part of a worker's <c>GET /status</c> that is about services; a worker that has none to tell of leaves it out.</summary>
internal sealed record WorkerServiceList(IReadOnlyList<WorkerServiceStatus>? Services);

/// <summary>One service as it does in the worker.</summary>
internal sealed record WorkerServiceStatus(
    string Kind, string Name, string Provider, string State, string? Error, long Queued, long Running, long Calls, long Errors, long Busy, long Timeouts);

/// <summary>What <c>POST /services/test</c> answers when the service could be used.</summary>
internal sealed record WorkerServiceTest(bool Ok, double Ms);

/// <summary>The body of <c>POST /services/migrate</c>.</summary>
internal sealed record WorkerMigrations(string Kind, string Name, IReadOnlyList<Migration> Migrations);

/// <summary>What it answers: the names that were applied now, and how many had been before.</summary>
internal sealed record WorkerMigrated(IReadOnlyList<string> Applied, int Present, double Ms);

/// <summary>How those are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(WorkerServiceList))]
[JsonSerializable(typeof(WorkerServiceTest))]
[JsonSerializable(typeof(WorkerMigrations))]
[JsonSerializable(typeof(WorkerMigrated))]
[JsonSerializable(typeof(EpochService))]
internal sealed partial class WorkerServicesJson : JsonSerializerContext;
