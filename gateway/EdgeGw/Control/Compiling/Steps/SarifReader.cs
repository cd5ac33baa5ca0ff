using System.Text.Json;

namespace EdgeGw.Control.Compiling.Steps;

/// <summary>The C# compiler's messages, from its log in SARIF 2.1. A place that a #line puts outside of the author's files is none.</summary>
internal static class SarifReader
{
    private const long LargestLog = 32L << 20;
    private const int LongestMessage = 2_000;

    /// <summary>The messages about the author's files and about none, errors first. Empty when there is no log.</summary>
    /// <param name="path">The log.</param>
    /// <param name="sources">The folder of the files.</param>
    /// <param name="names">The files' names.</param>
    /// <param name="most">How many are kept.</param>
    internal static IReadOnlyList<BuildDiagnostic> Read(string path, string sources, IReadOnlySet<string> names, int most)
    {
        var log = new FileInfo(path);
        if (!log.Exists || log.Length == 0)
        {
            return [];
        }
        if (log.Length > LargestLog)
        {
            throw new CompileFailedException("The C# compiler has so many messages that its log was not read; begin with the first errors of a smaller source.");
        }
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return [.. document.RootElement.GetProperty("runs").EnumerateArray()
                .SelectMany(run => run.GetProperty("results").EnumerateArray())
                .Where(result => !result.TryGetProperty("suppressions", out var given) || given.GetArrayLength() == 0)
                .Select(result => One(result, sources, names))
                .OrderBy(found => found.Severity switch { BuildDiagnostic.Error => 0, BuildDiagnostic.Warning => 1, _ => 2 }) // stable: the compiler's order stays
                .Take(most)];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return []; // half written by a compiler that died; its exit code says so
        }
    }

    private static BuildDiagnostic One(JsonElement result, string sources, IReadOnlySet<string> names)
    {
        var severity = Text(result, "level") switch { "error" => BuildDiagnostic.Error, "warning" => BuildDiagnostic.Warning, _ => BuildDiagnostic.Info };
        var code = Text(result, "ruleId") ?? "";
        var message = result.GetProperty("message").GetProperty("text").GetString() ?? "";
        message = message.Length > LongestMessage ? message[..LongestMessage] : message;
        if (!result.TryGetProperty("locations", out var locations) || locations.GetArrayLength() == 0
            || !locations[0].TryGetProperty("physicalLocation", out var place) || Name(place, sources) is not { } name || !names.Contains(name))
        {
            return new BuildDiagnostic(null, 0, 0, 0, 0, severity, code, message);
        }
        var region = place.GetProperty("region");
        return new BuildDiagnostic(name, Number(region, "startLine"), Number(region, "startColumn"), Number(region, "endLine"), Number(region, "endColumn"), severity, code, message);
    }

    private static string? Name(JsonElement place, string sources)
    {
        var address = Text(place.GetProperty("artifactLocation"), "uri") ?? "";
        var path = Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.IsFile ? uri.LocalPath : Uri.UnescapeDataString(address);
        return path.StartsWith(sources + '/', StringComparison.Ordinal) ? path[(sources.Length + 1)..] : null;
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static int Number(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.TryGetInt32(out var number) ? number : 0;
}
