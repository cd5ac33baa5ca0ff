using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeGw.Testing;

/// <summary>What a library says of itself (docs/manifest.md).</summary>
/// <param name="Name">The handler's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Sdk">What built it.</param>
/// <param name="Routes">Its routes, by index.</param>
/// <param name="Services">The services it needs, as <c>kind:name</c>.</param>
public sealed record FakeManifest(string Name, string? Version, string? Sdk, IReadOnlyList<FakeRoute> Routes, IReadOnlyList<string>? Services)
{
    internal static FakeManifest Parse(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, FakeManifestJson.Default.FakeManifest)
        ?? throw new JsonException("The library's manifest is null.");
}

/// <summary>One route of a <see cref="FakeManifest"/>.</summary>
/// <param name="Method">An HTTP method or <c>*</c>.</param>
/// <param name="Pattern">The path's pattern.</param>
/// <param name="Host">A host, <c>*.example.com</c>, <c>*</c>, or null for <c>*</c>.</param>
/// <param name="Name">The route's name.</param>
/// <param name="DeadlineMs">Milliseconds until 504.</param>
/// <param name="MaxBodyBytes">The largest body.</param>
/// <param name="Concurrency">Requests inside the handler at once; a fake gateway does not count them.</param>
public sealed record FakeRoute(string Method, string Pattern, string? Host, string? Name, int? DeadlineMs, long? MaxBodyBytes, int? Concurrency);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FakeManifest))]
internal sealed partial class FakeManifestJson : JsonSerializerContext;
