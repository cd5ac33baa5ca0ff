using System.Globalization;
using System.Text.Json;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Storage;
using EdgeGw.Control.Supervision;

namespace EdgeGw.Control.Crashes;

/// <summary>The crash reports on disk, the newest few. Any thread.</summary>
internal sealed class CrashStore
{
    private readonly Lock _lock = new();
    private readonly string _folder;
    private readonly int _keep;
    private readonly ControlLog _log;
    private readonly List<CrashReport> _reports = [];
    private readonly List<CrashReport> _unfinished = [];
    private long _highest;

    /// <summary>Reads what the folder holds. A report that cannot be read is no reason not to start: it is removed.</summary>
    internal CrashStore(string folder, int keep, ControlLog log)
    {
        (_folder, _keep, _log) = (folder, keep, log);
        foreach (var path in Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            _highest = Math.Max(_highest, long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0);
            try
            {
                _reports.Add(JsonSerializer.Deserialize(File.ReadAllBytes(path), CrashJson.Default.CrashReport)!);
            }
            catch (JsonException e)
            {
                log.Warning($"The crash report '{path}' cannot be read and is removed: {e.Message}");
                File.Delete(path);
            }
        }
    }

    /// <summary>All that are known, those that are not finished last.</summary>
    internal IReadOnlyList<CrashReport> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _reports, .. _unfinished];
            }
        }
    }

    /// <summary>Told of each report that is finished.</summary>
    internal Action<CrashReport>? Kept { get; set; }

    /// <summary>A number that no report ever had.</summary>
    internal long NextId() => Interlocked.Increment(ref _highest);

    /// <summary>Has a report at hand that is not finished: what comes next is judged by it.</summary>
    internal void Remember(CrashReport report)
    {
        lock (_lock)
        {
            _unfinished.Add(report);
        }
    }

    /// <summary>Keeps a report, and forgets the oldest. When the disk takes it not, it is kept in memory.</summary>
    internal void Keep(CrashReport report)
    {
        lock (_lock)
        {
            _unfinished.RemoveAll(known => known.Id == report.Id);
            _reports.Add(report);
            try
            {
                RunFile.Write(PathOf(report.Id), JsonSerializer.SerializeToUtf8Bytes(report, CrashJson.Default.CrashReport));
                while (_reports.Count > _keep)
                {
                    File.Delete(PathOf(_reports[0].Id));
                    _reports.RemoveAt(0);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _log.Warning($"Crash report {report.Id} cannot be written: {Files.Reason(e)}.");
            }
        }
        Kept?.Invoke(report);
    }

    private string PathOf(long id) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{id:d10}.json"));
}
