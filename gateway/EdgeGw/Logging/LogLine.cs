using System.Text.Json.Serialization;

namespace EdgeGw.Logging;

/// <summary>The levels, as in Microsoft.Extensions.Logging.</summary>
internal enum Level
{
    /// <summary>The finest.</summary>
    Trace,
    /// <summary>For whoever looks for a fault.</summary>
    Debug,
    /// <summary>Normal course.</summary>
    Info,
    /// <summary>Worth a look.</summary>
    Warning,
    /// <summary>A request or a task failed.</summary>
    Error,
    /// <summary>Something cannot go on.</summary>
    Critical,
}

/// <summary>One line of the log.</summary>
/// <param name="Time">When.</param>
/// <param name="Level">How bad.</param>
/// <param name="Source">The handler's name, <c>worker</c> or <c>control</c>.</param>
/// <param name="RequestId">The request it belongs to, if any.</param>
/// <param name="Message">What.</param>
internal sealed record LogLine(DateTimeOffset Time, Level Level, string Source, string? RequestId, string Message);

/// <summary>How log lines are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(LogLine))]
internal sealed partial class LogJson : JsonSerializerContext;
