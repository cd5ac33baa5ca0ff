using EdgeGw.Documents;

namespace EdgeGw.Control.Importing;

/// <summary>Makes C# types of schemas. What a schema says beyond types (patterns, lengths, bounds) is not checked by them. Each schema is visited once, whoever uses it.</summary>
internal sealed class ModelBuilder(SpecReferences references, DocumentFaults faults)
{
    // Names that the generated files use themselves.
    private readonly NameScope _names = new(
        "Models", ModelWriter.Context, "System", "List", "Dictionary", "DateOnly", "DateTimeOffset", "Guid", "JsonPropertyName", "JsonPropertyNameAttribute", "JsonSerializable", "JsonSerializableAttribute",
        "JsonConverter", "JsonConverterAttribute", "JsonStringEnumConverter", "JsonStringEnumMemberName", "JsonStringEnumMemberNameAttribute", "JsonSerializerContext", "JsonSourceGenerationOptions",
        "JsonSourceGenerationOptionsAttribute", "JsonIgnore", "JsonIgnoreAttribute", "JsonIgnoreCondition");

    private readonly Dictionary<DocumentNode, CodeUse> _known = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<DocumentNode> _open = new(ReferenceEqualityComparer.Instance);
    private readonly List<CodeType> _declared = [];

    /// <summary>The types that have to be written, in the order of their names.</summary>
    internal IEnumerable<CodeType> Declared => _declared.OrderBy(type => type.Name, StringComparer.Ordinal);

    /// <summary>The type of a schema. What says nothing of its type, or several things, is any JSON.</summary>
    /// <param name="schema">The schema; null where none is given.</param>
    /// <param name="hint">What to call it when it has no name.</param>
    internal CodeUse Of(DocumentNode? schema, string hint)
    {
        if (schema is null || references.Resolve(schema, out var name) is not { } node)
        {
            return new CodeUse(SimpleType.Any, false);
        }
        if (_known.TryGetValue(node, out var known))
        {
            return known;
        }
        if (node is not DocumentMapping mapping)
        {
            // 'true' and 'false' are schemas of OpenAPI 3.1: anything, and nothing.
            if (node is not DocumentScalar { IsQuoted: false, Text: "true" or "false" })
            {
                faults.Add(node, $"A schema must be a mapping, not {node.Kind}.");
            }
            return new CodeUse(SimpleType.Any, false);
        }
        // Only an object can hold itself by name; a list of itself has no type in C#.
        if (!_open.Add(node))
        {
            return new CodeUse(SimpleType.Any, false);
        }
        try
        {
            return _known[node] = Make(mapping, CSharpText.Pascal(name ?? hint, "Model"));
        }
        finally
        {
            _open.Remove(node);
        }
    }

    private CodeUse Make(DocumentMapping schema, string name)
    {
        var nullable = schema.Find("nullable") is DocumentScalar { Text: "true" };
        var types = Types(schema, ref nullable);
        if (Alternatives(schema, ref nullable) is { } only)
        {
            var inner = Of(only, name);
            return inner with { IsNullable = inner.IsNullable || nullable };
        }
        if (schema.Find("allOf") is DocumentSequence { Items: [var single] } && schema.Find("properties") is null)
        {
            var inner = Of(single, name);
            return inner with { IsNullable = inner.IsNullable || nullable };
        }
        if (types.Count > 1 || schema.Find("oneOf") is not null || schema.Find("anyOf") is not null)
        {
            return new CodeUse(SimpleType.Any, false); // JSON's own null is in it
        }
        var type = types.FirstOrDefault() ?? Guess(schema);
        return type switch
        {
            "object" => Object(schema, name, nullable),
            "array" => new CodeUse(new ListType(Of(schema.Find("items"), name + "Item")), nullable),
            "string" => Text(schema, name, nullable),
            "integer" => new CodeUse(Format(schema) == "int32" ? SimpleType.Int : SimpleType.Long, nullable),
            "number" => new CodeUse(Format(schema) switch { "float" => SimpleType.Float, "decimal" => SimpleType.Decimal, _ => SimpleType.Double }, nullable),
            "boolean" => new CodeUse(SimpleType.Boolean, nullable),
            null or "null" => new CodeUse(SimpleType.Any, false),
            _ => Unknown(schema, type),
        };
    }

    private CodeUse Unknown(DocumentMapping schema, string type)
    {
        faults.Add(schema.Find("type")!, $"'{DocumentBudget.Shown(type)}' is not a type; there are object, array, string, integer, number, boolean and null.");
        return new CodeUse(SimpleType.Any, false);
    }

    // OpenAPI 3.1 has a list, with "null" in it.
    private static List<string> Types(DocumentMapping schema, ref bool nullable)
    {
        var types = schema.Find("type") switch
        {
            DocumentScalar scalar => [scalar.Text],
            DocumentSequence sequence => sequence.Items.OfType<DocumentScalar>().Select(item => item.Text).Distinct().ToList(),
            _ => new List<string>(),
        };
        nullable |= types.Count > 1 && types.Remove("null");
        return types;
    }

    // The one schema that is left of a oneOf or anyOf when null is taken away.
    private DocumentNode? Alternatives(DocumentMapping schema, ref bool nullable)
    {
        if ((schema.Find("oneOf") ?? schema.Find("anyOf")) is not DocumentSequence alternatives)
        {
            return null;
        }
        var others = alternatives.Items.Where(item => references.Mapping(item)?.Find("type") is not DocumentScalar { Text: "null" }).ToList();
        nullable |= others.Count < alternatives.Items.Count;
        return others is [var only] ? only : null;
    }

    private static string? Guess(DocumentMapping schema) =>
        schema.Find("properties") is not null || schema.Find("additionalProperties") is not null || schema.Find("allOf") is not null ? "object"
        : schema.Find("items") is not null ? "array"
        : schema.Find("enum") is DocumentSequence ? "string"
        : null;

    private static string? Format(DocumentMapping schema) => (schema.Find("format") as DocumentScalar)?.Text;

    private CodeUse Text(DocumentMapping schema, string name, bool nullable)
    {
        if (schema.Find("enum") is DocumentSequence { Items: { Count: > 0 } items } && items.All(item => item is DocumentScalar))
        {
            var values = items.Cast<DocumentScalar>().Where(item => !item.IsNull).Select(item => item.Text).Distinct().ToList();
            nullable |= values.Count < items.Count;
            // What the JSON library takes for no name of an enumeration's member is plain text.
            if (values.Count == 0 || values.Any(value => value.Length == 0 || value.Trim() != value || value.Any(char.IsControl)))
            {
                return new CodeUse(SimpleType.String, nullable);
            }
            var members = new NameScope();
            var declared = new EnumType(_names.Take(name), Summary(schema), [.. values.Select(value => (members.Take(CSharpText.Pascal(value, "Value")), value))]);
            _declared.Add(declared);
            return new CodeUse(declared, nullable);
        }
        return new CodeUse(Format(schema) switch
        {
            "date" => SimpleType.Date,
            "date-time" => SimpleType.Time,
            "uuid" => SimpleType.Guid,
            "byte" => SimpleType.Bytes,
            _ => SimpleType.String,
        }, nullable);
    }

    private CodeUse Object(DocumentMapping schema, string name, bool nullable)
    {
        var parts = new List<DocumentMapping>();
        Parts(schema, parts);
        if (parts.All(part => part.Find("properties") is not DocumentMapping { Entries.Count: > 0 }))
        {
            // Without members of its own it is what its other members are, or anything.
            return schema.Find("additionalProperties") is { } values and not DocumentScalar { Text: "false" }
                ? new CodeUse(new MapType(values is DocumentMapping ? Of(values, name + "Value") : new CodeUse(SimpleType.Any, false)), nullable)
                : new CodeUse(SimpleType.Any, false);
        }
        var declared = new ObjectType(_names.Take(name), Summary(schema)) { Example = schema.Find("example") ?? (schema.Find("examples") as DocumentSequence)?.First };
        _declared.Add(declared);
        var use = new CodeUse(declared, nullable);
        // Known from here on: a member may be of this type again.
        _known[schema] = use;
        var required = parts.SelectMany(part => (part.Find("required") as DocumentSequence)?.Items ?? []).OfType<DocumentScalar>().Select(item => item.Text).ToHashSet(StringComparer.Ordinal);
        var properties = new OrderedDictionary<string, DocumentNode>(StringComparer.Ordinal);
        foreach (var (key, value) in parts.SelectMany(part => (part.Find("properties") as DocumentMapping)?.Entries.Values ?? Enumerable.Empty<DocumentEntry>()))
        {
            properties[key.Text] = value; // the later part says more of it
        }
        // A member cannot be called as its type is, nor as what every object has.
        var names = new NameScope(declared.Declared, "Equals", "GetHashCode", "GetType", "ToString", "MemberwiseClone", "ReferenceEquals", "Finalize", "Clone", "EqualityContract", "PrintMembers", "Deconstruct");
        foreach (var (key, value) in properties)
        {
            var member = CSharpText.Pascal(key, "Member");
            declared.Members.Add(new CodeMember(names.Take(member), key, Of(value, declared.Declared + member), required.Contains(key), value));
        }
        return use;
    }

    // Everything that an object is put together of: what it is by allOf, each once, and itself last.
    private void Parts(DocumentMapping schema, List<DocumentMapping> parts)
    {
        var seen = new HashSet<DocumentNode>(ReferenceEqualityComparer.Instance);
        Add(schema, 0);

        void Add(DocumentMapping part, int depth)
        {
            if (depth > DocumentBounds.MaxDepth || !seen.Add(part))
            {
                return;
            }
            foreach (var inner in (part.Find("allOf") as DocumentSequence)?.Items ?? [])
            {
                if (references.Mapping(inner) is { } mapping)
                {
                    Add(mapping, depth + 1);
                }
            }
            parts.Add(part);
        }
    }

    private static string Summary(DocumentMapping schema) => (schema.Find("description") as DocumentScalar ?? schema.Find("title") as DocumentScalar)?.Text ?? "";
}
