using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EdgeGw.Tests.Support;

namespace EdgeGw.Tidy.Tests;

/// <summary>Rules about the repository as a whole.</summary>
public sealed partial class RepositoryTests
{
    private static readonly string[] PublishedAlone = ["handler-sdk/samples/", "handler-sdk/templates/edgegw-handler/", "bench/Load/Hello/", "bench/Load/Backends/", "bench/Load/Work/", "tests/Handlers/Managed/"];

    private static IEnumerable<SourceFile> Documents => SourceFile.All.Where(file => file.Name.EndsWith(".md", StringComparison.Ordinal));

    [Test]
    public void Every_package_has_its_reason()
    {
        var used = XDocument.Load(Repository.Path("Directory.Packages.props")).Descendants("PackageVersion").Select(package => package.Attribute("Include")!.Value);
        var explained = PackageRow().Matches(File.ReadAllText(Repository.Path("docs/dependencies.md"))).Select(match => match.Groups[1].Value).Where(name => name != "package");
        Assert.That(explained, Is.EquivalentTo(used));
    }

    [Test]
    public void Every_package_of_the_Admin_UI_has_its_reason_and_one_version()
    {
        var manifest = JsonDocument.Parse(File.ReadAllText(Repository.Path("gateway/EdgeGw.AdminUi/package.json"))).RootElement;
        var used = manifest.GetProperty("dependencies").EnumerateObject().Concat(manifest.GetProperty("devDependencies").EnumerateObject()).ToList();
        var explained = NpmRow().Matches(File.ReadAllText(Repository.Path("docs/dependencies.md"))).SelectMany(row => NpmName().Matches(row.Value).Select(match => match.Groups[1].Value));
        using var scope = Assert.EnterMultipleScope();
        Assert.That(explained, Is.EquivalentTo(used.Select(package => package.Name)));
        Assert.That(used.Where(package => !Version.TryParse(package.Value.GetString(), out _)), Is.Empty, "versions that are not exact");
    }

    [Test]
    public void No_file_names_the_machine_it_was_written_on() =>
        Assert.That(SourceFile.All.Where(file => !IsBinary(file.Name)).SelectMany(file => file.Find(Machine().IsMatch)), Is.Empty);

    [Test]
    public void Every_relative_link_of_the_documents_resolves() =>
        Assert.That(from document in Documents
                    from Match link in Link().Matches(CodeBlock().Replace(document.Text, ""))
                    let target = link.Groups[1].Value.Split('#')[0]
                    where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
                    where !Path.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(document.Name)!, target))
                    select $"{document.Name}: {link.Groups[1].Value}", Is.Empty);

    [Test]
    public void Every_link_to_a_heading_resolves() =>
        Assert.That(from document in Documents
                    from Match link in Link().Matches(CodeBlock().Replace(document.Text, ""))
                    let parts = link.Groups[1].Value.Split('#')
                    where parts.Length == 2 && !parts[0].Contains("://", StringComparison.Ordinal)
                    let target = parts[0].Length == 0 ? Repository.Path(document.Name) : Path.Combine(Repository.Root, Path.GetDirectoryName(document.Name)!, parts[0])
                    where File.Exists(target) && target.EndsWith(".md", StringComparison.Ordinal) && !Anchors(File.ReadAllText(target)).Contains(parts[1])
                    select $"{document.Name}: {link.Groups[1].Value}", Is.Empty);

    [Test]
    public void Every_project_is_in_the_solution()
    {
        var projects = SourceFile.All.Select(file => file.Name).Where(name => name.EndsWith(".csproj", StringComparison.Ordinal))
            // Published one by one, as an author does; the solution may list them or not.
            .Where(name => !PublishedAlone.Any(folder => name.StartsWith(folder, StringComparison.Ordinal)));
        var listed = XDocument.Load(Repository.Path("edgegw.slnx")).Descendants("Project").Select(project => project.Attribute("Path")!.Value);
        Assert.That(projects, Is.SubsetOf(listed));
    }

    private static bool IsBinary(string name) => Path.GetExtension(name) is ".png" or ".ico" or ".woff2" or ".so" or ".nupkg" or ".pfx";

    // As GitHub makes them: lower case, spaces to dashes, the rest of the punctuation dropped.
    private static HashSet<string> Anchors(string text) =>
        [.. Heading().Matches(Fence().Replace(text, "")).Select(match => NotInAnchor().Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    [GeneratedRegex(@"^\| ([A-Za-z][\w.]*) \|", RegexOptions.Multiline)]
    private static partial Regex PackageRow();

    [GeneratedRegex(@"^\| (`[^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex NpmRow();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex NpmName();

    [GeneratedRegex(@"(?<![\w.])/(home|root)/\w|https?://(?!api\.nuget\.org/)[\w.:-]+/[\w/.-]*index\.json", RegexOptions.IgnoreCase)]
    private static partial Regex Machine();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^```.*?^```|`[^`\n]*`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();
}
