using EdgeGw.Control.Epochs;
using EdgeGw.Control.Supervision;
using EdgeGw.Epochs;
using EdgeGw.Worker;

namespace EdgeGw.Control.Catalog;

/// <summary>What is desired and what serves, at one moment.</summary>
internal sealed class ServingNow
{
    private ServingNow(IReadOnlyList<EpochConfig> history, WorkerStatus? worker)
    {
        Epoch = history is [.., var current] ? current : null;
        Handlers = (Epoch?.Handlers ?? []).ToDictionary(handler => handler.Name);
        Since = SinceWhen(history);
        HasWorker = worker is not null;
        Versions = (worker?.Versions ?? []).ToLookup(version => version.Handler);
    }

    /// <summary>The desired epoch; null before the first.</summary>
    internal EpochConfig? Epoch { get; }

    /// <summary>Its handlers, by name.</summary>
    internal IReadOnlyDictionary<string, EpochHandler> Handlers { get; }

    /// <summary>The epoch since which each of them is deployed as it is now, as far back as epochs are kept.</summary>
    internal IReadOnlyDictionary<string, EpochConfig> Since { get; }

    /// <summary>Whether a worker is in service and answers.</summary>
    internal bool HasWorker { get; }

    /// <summary>Its ledger, by handler.</summary>
    internal ILookup<string, WorkerVersion> Versions { get; }

    /// <summary>Looks.</summary>
    internal static async Task<ServingNow> AskAsync(EpochStore epochs, WorkerSupervisor workers, CancellationToken cancellation) =>
        Of(epochs.History, workers.InService is { } worker ? await worker.Client.StatusAsync(cancellation) : null);

    /// <summary>From what is known.</summary>
    internal static ServingNow Of(IReadOnlyList<EpochConfig> history, WorkerStatus? worker) => new(history, worker);

    private static Dictionary<string, EpochConfig> SinceWhen(IReadOnlyList<EpochConfig> history)
    {
        var since = new Dictionary<string, EpochConfig>();
        var same = history is [.., var current] ? [.. current.Handlers] : new List<EpochHandler>();
        for (var i = history.Count - 1; i >= 0 && same.Count > 0; i--)
        {
            var earlier = history[i].Handlers.ToDictionary(handler => handler.Name);
            same.RemoveAll(handler => !earlier.TryGetValue(handler.Name, out var before) || !EpochRules.SameDeployment(before, handler));
            foreach (var handler in same)
            {
                since[handler.Name] = history[i];
            }
        }
        return since;
    }
}
