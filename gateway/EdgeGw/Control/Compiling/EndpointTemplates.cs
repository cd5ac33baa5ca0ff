using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeGw.Control.Compiling;

/// <summary>What an endpoint may begin with: the sources of <c>handler-sdk/templates/endpoints</c>, which are in the program as resources.</summary>
internal static class EndpointTemplates
{
    private const string Prefix = "endpoint/";
    private const string About = "about.json";

    /// <summary>All of them, in their order.</summary>
    internal static IReadOnlyList<EndpointTemplate> All { get; } = Read();

    private static List<EndpointTemplate> Read()
    {
        var assembly = typeof(EndpointTemplates).Assembly;
        var texts = assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => (Parts: name[Prefix.Length..].Replace('\\', '/').Split('/', 2), Text: Text(assembly, name))).ToList();
        return [.. texts.GroupBy(file => file.Parts[0])
            .Select(group => (About: JsonSerializer.Deserialize(group.Single(file => file.Parts[1] == About).Text, TemplateJson.Default.AboutTemplate)!, Group: group))
            .OrderBy(template => template.About.Order)
            .Select(template => new EndpointTemplate(
                template.Group.Key, template.About.Title, template.About.Description, template.About.Method, template.About.Path,
                [.. template.Group.Where(file => file.Parts[1] != About).OrderBy(file => file.Parts[1], StringComparer.Ordinal).Select(file => new TemplateFile(file.Parts[1], file.Text))],
                template.About.Services, template.About.Try))];
    }

    private static string Text(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}

/// <summary>One template as <c>GET /api/v1/templates</c> shows it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Title">For people.</param>
/// <param name="Description">For people, one sentence.</param>
/// <param name="Method">The method to suggest.</param>
/// <param name="Path">The path to suggest.</param>
/// <param name="Files">The source.</param>
/// <param name="Services">The services that it asks for.</param>
/// <param name="Try">A target to try it with.</param>
internal sealed record EndpointTemplate(
    string Id, string Title, string Description, string Method, string Path, IReadOnlyList<TemplateFile> Files, IReadOnlyList<string> Services, string Try);

/// <summary>One file of a template.</summary>
internal sealed record TemplateFile(string Name, string Text);

/// <summary>What stands beside a template's files.</summary>
internal sealed record AboutTemplate(int Order, string Title, string Description, string Method, string Path, IReadOnlyList<string> Services, string Try);

/// <summary>How it is read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AboutTemplate))]
internal sealed partial class TemplateJson : JsonSerializerContext;
