using System.Text.Json;

namespace EdgeGw.Tests.Control.OpenApi;

/// <summary>Compares a document with a JSON schema, as far as the gateway's schemas go: those of the .NET exporter. A keyword that is not known here fails the test that meets it.</summary>
internal sealed class SchemaCheck(JsonElement root)
{
    private static readonly HashSet<string> s_annotations = ["description", "title", "default", "format", "$comment"];

    /// <summary>What is wrong with a document; nothing when it is right.</summary>
    internal IEnumerable<string> Faults(JsonElement schema, JsonElement value, string path = "$")
    {
        if (schema.ValueKind is JsonValueKind.True)
        {
            yield break;
        }
        foreach (var keyword in schema.EnumerateObject())
        {
            foreach (var fault in Faults(schema, keyword, value, path))
            {
                yield return fault;
            }
        }
    }

    private IEnumerable<string> Faults(JsonElement schema, JsonProperty keyword, JsonElement value, string path) => keyword.Name switch
    {
        "$ref" => Faults(Resolve(keyword.Value.GetString()!), value, path),
        "type" => Types(keyword.Value).Any(type => Is(type, value)) ? [] : [$"{path} is {value.ValueKind}, not {keyword.Value}"],
        "enum" => keyword.Value.EnumerateArray().Any(allowed => allowed.ToString() == value.ToString()) ? [] : [$"{path} is {value}, not one of {keyword.Value}"],
        "properties" => value.ValueKind != JsonValueKind.Object ? [] : keyword.Value.EnumerateObject().SelectMany(property => value.TryGetProperty(property.Name, out var member) ? Faults(property.Value, member, $"{path}.{property.Name}") : []),
        "required" => value.ValueKind != JsonValueKind.Object ? [] : keyword.Value.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{path} lacks '{name}'"),
        "additionalProperties" when value.ValueKind == JsonValueKind.Object => value.EnumerateObject().Where(member => !schema.TryGetProperty("properties", out var known) || !known.TryGetProperty(member.Name, out _))
            .SelectMany(member => keyword.Value.ValueKind == JsonValueKind.False ? [$"{path} has '{member.Name}'"] : Faults(keyword.Value, member.Value, $"{path}.{member.Name}")),
        "additionalProperties" => [],
        "items" => value.ValueKind != JsonValueKind.Array ? [] : value.EnumerateArray().SelectMany((item, i) => Faults(keyword.Value, item, $"{path}[{i}]")),
        "anyOf" => keyword.Value.EnumerateArray().Any(option => !Faults(option, value, path).Any()) ? [] : [$"{path} is none of {keyword.Value}"],
        "pattern" => [],
        var name when s_annotations.Contains(name) => [],
        var name => throw new NotSupportedException($"'{name}' is a keyword that this test does not know."),
    };

    private JsonElement Resolve(string reference) => reference.Split('/').Skip(1).Aggregate(root, (at, name) => at.GetProperty(name));

    private static IEnumerable<string> Types(JsonElement type) => type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()!) : [type.GetString()!];

    private static bool Is(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => value.ValueKind == JsonValueKind.Number,
    };
}
