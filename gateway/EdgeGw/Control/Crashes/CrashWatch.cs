using System.Globalization;
using EdgeGw.Configuration;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Epochs;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Supervision;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Crashes;

/// <summary>Finds out what killed a worker, keeps the report, and takes a version that does it too often out of service. What has to be known before the next worker starts takes
/// a fraction of a millisecond and no disk; the rest follows beside that start.</summary>
internal sealed class CrashWatch(CrashSettings settings, CrashStore store, EpochStore epochs, ControlLog log, TimeProvider clock)
{
    private static readonly TimeSpan s_lastWords = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly QuarantineRule _rule = new(settings);
    private readonly List<EpochQuarantine> _pending = [];
    private Task _finishing = Task.CompletedTask;

    /// <summary>Crashes and quarantines since control's start.</summary>
    internal CrashCounts Counts { get; } = new();

    /// <summary>Makes the epoch in which a version is not run any more; gives what was done in a sentence.</summary>
    internal Func<EpochQuarantine, Task<string>>? Quarantine { get; set; }

    /// <summary>Where the library with a SHA-256 is; null when it is not kept.</summary>
    internal Func<string, string?> LibraryOf { get; set; } = static _ => null;

    /// <summary>Versions that the next worker must leave out although the desired epoch still has them: the epoch without them is being made.</summary>
    internal IReadOnlyList<EpochQuarantine> LeftOut
    {
        get
        {
            lock (_lock)
            {
                _pending.RemoveAll(entry => epochs.Current is not { } current || current.Handlers.All(handler => handler.Name != entry.Name || handler.Sha256 != entry.Sha256)
                    || EpochHistory.IsOverruled(epochs.History, entry));
                return [.. _pending];
            }
        }
    }

    /// <summary>Ends when what follows from the deaths until now has been done and kept.</summary>
    internal Task SettledAsync()
    {
        lock (_lock)
        {
            return _finishing;
        }
    }

    /// <summary>A worker has died that was not meant to. True when it counts against a version: the rule bounds how often that can be, and nothing speaks against starting the next at once.</summary>
    internal bool Died(WorkerInstance worker, int exitCode, bool atBoot)
    {
        var report = CrashReporter.Make(store.NextId(), worker, exitCode, Look(worker), clock.GetUtcNow());
        EpochQuarantine? verdict;
        lock (_lock)
        {
            verdict = _rule.Judge(report, store.All, epochs.History, atBoot);
            store.Remember(report);
            if (verdict is not null)
            {
                _pending.Add(verdict);
            }
        }
        Counts.Crashed(report.Blamed);
        Finish(worker, report, verdict);
        return report.Blamed is not null || (report.Suspects.Count > 0 && !report.CountsAgainstNobody);
    }

    /// <summary>A worker has died whose version is judged by somebody else: the report is kept, and nothing follows from it here.</summary>
    internal CrashReport Note(WorkerInstance worker, int exitCode)
    {
        var report = CrashReporter.Make(store.NextId(), worker, exitCode, Look(worker), clock.GetUtcNow());
        lock (_lock)
        {
            store.Remember(report);
        }
        Counts.Crashed(report.Blamed);
        Finish(worker, report, null);
        return report;
    }

    private void Finish(WorkerInstance worker, CrashReport report, EpochQuarantine? verdict)
    {
        lock (_lock)
        {
            var next = Task.Run(() => FinishAsync(worker, report, verdict));
            _finishing = _finishing.IsCompleted ? next : Task.WhenAll(_finishing, next);
        }
    }

    private CrashSnapshot Look(WorkerInstance worker)
    {
        try
        {
            return worker.WhenSevered ?? worker.WhenLate ?? worker.Channels?.Calls.Read() ?? CrashSnapshot.Empty;
        }
        catch (Exception e)
        {
            // Whatever a dying worker has left there: control goes on without it.
            log.Warning($"What worker {worker.Id} was at when it died cannot be read: {e.Message}");
            return CrashSnapshot.Empty;
        }
    }

    private async Task FinishAsync(WorkerInstance worker, CrashReport report, EpochQuarantine? verdict)
    {
        log.Error(string.Create(CultureInfo.InvariantCulture, $"Crash {report.Id}: {report.Cause} {Who(report)} 'edgegw crashes {report.Id}' shows the report."));
        // First what helps the handler's clients, then what helps its author.
        var action = verdict is null ? null : await QuarantineAsync(verdict);
        await Task.WhenAny(worker.Channels?.Errors.Ended ?? Task.CompletedTask, Task.Delay(s_lastWords, clock));
        var words = worker.Channels?.Errors.Text ?? "";
        store.Keep(report with { NativeStack = CrashStack.Named(report.Frames, LibraryOf), StandardError = words, ManagedStack = CrashReporter.ManagedStack(words), Action = action });
    }

    private async Task<string> QuarantineAsync(EpochQuarantine verdict)
    {
        try
        {
            var done = await Quarantine!(verdict);
            Counts.Quarantined(verdict);
            lock (_lock)
            {
                _pending.Remove(verdict);
            }
            return done;
        }
        catch (Exception e) when (e is ChangeRefusedException or ObjectDisposedException)
        {
            // Workers go on leaving it out.
            return $"{verdict.Reason} It is left out of every worker, but no epoch could be made that says so: {e.Message}";
        }
    }

    private static string Who(CrashReport report) =>
        report.Blamed is { } blamed ? $"{blamed} did it ({CrashText.Of(blamed.Evidence)})."
        : report.Suspects.Count == 0 ? "No handler is suspected."
        : $"It is not known who did it; suspected: {string.Join(", ", report.Suspects.Take(5))}.";
}
