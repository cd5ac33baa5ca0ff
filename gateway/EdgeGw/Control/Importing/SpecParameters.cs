using EdgeGw.Documents;

namespace EdgeGw.Control.Importing;

/// <summary>A parameter of an operation.</summary>
/// <param name="Name">Its name in the request.</param>
/// <param name="In"><c>path</c>, <c>query</c>, <c>header</c> or <c>cookie</c>.</param>
/// <param name="IsRequired">Whether it must be given.</param>
/// <param name="Schema">Its type; null when nothing is said of it.</param>
/// <param name="IsExploded">Whether a list is given as several of them, not as one with ',' in it.</param>
internal sealed record SpecParameter(string Name, string In, bool IsRequired, DocumentNode? Schema, bool IsExploded)
{
    /// <summary>For one of the path: its name in the route's pattern.</summary>
    internal string RouteName { get; set; } = "";
}

/// <summary>Reads the parameters of operations.</summary>
internal static class SpecParameters
{
    /// <summary>An operation's parameters: its own, and those of its path that it does not give again.</summary>
    internal static IReadOnlyList<SpecParameter> Read(DocumentMapping item, DocumentMapping operation, SpecReferences references, DocumentFaults faults)
    {
        var parameters = new OrderedDictionary<(string Name, string In), SpecParameter>();
        foreach (var node in Items(item).Concat(Items(operation)))
        {
            if (references.Mapping(node) is not { } mapping)
            {
                continue;
            }
            if (mapping.Find("name") is not DocumentScalar { Text.Length: > 0 } name || mapping.Find("in") is not DocumentScalar { Text: "path" or "query" or "header" or "cookie" } place)
            {
                faults.Add(mapping, "A parameter needs a 'name', and an 'in' that is path, query, header or cookie.");
                continue;
            }
            var isQuery = place.Text is "query" or "cookie";
            parameters[(name.Text, place.Text)] = new SpecParameter(
                name.Text, place.Text, place.Text == "path" || mapping.Find("required") is DocumentScalar { Text: "true" }, mapping.Find("schema") ?? Content(mapping, references),
                mapping.Find("explode") is DocumentScalar explode ? explode.Text == "true" : isQuery && mapping.Find("style") is null or DocumentScalar { Text: "form" });
        }
        return [.. parameters.Values];

        static IEnumerable<DocumentNode> Items(DocumentMapping of) => (of.Find("parameters") as DocumentSequence)?.Items ?? [];
    }

    // One that is described by a media type is text to us, whatever that text means.
    private static DocumentMapping? Content(DocumentMapping parameter, SpecReferences references) => references.Mapping(parameter.Find("content")) is null ? null : new DocumentMapping(parameter.Line, parameter.Column, new(StringComparer.Ordinal)
    {
        ["type"] = new DocumentEntry(new DocumentScalar(parameter.Line, parameter.Column, "type", true), new DocumentScalar(parameter.Line, parameter.Column, "string", true)),
    });
}
