using System.Text;

namespace EdgeGw.Control.Importing;

/// <summary>Writes the models of an API: one file that each of its endpoints is compiled with.</summary>
internal sealed class ModelWriter
{
    /// <summary>The namespace of the models.</summary>
    internal const string Namespace = "Models";

    /// <summary>The class that knows how they are written as JSON.</summary>
    internal const string Context = "ModelsJson";

    /// <summary>The file.</summary>
    internal const string File = "Models.cs";

    // Members that the context has already, and the names that the JSON generator gives by itself.
    private readonly NameScope _names = new(
        "Default", "Options", "GetTypeInfo", "GeneratedSerializerOptions", "Equals", "GetHashCode", "GetType", "ToString", "MemberwiseClone", "ReferenceEquals", "Finalize",
        "Boolean", "String", "Int32", "Int64", "Single", "Double", "Decimal", "Guid", "DateOnly", "DateTimeOffset", "JsonElement", "ByteArray", "Byte", "Object",
        "NullableBoolean", "NullableInt32", "NullableInt64", "NullableSingle", "NullableDouble", "NullableDecimal", "NullableGuid", "NullableDateOnly", "NullableDateTimeOffset", "NullableJsonElement");

    private readonly SortedDictionary<string, string> _infos = new(StringComparer.Ordinal);
    private readonly HashSet<string> _simple = new(StringComparer.Ordinal);

    /// <summary>How the JSON of a type is named by an endpoint, which makes it known to the context.</summary>
    internal string InfoOf(CodeType type)
    {
        if (!_infos.TryGetValue(type.RuntimeName, out var info))
        {
            if (type is SimpleType)
            {
                _simple.Add(type.RuntimeName);
            }
            else if (type is EnumType choice)
            {
                _names.Take("Nullable" + choice.Declared); // what the generator calls it where it may be null
            }
            // The generator finds its own converters of simple types by the names that it gives them.
            _infos[type.RuntimeName] = info = type is SimpleType ? type.JsonName : _names.Take(type.JsonName);
        }
        return $"{Namespace}.{Context}.Default.{info}";
    }

    /// <summary>The file's text. Called last: every type that an endpoint has named is in the context.</summary>
    internal string Write(IEnumerable<CodeType> declared)
    {
        var types = declared.ToList();
        foreach (var type in types)
        {
            Know(type, 0);
        }
        var text = new StringBuilder($"using System.Text.Json.Serialization;\n\nnamespace {Namespace};\n");
        foreach (var type in types)
        {
            text.Append('\n');
            Write(text, type);
        }
        if (_infos.Count > 0)
        {
            text.Append("\n/// <summary>How the models are read and written as JSON.</summary>\n[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]\n");
            foreach (var (name, info) in _infos)
            {
                text.Append(_simple.Contains(name) ? $"[JsonSerializable(typeof({name}))]\n" : $"[JsonSerializable(typeof({name}), TypeInfoPropertyName = \"{info}\")]\n");
            }
            text.Append(null, $"internal sealed partial class {Context} : JsonSerializerContext;\n");
        }
        return text.ToString();
    }

    // Every list and map by a name of its own: the generator's could be a model's too.
    private void Know(CodeType type, int depth)
    {
        InfoOf(type);
        foreach (var part in type.Parts.Where(part => part.Type is ListType or MapType && depth < Documents.DocumentBounds.MaxDepth))
        {
            Know(part.Type, depth + 1);
        }
    }

    private static void Write(StringBuilder text, CodeType type)
    {
        switch (type)
        {
            case EnumType choice:
                Summary(text, "", choice.Summary);
                text.Append(null, $"[JsonConverter(typeof(JsonStringEnumConverter<{choice.Declared}>))]\npublic enum {choice.Declared}\n{{\n");
                foreach (var (name, value) in choice.Members)
                {
                    text.Append(null, $"    [JsonStringEnumMemberName({CSharpText.Literal(value)})]\n    {name},\n");
                }
                text.Append("}\n");
                break;
            case ObjectType model:
                Summary(text, "", model.Summary);
                text.Append(null, $"public sealed record {model.Declared}\n{{\n");
                for (var i = 0; i < model.Members.Count; i++)
                {
                    text.Append(i == 0 ? "" : "\n");
                    Write(text, model.Members[i]);
                }
                text.Append("}\n");
                break;
        }
    }

    private static void Write(StringBuilder text, CodeMember member)
    {
        Summary(text, "    ", ((member.Schema as Documents.DocumentMapping)?.Find("description") as Documents.DocumentScalar)?.Text ?? "");
        text.Append(null, $"    [JsonPropertyName({CSharpText.Literal(member.JsonName)})]\n");
        if (member is { IsRequired: true, Use.IsNullable: true })
        {
            text.Append("    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]\n");
        }
        var type = member.IsRequired || member.Use.IsNullable ? member.Use.Text : member.Use.Type.Name + "?";
        text.Append(null, $"    public {(member.IsRequired ? "required " : "")}{type} {member.Name} {{ get; set; }}\n");
    }

    private static void Summary(StringBuilder text, string indent, string summary)
    {
        if (CSharpText.Summary(summary) is { Length: > 0 } line)
        {
            text.Append(null, $"{indent}/// <summary>{line}</summary>\n");
        }
    }
}
