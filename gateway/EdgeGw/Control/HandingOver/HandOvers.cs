using System.Collections.Concurrent;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Isolation;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Supervision;

namespace EdgeGw.Control.HandingOver;

/// <summary>Puts a fresh worker in the place of the one in service, for whatever reason, and counts it. It takes its turn among the changes of the desired state, so that each of the two workers
/// has whole epochs only.</summary>
internal sealed class HandOvers(EpochChanges changes, WorkerSupervisor workers, IsolatedWorkers isolated, ControlLog log)
{
    private readonly ConcurrentDictionary<(string Reason, string Outcome), long> _counts = new();

    /// <summary>Hand-overs by reason (<c>ledger</c>, <c>reload</c>, <c>upgrade</c>) and outcome (<c>made</c>, <c>failed</c>).</summary>
    internal IEnumerable<KeyValuePair<(string Reason, string Outcome), long>> Counts => _counts.OrderBy(pair => pair.Key);

    /// <summary>Hand-overs made.</summary>
    internal long Made => _counts.Where(pair => pair.Key.Outcome == "made").Sum(pair => pair.Value);

    /// <summary>Hands over to a worker of <paramref name="program"/>. Null when it is done, else why not, in a sentence: the worker before serves on.</summary>
    internal Task<string?> RunAsync(string reason, EdgeGwCommand program, CancellationToken cancellation) =>
        changes.InTurnAsync(() => RunInTurnAsync(reason, program), cancellation);

    /// <summary>The same for a caller that has its turn already.</summary>
    internal async Task<string?> RunInTurnAsync(string reason, EdgeGwCommand program)
    {
        var failure = await workers.ReplaceAsync(program);
        _counts.AddOrUpdate((reason, failure is null ? "made" : "failed"), 1, (_, count) => count + 1);
        if (failure is not null)
        {
            log.Error($"The worker was not replaced ({reason}): {failure}");
        }
        else if (reason == "reload")
        {
            // They have settings too. After an upgrade the program that comes starts its own.
            await isolated.ReplaceAllAsync();
        }
        return failure;
    }

    /// <summary>Runs in turn with the changes.</summary>
    internal Task<T> InTurnAsync<T>(Func<Task<T>> run, CancellationToken cancellation) => changes.InTurnAsync(run, cancellation);
}
