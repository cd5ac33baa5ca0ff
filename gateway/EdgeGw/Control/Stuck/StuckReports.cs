using System.Globalization;
using System.Text.Json;
using EdgeGw.Control.Observability;

namespace EdgeGw.Control.Stuck;

/// <summary>Reports of stuck calls, a file each in the state directory; the oldest go when there are too many.</summary>
internal sealed class StuckReports(string folder, int keep, ControlLog log)
{
    /// <summary>Keeps one. A report that cannot be written has been logged all the same.</summary>
    internal void Add(StuckReport report, int number)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var name = string.Create(CultureInfo.InvariantCulture, $"{report.Time.UtcDateTime:yyyyMMdd'T'HHmmss'.'fff}-{report.WorkerPid}-{number}.json");
            File.WriteAllBytes(Path.Combine(folder, name), JsonSerializer.SerializeToUtf8Bytes(report, StuckReportJson.Default.StuckReport));
            foreach (var old in Files().Skip(keep))
            {
                File.Delete(old);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Warning($"The report of a stuck call cannot be written to '{folder}': {Storage.Files.Reason(e)}.");
        }
    }

    /// <summary>The newest first.</summary>
    internal IReadOnlyList<StuckReport> Read(int most)
    {
        var reports = new List<StuckReport>();
        foreach (var path in Files().Take(most))
        {
            try
            {
                if (JsonSerializer.Deserialize(File.ReadAllBytes(path), StuckReportJson.Default.StuckReport) is { } report)
                {
                    reports.Add(report);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
            {
                log.Warning($"The report '{path}' cannot be read: {e.Message}");
            }
        }
        return reports;
    }

    // Names begin with the time.
    private IEnumerable<string> Files() => Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json").OrderDescending(StringComparer.Ordinal) : [];
}
