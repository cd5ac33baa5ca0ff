namespace EdgeGw.Tests.Support;

/// <summary>The public Petstore as an OpenAPI document, and what its owner made of it.</summary>
public static class PetstoreDocument
{
    /// <summary>The document.</summary>
    public static string Text { get; } = File.ReadAllText(Repository.Path("tests/EdgeGw.Import.Tests/Assets/petstore.yaml"));

    /// <summary>Changed: a path that is called otherwise, an operation more, one less, and a model with a member more.</summary>
    public static string Changed(string document) => document
        .Replace("  /store/inventory:\n", "  /store/stock:\n", StringComparison.Ordinal)
        .Replace("  /user/logout:\n    get:", "  /user/logout:\n    post:", StringComparison.Ordinal)
        .Replace("      operationId: logoutUser\n", "      operationId: endSession\n", StringComparison.Ordinal)
        .Replace("          example: doggie\n", "          example: doggie\n        born:\n          type: string\n          format: date\n", StringComparison.Ordinal);

    /// <summary>The document with these of its paths alone.</summary>
    public static string Of(params IReadOnlyList<string> paths)
    {
        var (isPaths, isKept) = (false, true);
        var kept = new List<string>();
        foreach (var line in Text.Split('\n'))
        {
            if (line.Length > 0 && line[0] != ' ')
            {
                (isPaths, isKept) = (line == "paths:", true);
            }
            else if (isPaths && line.StartsWith("  /", StringComparison.Ordinal))
            {
                isKept = paths.Contains(line.Trim().TrimEnd(':'));
            }
            if (isKept)
            {
                kept.Add(line);
            }
        }
        return string.Join('\n', kept);
    }
}
