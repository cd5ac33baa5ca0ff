using System.Text;
using EdgeGw.Control.Importing;
using EdgeGw.Documents;

namespace EdgeGw.Import.Tests;

/// <summary>OpenAPI documents to test with.</summary>
internal static class Specs
{
    internal static readonly ImportBounds Bounds = new(4 << 20, 200_000, 200);

    internal static string Petstore { get; } = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Assets", "petstore.yaml"));

    /// <summary>The Petstore as its owner changed it: a path that is called otherwise, an operation more, one less, and a model with a member more.</summary>
    internal static string ChangedPetstore { get; } = Petstore
        .Replace("  /store/inventory:\n", "  /store/stock:\n", StringComparison.Ordinal)
        .Replace("  /user/logout:\n    get:", "  /user/logout:\n    post:", StringComparison.Ordinal)
        .Replace("      operationId: logoutUser\n", "      operationId: endSession\n", StringComparison.Ordinal)
        .Replace("          example: doggie\n", "          example: doggie\n        born:\n          type: string\n          format: date\n", StringComparison.Ordinal);

    internal static (ImportedApi? Api, IReadOnlyList<string> Faults) Read(string text, ImportBounds? bounds = null)
    {
        var faults = new DocumentFaults("api.yaml");
        return (OpenApiReader.Read(Encoding.UTF8.GetBytes(text), bounds ?? Bounds, faults), faults.All);
    }

    /// <summary>A document with these paths and components.</summary>
    internal static string Of(string paths, string components = "") => $"openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths:\n{Indented(paths)}{(components.Length == 0 ? "" : "\ncomponents:\n  schemas:\n" + Indented(Indented(components)))}\n";

    private static string Indented(string text) => string.Join('\n', text.Split('\n').Select(line => "  " + line));
}
