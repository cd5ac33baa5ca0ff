using System.Text.Json.Serialization;

namespace EdgeGw.Configuration;

/// <summary>How settings are written: in the form in which a configuration file has them.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GatewaySettings))]
internal sealed partial class SettingsJson : JsonSerializerContext;
