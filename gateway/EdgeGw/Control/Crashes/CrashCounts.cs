using System.Collections.Concurrent;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Crashes;

/// <summary>Crashes and quarantines by handler and version, for the metrics. Any thread.</summary>
internal sealed class CrashCounts
{
    // Versions come and go; series stay. Beyond this many they are counted together.
    private const int MaxSeries = 1_000;

    private readonly ConcurrentDictionary<(string Handler, string Version), long> _crashes = new();
    private readonly ConcurrentDictionary<(string Handler, string Version), long> _quarantines = new();

    /// <summary>Crashes; without a name those that nobody was blamed for.</summary>
    internal IEnumerable<KeyValuePair<(string Handler, string Version), long>> Crashes => _crashes.OrderBy(pair => pair.Key);

    /// <summary>Quarantines.</summary>
    internal IEnumerable<KeyValuePair<(string Handler, string Version), long>> Quarantines => _quarantines.OrderBy(pair => pair.Key);

    internal void Crashed(CrashSuspect? blamed) => Add(_crashes, (blamed?.Handler ?? "", blamed?.Version ?? ""));

    internal void Quarantined(EpochQuarantine entry) => Add(_quarantines, (entry.Name, entry.Version));

    private static void Add(ConcurrentDictionary<(string Handler, string Version), long> counts, (string Handler, string Version) key) =>
        counts.AddOrUpdate(counts.Count < MaxSeries || counts.ContainsKey(key) ? key : ("other", ""), 1, (_, count) => count + 1);
}
