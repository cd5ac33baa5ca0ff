using System.Text.Json;

namespace EdgeGw.Scouting;

/// <summary>How a scout's report gets to the one who waits for it: a file that is whole or not there.</summary>
internal static class ReportFile
{
    /// <summary>The exit code of a scout that could not write its report; why not is its last line on standard error.</summary>
    internal const int NotWritable = 73;

    private const string Unfinished = ".part";

    /// <summary>Writes a report, over the one before.</summary>
    internal static void Write(string path, ScoutReport report)
    {
        File.WriteAllBytes(path + Unfinished, JsonSerializer.SerializeToUtf8Bytes(report, ScoutJson.Default.ScoutReport));
        File.Move(path + Unfinished, path, overwrite: true);
    }

    /// <summary>What was written last; null when nothing was.</summary>
    internal static ScoutReport? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ScoutJson.Default.ScoutReport);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null; // a process that died while or before writing it
        }
    }

    /// <summary>Removes it, finished or not.</summary>
    internal static void Remove(string path)
    {
        File.Delete(path);
        File.Delete(path + Unfinished);
    }
}
