using System.Text.Json.Serialization;

namespace EdgeGw.Configuration;

/// <summary>How control hands the settings in force to a worker.</summary>
[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(GatewaySettings))]
internal sealed partial class SettingsJson : JsonSerializerContext;
