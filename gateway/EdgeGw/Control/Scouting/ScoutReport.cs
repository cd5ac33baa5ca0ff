using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Scouting;

/// <summary>What the scout process found out about a library.</summary>
internal sealed record ScoutReport
{
    /// <summary>Whether the library can be deployed.</summary>
    public bool Ok { get; init; }

    /// <summary>Why not, in a sentence.</summary>
    public string? Error { get; init; }

    /// <summary>The ABI version that the library needs.</summary>
    public string Abi { get; init; } = "";

    /// <summary>What the library says of itself.</summary>
    public Manifest? Manifest { get; init; }

    /// <summary>Milliseconds from loading to the end of init.</summary>
    public double LoadMs { get; init; }

    /// <summary>Resident bytes that loading added.</summary>
    public long RssBytes { get; init; }

    /// <summary>Threads that loading added.</summary>
    public int Threads { get; init; }
}

/// <summary>How the report is read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, AllowTrailingCommas = true,
    ReadCommentHandling = JsonCommentHandling.Skip)]
[JsonSerializable(typeof(ScoutReport))]
internal sealed partial class ScoutJson : JsonSerializerContext;
