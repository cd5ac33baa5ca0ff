using System.Text.Json.Serialization.Metadata;

namespace EdgeGw.Control.OpenApi;

/// <summary>A call of the Admin API as its description shows it: a line of <see cref="ApiOperations"/>. The shapes are those that the gateway reads and writes with.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path, as the route has it.</param>
/// <param name="Summary">What it does, in a sentence.</param>
internal sealed record ApiOperation(string Method, string Path, string Summary)
{
    /// <summary>Its parameters in the query.</summary>
    public IReadOnlyList<string> Query { get; init; } = [];

    /// <summary>The document that it takes.</summary>
    public JsonTypeInfo? Body { get; init; }

    /// <summary>The media type of a body that is no document.</summary>
    public string? BodyType { get; init; }

    /// <summary>Whether the body may be left out.</summary>
    public bool BodyOptional { get; init; }

    /// <summary>Whether it wants <c>If-Match</c>.</summary>
    public bool IfMatch { get; init; }

    /// <summary>Its answers when it is done.</summary>
    public required IReadOnlyList<ApiAnswer> Answers { get; init; }
}

/// <summary>An answer.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Shape">The document; null for another type, or none.</param>
/// <param name="MediaType">The media type of one that is no document; null for none.</param>
internal sealed record ApiAnswer(int Status, JsonTypeInfo? Shape = null, string? MediaType = null);
