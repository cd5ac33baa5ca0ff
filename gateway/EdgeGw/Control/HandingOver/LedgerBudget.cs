using System.Globalization;
using EdgeGw.Configuration;
using EdgeGw.Worker;

namespace EdgeGw.Control.HandingOver;

/// <summary>What a worker holds that a fresh one would not, against <see cref="LedgerSettings"/>.</summary>
internal static class LedgerBudget
{
    /// <summary>Which part of the budget the worker has passed, for the log; null while it is within.</summary>
    internal static string? Exceeded(WorkerStatus status, LedgerSettings budget)
    {
        var (versions, bytes, threads) = (0, 0L, 0);
        // One library may serve under several deployments: it is counted once, and not while one of them is live.
        var counted = status.Versions.Where(version => version.State == "live").Select(version => version.Library).OfType<int>().ToHashSet();
        foreach (var version in status.Versions.Where(IsLeftOver))
        {
            versions++;
            if (version.Library is not { } library || counted.Add(library))
            {
                // What it has put on its heap since it was loaded stays as well.
                bytes += Math.Max(0, Math.Max(version.RssBytes, version.Usage?.HeapBytes ?? 0));
                threads += Math.Max(0, version.Threads);
            }
        }
        var worker = budget.WorkerBytes > 0 ? budget.WorkerBytes : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
        return status.LoadsBlockedBy is { } blocking ? $"it can load no library any more, since {blocking} does not come out of being loaded"
            : versions > budget.Versions ? Sentence($"{versions} replaced versions", "Ledger:Versions", budget.Versions)
            : bytes > budget.Bytes ? Sentence($"{bytes} bytes of replaced versions", "Ledger:Bytes", budget.Bytes)
            : threads > budget.Threads ? Sentence($"{threads} threads of replaced versions", "Ledger:Threads", budget.Threads)
            : status.LostThreads > budget.LostThreads ? Sentence($"{status.LostThreads} lost threads", "Ledger:LostThreads", budget.LostThreads)
            : versions > 0 && status.PrivateBytes > worker ? Sentence($"{status.PrivateBytes} bytes in all and {versions} replaced versions", "Ledger:WorkerBytes", worker)
            : null;
    }

    // Loaded, or tried to be, and not in use: replaced, quarantined, or of an epoch that was refused. What the epoch in force could not load, a fresh worker would try as well.
    private static bool IsLeftOver(WorkerVersion version) =>
        version.State switch
        {
            "live" => false,
            "failed" => !version.InForce,
            _ => version.LoadedAt is not null,
        };

    private static string Sentence(string what, string key, long bound) => string.Create(CultureInfo.InvariantCulture, $"it holds {what}, more than {bound} ({key})");
}
