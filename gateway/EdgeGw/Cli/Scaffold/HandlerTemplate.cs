using System.Security;
using System.Text.RegularExpressions;

namespace EdgeGw.Cli.Scaffold;

/// <summary>The handler project of <c>handler-sdk/templates/edgegw-handler</c>, which is in the program as resources.</summary>
internal static partial class HandlerTemplate
{
    private const string ResourcePrefix = "template/";
    private const string Token = "EdgeGwHandler1";

    /// <summary>Writes the project. Refuses a folder that has anything in it.</summary>
    /// <param name="folder">The folder, made when missing.</param>
    /// <param name="name">A good <see cref="ProjectName"/>.</param>
    /// <param name="feed">The package feed that nuget.config adds, or null for no nuget.config.</param>
    public static void Write(string folder, string name, string? feed)
    {
        try
        {
            if (File.Exists(folder))
                throw new CliException(ExitCode.Failed, $"{folder} is a file; choose another folder with --output");
            if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
                throw new CliException(ExitCode.Failed, $"the folder {folder} is there already and not empty; choose another with --output");
            foreach (var (file, text) in Files(name))
            {
                var path = Path.Combine(folder, file);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, text);
            }
            if (feed is not null)
                File.WriteAllText(Path.Combine(folder, "nuget.config"), NuGetConfig(feed));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Failed, $"{folder} cannot be written: {e.Message}");
        }
    }

    private static IEnumerable<(string File, string Text)> Files(string name)
    {
        var assembly = typeof(HandlerTemplate).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(resource => resource.StartsWith(ResourcePrefix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var file = resource[ResourcePrefix.Length..].Replace('\\', '/');
            var text = reader.ReadToEnd().Replace(Token, file.EndsWith(".cs", StringComparison.Ordinal) ? ProjectName.ToNamespace(name) : name, StringComparison.Ordinal);
            if (file.EndsWith(".csproj", StringComparison.Ordinal))
                text = SdkVersion().Replace(text, $"${{1}}{ProductVersion.Number}");
            yield return (file.Replace(Token, name, StringComparison.Ordinal), text);
        }
    }

    private static string NuGetConfig(string feed) => $"""
        <?xml version="1.0" encoding="utf-8"?>
        <configuration>
          <packageSources>
            <add key="edgegw" value="{SecurityElement.Escape(feed)}" />
          </packageSources>
        </configuration>

        """;

    [GeneratedRegex("(EdgeGw\\.Handler\\.Sdk/)[^\"]+")]
    private static partial Regex SdkVersion();
}
