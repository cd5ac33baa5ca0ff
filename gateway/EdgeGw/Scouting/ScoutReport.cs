using System.Text.Json.Serialization;
using EdgeGw.Epochs;

namespace EdgeGw.Scouting;

/// <summary>What the scout found.</summary>
internal sealed record ScoutReport
{
    /// <summary>Whether the library can be used.</summary>
    public required bool Ok { get; init; }
    /// <summary>Why not, in a sentence.</summary>
    public string? Error { get; init; }
    /// <summary>The request of the self-test that is being tried: this is not the last report, unless the process died of it.</summary>
    public string? Testing { get; init; }
    /// <summary>The ABI version it asks for.</summary>
    public string? Abi { get; init; }
    /// <summary>What it says of itself.</summary>
    public Manifest? Manifest { get; init; }
    /// <summary>Milliseconds of dlopen, entry and init.</summary>
    public double LoadMs { get; init; }
    /// <summary>Resident bytes it added.</summary>
    public long RssBytes { get; init; }
    /// <summary>Threads it added.</summary>
    public int Threads { get; init; }
    /// <summary>Milliseconds of its self-test; null when it has none.</summary>
    public double? SelfTestMs { get; init; }
    /// <summary>What its file says; null when it could not be read.</summary>
    public LibraryFacts? File { get; init; }
}

/// <summary>How the report is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ScoutReport))]
internal sealed partial class ScoutJson : JsonSerializerContext;
