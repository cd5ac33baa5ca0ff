using System.Text;
using EdgeGw.Control.Importing;
using EdgeGw.Documents;

namespace EdgeGw.Import.Tests;

/// <summary>OpenAPI documents to test with.</summary>
internal static class Specs
{
    internal static readonly ImportBounds Bounds = new(4 << 20, 200_000, 200);

    internal static string Petstore { get; } = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Assets", "petstore.yaml"));

    internal static (ImportedApi? Api, IReadOnlyList<string> Faults) Read(string text, ImportBounds? bounds = null)
    {
        var faults = new DocumentFaults("api.yaml");
        return (OpenApiReader.Read(Encoding.UTF8.GetBytes(text), bounds ?? Bounds, faults), faults.All);
    }

    /// <summary>A document with these paths and components.</summary>
    internal static string Of(string paths, string components = "") => $"openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths:\n{Indented(paths)}{(components.Length == 0 ? "" : "\ncomponents:\n  schemas:\n" + Indented(Indented(components)))}\n";

    private static string Indented(string text) => string.Join('\n', text.Split('\n').Select(line => "  " + line));
}
