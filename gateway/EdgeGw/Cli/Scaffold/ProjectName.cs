namespace EdgeGw.Cli.Scaffold;

/// <summary>The name of a new handler.</summary>
internal static class ProjectName
{
    private const int Longest = 64;

    /// <summary>Says what is wrong with a name, or null. Every good name is a handler's name (docs/manifest.md), a file's and a project's.</summary>
    public static string? Check(string name)
    {
        if (name.Length is 0 or > Longest)
            return $"a handler's name has 1 to {Longest} characters";
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
            return $"'{name}' is no handler's name: only letters, digits, '.', '_' and '-' can be in one";
        if (!char.IsAsciiLetter(name[0]))
            return $"'{name}' is no handler's name: it must start with a letter";
        return name.EndsWith('.') || name.Contains("..", StringComparison.Ordinal) ? $"'{name}' is no handler's name: each '.' must stand between other characters" : null;
    }

    /// <summary>The C# namespace for a good name: <c>my-api.v2</c> becomes <c>my_api.v2</c>.</summary>
    public static string ToNamespace(string name) => string.Join('.', name.Split('.').Select(part =>
    {
        var identifier = part.Replace('-', '_');
        // A verbatim identifier may be a keyword: a handler may be called 'new'.
        return char.IsAsciiDigit(identifier[0]) ? "_" + identifier : Keywords.Contains(identifier) ? "@" + identifier : identifier;
    }));

    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal", "default", "delegate", "do",
        "double", "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in", "int",
        "interface", "internal", "is", "lock", "long", "namespace", "new", "null", "object", "operator", "out", "override", "params", "private", "protected", "public",
        "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc", "static", "string", "struct", "switch", "this", "throw", "true", "try",
        "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void", "volatile", "while",
    };
}
