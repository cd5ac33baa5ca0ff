using System.Text.Json.Serialization;

namespace EdgeGw.Cli.Remote;

/// <summary>A gateway that <c>edgegw login</c> has been to: where it is, and what lets one in.</summary>
internal sealed record Profile
{
    /// <summary>The Admin API's URL.</summary>
    public string Server { get; set; } = "";

    /// <summary>An API key, or the contents of <c>admin.token</c>.</summary>
    public string Token { get; set; } = "";

    /// <summary>PEM file with the authorities that are trusted for it; null for the system's.</summary>
    public string? Authority { get; set; }
}

/// <summary>How the file is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SortedDictionary<string, Profile>))]
internal sealed partial class ProfileJson : JsonSerializerContext;
