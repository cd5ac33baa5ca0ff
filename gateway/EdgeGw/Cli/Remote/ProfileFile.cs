using System.CommandLine.Completions;
using System.Text.Json;

namespace EdgeGw.Cli.Remote;

/// <summary><c>profiles.json</c> in the user's configuration folder, mode 0600: it has keys in it.</summary>
internal sealed class ProfileFile(IReadOnlyDictionary<string, string> environment)
{
    /// <summary>The profile that is used when nothing else says where the gateway is.</summary>
    public const string Default = "default";

    /// <summary><c>$XDG_CONFIG_HOME/edgegw/profiles.json</c>, else below <c>~/.config</c>.</summary>
    public string Path { get; } = System.IO.Path.Combine(
        environment.GetValueOrDefault("XDG_CONFIG_HOME") is { Length: > 0 } folder && System.IO.Path.IsPathRooted(folder) ? folder : System.IO.Path.Combine(environment.GetValueOrDefault("HOME") ?? "/", ".config"),
        "edgegw", "profiles.json");

    /// <summary>Their names, for completion; none when the file cannot be read.</summary>
    public IEnumerable<CompletionItem> Names()
    {
        try
        {
            return [.. Read().Keys.Select(name => new CompletionItem(name))];
        }
        catch (CliException)
        {
            return [];
        }
    }

    /// <summary>All of them, by name. Throws <see cref="CliException"/>.</summary>
    public SortedDictionary<string, Profile> Read()
    {
        try
        {
            return File.Exists(Path) ? JsonSerializer.Deserialize(File.ReadAllBytes(Path), ProfileJson.Default.SortedDictionaryStringProfile) ?? [] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new CliException(ExitCode.Failed, $"{Path} cannot be read: {e.Message}");
        }
    }

    /// <summary>Replaces the file as a whole. Throws <see cref="CliException"/>.</summary>
    public void Write(SortedDictionary<string, Profile> profiles)
    {
        var temporary = Path + ".tmp";
        try
        {
            var folder = System.IO.Path.GetDirectoryName(Path)!;
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.Delete(temporary); // one that is left of an interrupted write may have another mode
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(temporary, options))
                JsonSerializer.Serialize(file, profiles, ProfileJson.Default.SortedDictionaryStringProfile);
            File.Move(temporary, Path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Failed, $"{Path} cannot be written: {e.Message}");
        }
    }
}
