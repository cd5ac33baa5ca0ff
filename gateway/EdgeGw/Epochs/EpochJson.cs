using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeGw.Epochs;

/// <summary>How epochs and manifests are written and read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowTrailingCommas = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    RespectNullableAnnotations = true,
    WriteIndented = true)]
[JsonSerializable(typeof(EpochConfig))]
[JsonSerializable(typeof(EpochHandler))]
[JsonSerializable(typeof(Manifest))]
internal sealed partial class EpochJson : JsonSerializerContext;
