using EdgeGw.Control.Epochs;
using EdgeGw.Control.Importing;
using EdgeGw.Documents;
using EdgeGw.Pipeline.Match;

namespace EdgeGw.Fuzz.Targets;

/// <summary>An OpenAPI document: refused with sentences that name a place, or read to endpoints that the gateway can route and name, with code whose brackets and quotes are closed.</summary>
internal static class OpenApiTarget
{
    private static readonly ImportBounds s_bounds = new(1 << 20, 20_000, 50);

    internal static void Run(byte[] input)
    {
        var faults = new DocumentFaults("api");
        if (OpenApiReader.Read(input, s_bounds, faults) is not { } api)
        {
            FuzzFindingException.ThrowUnless(faults.Count > 0 && faults.All.All(fault => fault.StartsWith("api", StringComparison.Ordinal) && !fault.Contains('\n', StringComparison.Ordinal)), "refused without a reason of one line");
            return;
        }
        FuzzFindingException.ThrowUnless(api.Operations.Select(operation => operation.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() == api.Operations.Count, "two endpoints of one name");
        foreach (var operation in api.Operations)
        {
            FuzzFindingException.ThrowUnless(EpochRules.IsName(operation.Name) && EpochRules.IsMethod(operation.Method) && RoutePattern.TryParse(api.BasePath + operation.Path, out _, out _), "an endpoint that cannot be served");
            Closed(operation.Source);
        }
        Closed(api.Models);
    }

    // Outside of comments and texts, which end with their line.
    private static void Closed(string code)
    {
        var depth = 0;
        foreach (var line in code.Split('\n'))
        {
            FuzzFindingException.ThrowUnless(!line.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029'), "a line that is not one");
            var text = false;
            for (var i = 0; i < line.Length; i++)
            {
                if (text && line[i] == '\\')
                {
                    i++;
                }
                else if (line[i] == '"')
                {
                    text = !text;
                }
                else if (!text && line[i] == '/' && i + 1 < line.Length && line[i + 1] == '/')
                {
                    break;
                }
                else if (!text)
                {
                    depth += line[i] switch { '{' or '(' or '[' => 1, '}' or ')' or ']' => -1, _ => 0 };
                }
            }
            FuzzFindingException.ThrowUnless(!text && depth >= 0, "a text that is not closed");
        }
        FuzzFindingException.ThrowUnless(depth == 0, "a bracket that is not closed");
    }
}
