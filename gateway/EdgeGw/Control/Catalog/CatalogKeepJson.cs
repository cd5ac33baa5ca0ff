using System.Text.Json.Serialization;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Catalog;

/// <summary>How the catalog's columns of JSON are written. What a later version adds is ignored: a database may be taken back to an earlier one.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(EndpointSource))]
[JsonSerializable(typeof(IReadOnlyList<SourceFile>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(EpochLimits))]
[JsonSerializable(typeof(EpochHandler))]
[JsonSerializable(typeof(SourceSnapshot))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class CatalogKeepJson : JsonSerializerContext;
