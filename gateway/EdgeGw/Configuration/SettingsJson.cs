using System.Text.Json.Serialization;

namespace EdgeGw.Configuration;

/// <summary>How settings are written: as a configuration file has them. So control hands those in force to a worker, and <c>edgegw config --json</c> prints them.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GatewaySettings))]
internal sealed partial class SettingsJson : JsonSerializerContext;
