using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeGw.Documents;

namespace EdgeGw.Control.Importing;

/// <summary>Writes C# expressions for values of models: the document's example where it fits the type, else something sensible. What is there already is not gone into again.</summary>
internal sealed class SampleWriter(SpecReferences references)
{
    private const int MostValues = 400;
    private const int MostItems = 10;

    private readonly List<ObjectType> _open = [];
    private int _values;

    /// <summary>An expression for a value of a type, which is known where it stands.</summary>
    /// <param name="use">The type.</param>
    /// <param name="schema">What describes it.</param>
    /// <param name="example">An example; null: the schema's own.</param>
    internal string Value(CodeUse use, DocumentNode? schema, DocumentNode? example)
    {
        _values++;
        var described = references.Mapping(schema);
        example ??= described?.Find("example") ?? (described?.Find("examples") as DocumentSequence)?.First ?? described?.Find("default");
        if (example is DocumentScalar { IsNull: true })
        {
            if (use.IsNullable)
            {
                return "null";
            }
            example = null;
        }
        return use.Type switch
        {
            ObjectType model => Object(model, (example ?? model.Example) as DocumentMapping),
            ListType list => List(list, described, example as DocumentSequence),
            MapType map => Map(map, described, example as DocumentMapping),
            EnumType choice => $"{choice.Name}.{choice.Members.FirstOrDefault(member => member.Value == (example as DocumentScalar)?.Text, choice.Members[0]).Name}",
            _ when use.Type == SimpleType.Any => $"System.Text.Json.JsonDocument.Parse({CSharpText.Literal(Json(example))}).RootElement",
            _ => Simple((SimpleType)use.Type, (example as DocumentScalar)?.Text),
        };
    }

    private string Object(ObjectType model, DocumentMapping? example)
    {
        var members = new List<string>();
        _open.Add(model);
        foreach (var member in model.Members)
        {
            var given = example?.Find(member.JsonName);
            var isLeftOut = !member.IsRequired && (IsTooMuch(member.Use.Type) || (example is not null && given is null));
            if (!isLeftOut)
            {
                members.Add($"{member.Name} = {(IsTooMuch(member.Use.Type) ? Nothing(member.Use) : Value(member.Use, member.Schema, given))}");
            }
        }
        _open.RemoveAt(_open.Count - 1);
        return members.Count == 0 ? "new()" : $"new() {{ {string.Join(", ", members)} }}";
    }

    // Nothing more in a list that is as long as it may be, and no object inside one of its own kind.
    private bool IsTooMuch(CodeType type) => type switch
    {
        _ when _values > MostValues => true,
        ObjectType model => _open.Contains(model),
        _ => false,
    };

    private static string Nothing(CodeUse use) => use.Type switch
    {
        ListType => "[]",
        MapType => "new()",
        _ when use.IsNullable => "null",
        ObjectType => "null!",
        EnumType or SimpleType { IsValue: true } => "default",
        _ => "\"\"",
    };

    private string List(ListType list, DocumentMapping? schema, DocumentSequence? example)
    {
        if (IsTooMuch(list.Item.Type))
        {
            return "[]";
        }
        var items = example is null ? [Value(list.Item, schema?.Find("items"), null)]
            : example.Items.Take(MostItems).TakeWhile(_ => _values < MostValues).Select(item => Value(list.Item, schema?.Find("items"), item)).ToList();
        return $"[{string.Join(", ", items)}]";
    }

    private string Map(MapType map, DocumentMapping? schema, DocumentMapping? example)
    {
        if (IsTooMuch(map.Value.Type))
        {
            return "new()";
        }
        var values = schema?.Find("additionalProperties") as DocumentMapping;
        var entries = example is null ? [$"[\"key\"] = {Value(map.Value, values, null)}"]
            : example.Entries.Values.Take(MostItems).TakeWhile(_ => _values < MostValues).Select(entry => $"[{CSharpText.Literal(entry.Key.Text)}] = {Value(map.Value, values, entry.Value)}").ToList();
        return entries.Count == 0 ? "new()" : $"new() {{ {string.Join(", ", entries)} }}";
    }

    private static string Simple(SimpleType type, string? example)
    {
        var culture = CultureInfo.InvariantCulture;
        return type switch
        {
            _ when type == SimpleType.String => CSharpText.Literal(example ?? "text"),
            _ when type == SimpleType.Boolean => example == "false" ? "false" : "true",
            _ when type == SimpleType.Int => int.TryParse(example, NumberStyles.AllowLeadingSign, culture, out var value) ? value.ToString(culture) : "1",
            _ when type == SimpleType.Long => long.TryParse(example, NumberStyles.AllowLeadingSign, culture, out var value) ? value.ToString(culture) : "1",
            _ when type == SimpleType.Float => float.TryParse(example, NumberStyles.Float, culture, out var value) && float.IsFinite(value) ? value.ToString("R", culture) + "f" : "1.5f",
            _ when type == SimpleType.Double => double.TryParse(example, NumberStyles.Float, culture, out var value) && double.IsFinite(value) ? value.ToString("R", culture) + "d" : "1.5",
            _ when type == SimpleType.Decimal => decimal.TryParse(example, NumberStyles.Float, culture, out var value) ? value.ToString(culture) + "m" : "1.5m",
            _ when type == SimpleType.Date => $"DateOnly.Parse(\"{(DateOnly.TryParseExact(example, "yyyy-MM-dd", culture, DateTimeStyles.None, out var date) ? date : new DateOnly(2026, 1, 31)).ToString("yyyy-MM-dd", culture)}\")",
            _ when type == SimpleType.Time =>
                $"DateTimeOffset.Parse(\"{(DateTimeOffset.TryParse(example, culture, DateTimeStyles.AssumeUniversal, out var time) ? time : new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero)).ToString("O", culture)}\")",
            _ when type == SimpleType.Guid => $"Guid.Parse(\"{(Guid.TryParse(example, out var id) ? id : new Guid("7f9c24e8-3b12-4fef-91e0-9d2c5a6b7c80"))}\")",
            _ when type == SimpleType.Bytes => $"System.Text.Encoding.UTF8.GetBytes({CSharpText.Literal(example ?? "bytes")})",
            _ => throw new InvalidOperationException($"no sample of {type.Name}"),
        };
    }

    /// <summary>A piece of the document as JSON.</summary>
    internal static string Json(DocumentNode? node)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            var left = MostValues;
            Write(writer, node, ref left);
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, DocumentNode? node, ref int left)
    {
        left--;
        switch (node)
        {
            case DocumentMapping mapping:
                writer.WriteStartObject();
                foreach (var (key, value) in mapping.Entries.Values)
                {
                    if (left > 0)
                    {
                        writer.WritePropertyName(key.Text);
                        Write(writer, value, ref left);
                    }
                }
                writer.WriteEndObject();
                break;
            case DocumentSequence sequence:
                writer.WriteStartArray();
                foreach (var item in sequence.Items)
                {
                    if (left > 0)
                    {
                        Write(writer, item, ref left);
                    }
                }
                writer.WriteEndArray();
                break;
            case DocumentScalar { IsNull: false } scalar:
                Scalar(writer, scalar);
                break;
            case null:
                writer.WriteStartObject();
                writer.WriteEndObject();
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    private static void Scalar(Utf8JsonWriter writer, DocumentScalar scalar)
    {
        if (!scalar.IsQuoted && scalar.Text is "true" or "false")
        {
            writer.WriteBooleanValue(scalar.Text == "true");
        }
        else if (!scalar.IsQuoted && long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            writer.WriteNumberValue(whole);
        }
        else if (!scalar.IsQuoted && double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(scalar.Text);
        }
    }
}
