using System.Text.Json.Serialization;
using EdgeGw.Scouting;

namespace EdgeGw.Cli;

/// <summary>What <c>edgegw inspect --json</c> prints.</summary>
internal sealed record InspectReply(string Name, string Version, PriceTag Scout);

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(InspectReply))]
internal sealed partial class InspectJson : JsonSerializerContext;
