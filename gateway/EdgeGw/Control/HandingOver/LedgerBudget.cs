using System.Globalization;
using EdgeGw.Configuration;
using EdgeGw.Worker;

namespace EdgeGw.Control.HandingOver;

/// <summary>What the replaced versions of a worker cost, against <see cref="LedgerSettings"/>.</summary>
internal static class LedgerBudget
{
    /// <summary>Which part of the budget the worker has passed, for the log; null while it is within.</summary>
    internal static string? Exceeded(WorkerStatus status, LedgerSettings budget)
    {
        var (versions, bytes, threads) = (0, 0L, 0);
        foreach (var version in status.Versions)
        {
            if (version.State is "draining" or "retired")
            {
                versions++;
                bytes += Math.Max(0, version.RssBytes);
                threads += Math.Max(0, version.Threads);
            }
        }
        return status.LoadsBlockedBy is { } library ? $"it can load no library any more, since {library} does not come out of being loaded"
            : versions > budget.Versions ? Sentence($"{versions} replaced versions", "Ledger:Versions", budget.Versions)
            : bytes > budget.Bytes ? Sentence($"{bytes} bytes of replaced versions", "Ledger:Bytes", budget.Bytes)
            : threads > budget.Threads ? Sentence($"{threads} threads of replaced versions", "Ledger:Threads", budget.Threads)
            : status.LostThreads > budget.LostThreads ? Sentence($"{status.LostThreads} lost threads", "Ledger:LostThreads", budget.LostThreads)
            : null;
    }

    private static string Sentence(string what, string key, long bound) => string.Create(CultureInfo.InvariantCulture, $"it holds {what}, more than {bound} ({key})");
}
