using EdgeGw.Documents;

namespace EdgeGw.Control.Importing;

/// <summary>A C# type made of a schema.</summary>
internal abstract class CodeType
{
    /// <summary>How it is written, in the models as in the endpoints.</summary>
    internal abstract string Name { get; }

    /// <summary>What its property in the JSON context is called, unless another is.</summary>
    internal abstract string JsonName { get; }

    /// <summary>What it is at run time: two that differ by what may be null inside alone are one.</summary>
    internal virtual string RuntimeName => Name;

    /// <summary>The types that it is made of.</summary>
    internal virtual IEnumerable<CodeUse> Parts => [];

    /// <summary>Whether it cannot be null by itself.</summary>
    internal virtual bool IsValue => false;
}

/// <summary>A type of the language or of .NET.</summary>
/// <param name="name">How it is written.</param>
/// <param name="jsonName">What its property in the JSON context is called, unless another is.</param>
/// <param name="isValue">Whether it cannot be null.</param>
/// <param name="isParsed">Whether a parameter can be read as it: it has TryParse.</param>
internal sealed class SimpleType(string name, string jsonName, bool isValue, bool isParsed) : CodeType
{
    internal static SimpleType String { get; } = new("string", "String", false, false);
    internal static SimpleType Boolean { get; } = new("bool", "Boolean", true, true);
    internal static SimpleType Int { get; } = new("int", "Int32", true, true);
    internal static SimpleType Long { get; } = new("long", "Int64", true, true);
    internal static SimpleType Float { get; } = new("float", "Single", true, true);
    internal static SimpleType Double { get; } = new("double", "Double", true, true);
    internal static SimpleType Decimal { get; } = new("decimal", "Decimal", true, true);
    internal static SimpleType Date { get; } = new("DateOnly", "DateOnly", true, true);
    internal static SimpleType Time { get; } = new("DateTimeOffset", "DateTimeOffset", true, true);
    internal static SimpleType Guid { get; } = new("Guid", "Guid", true, true);
    internal static SimpleType Bytes { get; } = new("byte[]", "ByteArray", false, false);

    /// <summary>Anything that JSON can say.</summary>
    internal static SimpleType Any { get; } = new("System.Text.Json.JsonElement", "JsonElement", true, false);

    /// <inheritdoc/>
    internal override string Name => name;

    /// <inheritdoc/>
    internal override string JsonName => jsonName;

    /// <inheritdoc/>
    internal override bool IsValue => isValue;

    /// <summary>Whether a parameter can be read as it.</summary>
    internal bool IsParsed => isParsed;
}

/// <summary>A list.</summary>
internal sealed class ListType(CodeUse item) : CodeType
{
    internal CodeUse Item => item;

    /// <inheritdoc/>
    internal override string Name => $"List<{item.Text}>";

    /// <inheritdoc/>
    internal override string RuntimeName => $"List<{item.RuntimeText}>";

    /// <inheritdoc/>
    internal override IEnumerable<CodeUse> Parts => [item];

    /// <inheritdoc/>
    internal override string JsonName => item.Type.JsonName + "List";
}

/// <summary>Texts with values.</summary>
internal sealed class MapType(CodeUse value) : CodeType
{
    internal CodeUse Value => value;

    /// <inheritdoc/>
    internal override string Name => $"Dictionary<string, {value.Text}>";

    /// <inheritdoc/>
    internal override string RuntimeName => $"Dictionary<string, {value.RuntimeText}>";

    /// <inheritdoc/>
    internal override IEnumerable<CodeUse> Parts => [value];

    /// <inheritdoc/>
    internal override string JsonName => value.Type.JsonName + "Map";
}

/// <summary>One of a few words.</summary>
internal sealed class EnumType(string name, string summary, IReadOnlyList<(string Name, string Value)> members) : CodeType
{
    internal string Declared => name;

    internal string Summary => summary;

    internal IReadOnlyList<(string Name, string Value)> Members => members;

    /// <inheritdoc/>
    internal override string Name => $"{ModelWriter.Namespace}.{name}";

    /// <inheritdoc/>
    internal override string JsonName => name;

    /// <inheritdoc/>
    internal override bool IsValue => true;
}

/// <summary>An object with members. They are filled in after it is known: one of them may be of this type again.</summary>
internal sealed class ObjectType(string name, string summary) : CodeType
{
    internal string Declared => name;

    internal string Summary => summary;

    internal List<CodeMember> Members { get; } = [];

    /// <inheritdoc/>
    internal override IEnumerable<CodeUse> Parts => Members.Select(member => member.Use);

    /// <summary>The schema's own example.</summary>
    internal DocumentNode? Example { get; set; }

    /// <inheritdoc/>
    internal override string Name => $"{ModelWriter.Namespace}.{name}";

    /// <inheritdoc/>
    internal override string JsonName => name;
}

/// <summary>A member of an object.</summary>
/// <param name="Name">Its name in C#.</param>
/// <param name="JsonName">Its name in JSON.</param>
/// <param name="Use">Its type.</param>
/// <param name="IsRequired">Whether it must be given.</param>
/// <param name="Schema">Where it was described.</param>
internal sealed record CodeMember(string Name, string JsonName, CodeUse Use, bool IsRequired, DocumentNode Schema);

/// <summary>A type where it is used.</summary>
internal readonly record struct CodeUse(CodeType Type, bool IsNullable)
{
    /// <summary>How it is written.</summary>
    internal string Text => IsNullable ? Type.Name + "?" : Type.Name;

    /// <summary>What it is at run time.</summary>
    internal string RuntimeText => IsNullable && Type.IsValue ? Type.RuntimeName + "?" : Type.RuntimeName;
}
