using System.Text;
using EdgeGw.Cli.Output;
using EdgeGw.Epochs;

namespace EdgeGw.Cli.Services;

/// <summary>A folder of numbered SQL files.</summary>
internal static class MigrationFolder
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads every migration, in order. Throws with every reason when the folder is not what docs/services.md says.</summary>
    public static IReadOnlyList<Migration> Read(string folder)
    {
        var reasons = new List<string>();
        var migrations = new List<Migration>();
        long characters = 0;
        // In any case of letters: a file that was meant and is left out would be worse than one that is refused.
        foreach (var file in Files(folder).Where(file => file.EndsWith(".sql", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal))
        {
            if (characters > MigrationRules.MaxCharacters || migrations.Count > MigrationRules.MaxCount)
                break;
            var name = Path.GetFileName(file);
            var (sql, error) = ReadFile(file);
            if (error is not null)
                reasons.Add($"{Printable.Escape(name)} {error}");
            characters += sql.Length;
            migrations.Add(new Migration(name, sql));
        }
        // What was not read would be called empty as well.
        if (reasons.Count == 0)
            reasons.AddRange(MigrationRules.Faults(migrations).Select(Printable.Escape));
        return reasons.Count == 0 ? migrations : throw new CliException(ExitCode.Failed, $"the migrations in {Printable.Escape(folder)} cannot be applied; none was", reasons);
    }

    private static string[] Files(string folder)
    {
        try
        {
            return Directory.GetFiles(folder);
        }
        catch (DirectoryNotFoundException)
        {
            throw new CliException(ExitCode.Failed, $"there is no folder {Printable.Escape(folder)}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Failed, $"the folder {Printable.Escape(folder)} cannot be read: {Printable.Escape(e.Message)}");
        }
    }

    private static (string Sql, string? Error) ReadFile(string file)
    {
        try
        {
            if (new FileInfo(file).Length > 4L * MigrationRules.MaxCharacters)
                return ("", $"is larger than all migrations together may be ({MigrationRules.MaxCharacters} characters)");
            var text = Strict.GetString(File.ReadAllBytes(file));
            return (text.StartsWith('\ufeff') ? text[1..] : text, null);
        }
        catch (DecoderFallbackException)
        {
            return ("", "is not UTF-8 text");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ("", $"cannot be read: {Printable.Escape(e.Message)}");
        }
    }
}
