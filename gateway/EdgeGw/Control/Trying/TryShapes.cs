using System.Text.Json.Serialization;

namespace EdgeGw.Control.Trying;

/// <summary>A request to send to the gateway's own listener. The body is text, or base64 for any bytes.</summary>
internal sealed record TryRequest(string? Method, string? Path, string? Listener, IReadOnlyList<TryHeader>? Headers, string? Body, string? BodyBase64);

/// <summary>What came back. The body is text where it is UTF-8, else base64; <paramref name="Complete"/> is false where a bound cut it off, which <paramref name="Note"/> names.</summary>
internal sealed record TryAnswer(
    int Status, string Reason, string Version, IReadOnlyList<TryHeader> Headers, string? Body, string? BodyBase64, long Bytes, bool Complete, string? Note, double FirstByteMs, double Ms);

/// <summary>One header line.</summary>
internal sealed record TryHeader(string Name, string Value);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TryRequest))]
[JsonSerializable(typeof(TryAnswer))]
internal sealed partial class TryJson : JsonSerializerContext;
