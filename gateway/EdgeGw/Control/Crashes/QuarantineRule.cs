using System.Globalization;
using EdgeGw.Configuration;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Crashes;

/// <summary>When a version has killed too many workers. Pure.</summary>
internal sealed class QuarantineRule(CrashSettings settings)
{
    /// <summary>The version to take out of service for a crash, or null.</summary>
    /// <param name="crash">The crash.</param>
    /// <param name="before">Earlier ones, oldest first.</param>
    /// <param name="history">The epochs, oldest first; the last one is desired.</param>
    /// <param name="atBoot">Whether the worker died before it served.</param>
    internal EpochQuarantine? Judge(CrashReport crash, IReadOnlyList<CrashReport> before, IReadOnlyList<EpochConfig> history, bool atBoot)
    {
        if (history is not [.., var desired])
        {
            return null;
        }
        var accused = Accused(crash).Select(suspect => (Suspect: suspect, Handler: desired.Handlers.FirstOrDefault(handler => handler.Name == suspect.Handler && handler.Sha256 == suspect.Sha256)))
            .Where(pair => pair.Handler is not null && desired.QuarantineOf(pair.Handler) is null)
            .Select(pair => (pair.Suspect, Handler: pair.Handler!, Deployed: Deployed(history, pair.Handler!))).ToList();
        if (crash.Blamed is not null && accused is [var only])
        {
            // One that has had a request died of that, however early: it was let in before control knew that the worker serves.
            if (atBoot && only.Suspect.Taken == 0)
            {
                return Entry(crash, only.Handler, $"it killed the worker when that was started (crash {crash.Id})");
            }
            if (only.Deployed is { } deployed && crash.Time - deployed < TimeSpan.FromSeconds(settings.ProbationSeconds))
            {
                return Entry(crash, only.Handler, string.Create(CultureInfo.InvariantCulture, $"it killed the worker {(crash.Time - deployed).TotalSeconds:0.0} s after its deploy (crash {crash.Id})"));
            }
            // Only in the worker into which it was deployed: how many it has had in all is not known to a later one.
            if (only.Deployed is { } came && crash.Time - TimeSpan.FromMilliseconds(crash.UptimeMs) <= came && only.Suspect.Taken <= settings.ProbationRequests)
            {
                return Entry(crash, only.Handler, $"it killed the worker at request {only.Suspect.Taken} after its deploy (crash {crash.Id})");
            }
        }
        var counts = accused.Select(pair => (pair.Handler, pair.Deployed, Count: 1 + before.Count(earlier =>
            crash.Time - earlier.Time < TimeSpan.FromSeconds(settings.WindowSeconds) && (pair.Deployed is null || earlier.Time >= pair.Deployed)
            && Accused(earlier).Any(suspect => suspect.Handler == pair.Handler.Name && suspect.Sha256 == pair.Handler.Sha256)))).OrderByDescending(pair => pair.Count).ToList();
        // Where nobody is known to have done it, the one who was always there.
        if (counts is not [var most, ..] || most.Count < settings.Limit)
        {
            return null;
        }
        if (counts.Count == 1 || counts[1].Count < most.Count)
        {
            return Entry(crash, most.Handler, string.Create(CultureInfo.InvariantCulture, $"it killed the worker {most.Count} times within {settings.WindowSeconds} s (crash {crash.Id})"));
        }
        // Several always were: after as many again the newest of them goes, for what ran well before it came is the less likely one. If it was not, the next is found the same way.
        var tied = counts.TakeWhile(pair => pair.Count == most.Count).ToList();
        var newest = tied.MaxBy(pair => pair.Deployed ?? DateTimeOffset.MinValue);
        return most.Count >= 2 * settings.Limit
            ? Entry(crash, newest.Handler, string.Create(CultureInfo.InvariantCulture, $"it was one of {tied.Count} that were at work each of the {most.Count} times that the worker died within {settings.WindowSeconds} s, and the newest of them (crash {crash.Id})"))
            : null;
    }

    // Those against whom a crash counts: the one who did it, else everybody who could have by the strongest evidence there is.
    private static IReadOnlyList<CrashSuspect> Accused(CrashReport crash) =>
        crash.Blamed is { } blamed ? [blamed] : crash.CountsAgainstNobody ? [] : CrashSuspects.Strongest(crash.Suspects);

    // When a version came into service by the deploy that is still in force; null when it came back by a rollback, or longer ago than the history goes.
    private static DateTimeOffset? Deployed(IReadOnlyList<EpochConfig> history, EpochHandler version)
    {
        DateTimeOffset? deployed = null;
        for (var i = history.Count - 1; i >= 0; i--)
        {
            var handler = history[i].Handlers.FirstOrDefault(handler => handler.Name == version.Name);
            if (handler?.Sha256 != version.Sha256 || history[i].QuarantineOf(handler) is not null)
            {
                break;
            }
            deployed = history[i].Action is "deploy" or "apply" or "promote" ? history[i].Created : null;
        }
        return deployed;
    }

    private static EpochQuarantine Entry(CrashReport crash, EpochHandler handler, string why) => new()
    {
        Name = handler.Name,
        Version = handler.Version,
        Sha256 = handler.Sha256,
        Reason = $"{handler.Name} {handler.Version} is quarantined: {why}.",
        Crash = crash.Id,
        Since = crash.Time,
    };
}
