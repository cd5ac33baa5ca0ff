using System.IO.Enumeration;

namespace EdgeGw.Cli.Dev;

/// <summary>The files that a build may read, as they are at one moment: path, length and time of the last write.</summary>
internal sealed class SourceTree
{
    private const int MostFiles = 20_000;

    // What builds write, and what tools keep beside.
    private static readonly string[] LeftOut = ["bin", "obj", "node_modules"];
    private static readonly string[] LeftOutEndings = ["~", ".swp", ".swx", ".tmp", ".so", ".o", ".dbg"];

    private readonly Dictionary<string, (long Length, long Ticks)> _files;

    private SourceTree(Dictionary<string, (long Length, long Ticks)> files) => _files = files;

    /// <summary>Looks at all files below some folders. Throws with a sentence when they are too many for a handler's sources.</summary>
    public static SourceTree Read(IReadOnlyList<string> folders)
    {
        var files = new Dictionary<string, (long, long)>(StringComparer.Ordinal);
        foreach (var folder in folders)
        {
            var found = new FileSystemEnumerable<(string Path, long Length, long Ticks)>(
                folder, (ref FileSystemEntry entry) => (entry.ToFullPath(), entry.Length, entry.LastWriteTimeUtc.UtcTicks), new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None })
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && IsSource(entry.FileName),
                ShouldRecursePredicate = (ref FileSystemEntry entry) => IsSourceFolder(entry.FileName) && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
            };
            foreach (var (path, length, ticks) in found)
            {
                files[path] = (length, ticks);
                if (files.Count > MostFiles)
                    throw new CliException(ExitCode.Failed, $"there are more than {MostFiles} files below {folder}: name the folder of one handler");
            }
        }
        return new(files);
    }

    /// <summary>The paths that are there in one and not in the other, or are different.</summary>
    public IReadOnlyList<string> ChangedSince(SourceTree before) =>
        [.. _files.Where(file => !before._files.TryGetValue(file.Key, out var known) || known != file.Value).Select(file => file.Key), .. before._files.Keys.Where(path => !_files.ContainsKey(path))];

    private static bool IsSource(ReadOnlySpan<char> name)
    {
        // 4913: with a file of this name vim tries whether a folder can be written.
        if (name.StartsWith('.') || name.StartsWith('#') || name is "4913")
            return false;
        foreach (var ending in LeftOutEndings)
        {
            if (name.EndsWith(ending, StringComparison.Ordinal))
                return false;
        }
        return true;
    }

    private static bool IsSourceFolder(ReadOnlySpan<char> name)
    {
        if (name.StartsWith('.'))
            return false;
        foreach (var folder in LeftOut)
        {
            if (name.Equals(folder, StringComparison.Ordinal))
                return false;
        }
        return true;
    }
}
