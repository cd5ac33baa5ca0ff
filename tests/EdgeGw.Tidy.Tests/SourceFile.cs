using EdgeGw.Tests.Support;

namespace EdgeGw.Tidy.Tests;

/// <summary>A file that belongs to the repository, by its path from the root.</summary>
internal sealed record SourceFile(string Name)
{
    private static readonly HashSet<string> NotOurs = [".git", "bin", "obj", "artifacts", "tools", "node_modules", "TestResults", "BenchmarkDotNet.Artifacts", ".vs", ".idea"];

    private readonly Lazy<string> _text = new(() => File.ReadAllText(Repository.Path(Name)));

    /// <summary>Everything that is not made by a build.</summary>
    public static IReadOnlyList<SourceFile> All { get; } = [.. Walk(new DirectoryInfo(Repository.Root)).Order().Select(path => new SourceFile(Path.GetRelativePath(Repository.Root, path)))];

    public static IEnumerable<SourceFile> CSharp => All.Where(file => file.Name.EndsWith(".cs", StringComparison.Ordinal));

    public string Text => _text.Value;

    public IEnumerable<(int Number, string Line)> Lines => Text.Split('\n').Select((line, index) => (index + 1, line));

    public bool IsBelow(string folder) => Name.StartsWith(folder + "/", StringComparison.Ordinal);

    /// <summary>The lines that <paramref name="isWrong"/> finds, as <c>file:line: text</c>.</summary>
    public IEnumerable<string> Find(Func<string, bool> isWrong) => Lines.Where(line => isWrong(line.Line)).Select(line => $"{Name}:{line.Number}: {line.Line.Trim()}");

    public override string ToString() => Name;

    private static IEnumerable<string> Walk(DirectoryInfo folder) =>
        folder.GetFiles().Where(file => file.LinkTarget is null && file.Name != ".git").Select(file => file.FullName)
            .Concat(folder.GetDirectories().Where(child => child.LinkTarget is null && !NotOurs.Contains(child.Name)).SelectMany(Walk));
}
