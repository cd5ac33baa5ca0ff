using System.Globalization;
using EdgeGw.Control.Changes;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Epochs;

/// <summary>Makes the next epoch from the kept ones. Pure: nothing is written here.</summary>
internal static class EpochHistory
{
    // One for each handler is what there is; more than that have been superseded.
    private const int MaxQuarantined = 1_000;

    /// <summary>The current content with one handler added or replaced.</summary>
    internal static EpochConfig Deploy(EpochStore store, EpochHandler handler, DateTimeOffset now) => new()
    {
        Number = store.NextNumber,
        Parent = store.Current?.Number ?? 0,
        Created = now,
        Action = "deploy",
        Reason = $"deploy {handler.Name} {handler.Version}",
        Handlers = With(store.Current?.Handlers ?? [], handler),
        Services = store.Current?.Services ?? [],
        Canaries = store.Current?.Canaries ?? [],
        // Other bytes are another version, and who deploys the same by force wants them.
        Quarantine = [.. (store.Current?.Quarantine ?? []).Where(entry => entry.Name != handler.Name)],
    };

    /// <summary>The current content without one handler.</summary>
    internal static EpochConfig Undeploy(EpochStore store, string name, DateTimeOffset now)
    {
        if (store.Current is not { } current || current.Handlers.All(h => h.Name != name))
        {
            throw new ChangeRefusedException(404, $"No handler '{name}' is deployed.");
        }
        return new EpochConfig
        {
            Number = store.NextNumber,
            Parent = current.Number,
            Created = now,
            Action = "undeploy",
            Reason = $"undeploy {name}",
            Handlers = [.. current.Handlers.Where(h => h.Name != name)],
            Services = current.Services,
            Canaries = Without(current.Canaries, name),
            Quarantine = current.Quarantine,
        };
    }

    /// <summary>The content of the epoch that the current one was made from.</summary>
    internal static EpochConfig RollBack(EpochStore store, DateTimeOffset now)
    {
        if (store.Current is not { } current)
        {
            throw NothingBefore("nothing was deployed yet");
        }
        if (current.Parent == 0)
        {
            throw NothingBefore($"epoch {current.Number} is the first; undeploy the handler or remove the service to take it away");
        }
        return Restore(store, Find(store, current.Parent) ?? throw NothingBefore($"epoch {current.Parent} is not kept any more"), now);
    }

    /// <summary>The content of a numbered epoch.</summary>
    internal static EpochConfig RollBackTo(EpochStore store, long number, DateTimeOffset now)
    {
        var target = Find(store, number) ?? throw new ChangeRefusedException(404, $"There is no epoch {number} in the history.");
        return target.Number == store.Current!.Number
            ? throw NothingBefore($"epoch {number} is the current one")
            : Restore(store, target, now);
    }

    /// <summary>One handler as it was before its last deploy; the others and the services stay. Repeated, it walks further back.</summary>
    internal static EpochConfig RollBackHandler(EpochStore store, string name, DateTimeOffset now)
    {
        var versions = VersionsOf(store.History, name);
        if (versions.Count == 0)
        {
            throw new ChangeRefusedException(404, $"No handler '{name}' is in the history.");
        }
        if (versions is not [.., { } earlier, _])
        {
            throw NothingBefore($"the history has no version of '{name}' before the current one");
        }
        var current = store.Current!;
        Allow(current, [earlier]);
        return Shortened(store, new EpochConfig
        {
            Number = store.NextNumber,
            Parent = current.Number,
            Created = now,
            Action = "rollback",
            Reason = $"roll back {name} to {earlier.Version} ({earlier.Sha256[..8]})",
            Handlers = With(current.Handlers, earlier),
            Services = current.Services,
            Canaries = Without(current.Canaries, name),
            Quarantine = current.Quarantine,
        });
    }

    /// <summary>The current content with one handler as it once was deployed; null when it is deployed like that now.</summary>
    internal static EpochConfig? Return(EpochStore store, EpochHandler handler, string action, string reason, DateTimeOffset now)
    {
        if (store.Current is not { } current)
        {
            return Deploy(store, handler, now) with { Action = action, Reason = reason };
        }
        if (current.QuarantineOf(handler) is { } quarantine)
        {
            throw new ChangeRefusedException(409, $"{quarantine.Reason} To run it all the same, deploy it again with --force.");
        }
        return current.Handlers.Any(known => EpochRules.SameDeployment(known, handler))
            ? null
            : Shortened(store, Deploy(store, handler, now) with { Action = action, Reason = reason, Quarantine = current.Quarantine });
    }

    /// <summary>The current content with a version put out of service: its handler as it was before, in a version that is not quarantined, or answering 503 when there is none
    /// (<paramref name="goBack"/> is false, or nothing was before). Null when the version is not in service, or was deployed anew since.</summary>
    internal static EpochConfig? Quarantine(EpochStore store, EpochQuarantine entry, bool goBack, DateTimeOffset now)
    {
        if (store.Current is not { } current || current.Handlers.FirstOrDefault(h => h.Name == entry.Name && h.Sha256 == entry.Sha256) is not { } culprit
            || current.QuarantineOf(culprit) is not null || IsOverruled(store.History, entry))
        {
            return null;
        }
        var next = new EpochConfig
        {
            Number = store.NextNumber,
            Parent = current.Number,
            Created = now,
            Action = "quarantine",
            Reason = entry.Reason,
            Handlers = current.Handlers,
            Services = current.Services,
            Canaries = [.. current.Canaries.Where(canary => canary.Handler.Name != entry.Name || canary.Handler.Sha256 != entry.Sha256)],
            Quarantine = [.. current.Quarantine.Where(known => known.Name != entry.Name || known.Sha256 != entry.Sha256).TakeLast(MaxQuarantined - 1), entry],
        };
        var earlier = VersionsOf(store.History, entry.Name).AsEnumerable().Reverse().TakeWhile(version => version is not null)
            .FirstOrDefault(version => next.QuarantineOf(version!) is null);
        return !goBack || earlier is null ? next : Shortened(store, next with
        {
            Reason = $"{entry.Reason[..^1]}; back to {earlier.Version} ({earlier.Sha256[..8]}).",
            Handlers = With(current.Handlers, earlier),
        });
    }

    /// <summary>Whether the handler was deployed after it was found that a version is to be taken out of service: that is somebody's will, and the newer one. Deploys of others change nothing.</summary>
    internal static bool IsOverruled(IReadOnlyList<EpochConfig> history, EpochQuarantine entry)
    {
        for (var i = history.Count - 1; i >= 0 && history[i].Created > entry.Since; i--)
        {
            if (history[i] is { Action: "deploy" or "apply" or "promote" } epoch && epoch.Handlers.FirstOrDefault(known => known.Name == entry.Name) is { } handler && epoch.QuarantineOf(handler) is null
                && (i == 0 || history[i - 1].QuarantineOf(handler) is not null || !PlanHistory.IsDeployed(history[i - 1], handler)))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>When this is just what an ancestor held, it is a rollback to that one, and the next rollback goes on from there.</summary>
    internal static EpochConfig Shortened(EpochStore store, EpochConfig next) =>
        Ancestors(store, store.Current!).FirstOrDefault(epoch => EpochRules.SameContent(epoch, next)) is { } same ? next with { Parent = same.Parent, Restores = same.Number } : next;

    private static void Allow(EpochConfig current, IEnumerable<EpochHandler> restored)
    {
        if (restored.FirstOrDefault(handler => current.QuarantineOf(handler) is not null && current.Handlers.All(h => h.Name != handler.Name || h.Sha256 != handler.Sha256)) is { } handler)
        {
            throw new ChangeRefusedException(409, $"{current.QuarantineOf(handler)!.Reason} To run it all the same, deploy it again with --force.");
        }
    }

    private static EpochConfig Restore(EpochStore store, EpochConfig target, DateTimeOffset now)
    {
        Allow(store.Current!, target.Handlers);
        return RestoreAllowed(store, target, now);
    }

    private static EpochConfig RestoreAllowed(EpochStore store, EpochConfig target, DateTimeOffset now) => new()
    {
        Number = store.NextNumber,
        Parent = target.Parent,
        Restores = target.Number,
        Created = now,
        Action = "rollback",
        Reason = string.Create(CultureInfo.InvariantCulture, $"roll back to epoch {target.Number} ({target.Reason})"),
        Handlers = target.Handlers,
        Services = target.Services,
        Quarantine = store.Current!.Quarantine,
    };

    // Every state of one handler that a rollback can go back through, the current one last; null is "not deployed". A rollback takes the states
    // after its target away, so that the next one does not come back to them.
    private static List<EpochHandler?> VersionsOf(IReadOnlyList<EpochConfig> history, string name)
    {
        var versions = new List<EpochHandler?>();
        foreach (var epoch in history)
        {
            var state = epoch.Handlers.FirstOrDefault(h => h.Name == name);
            if (versions.Count == 0 ? state is null : Same(versions[^1], state))
            {
                continue;
            }
            var earlier = epoch.Action is "rollback" or "quarantine" ? versions.FindLastIndex(v => Same(v, state)) : -1;
            if (earlier >= 0)
            {
                versions.RemoveRange(earlier + 1, versions.Count - earlier - 1);
            }
            else
            {
                versions.Add(state);
            }
        }
        return versions;
    }

    private static bool Same(EpochHandler? a, EpochHandler? b) => a is null || b is null ? a is null && b is null : EpochRules.SameDeployment(a, b);

    /// <summary>The epochs that one was made from, the nearest first, as far as they are kept.</summary>
    internal static IEnumerable<EpochConfig> Ancestors(EpochStore store, EpochConfig epoch)
    {
        for (var next = Find(store, epoch.Parent); next is not null; next = Find(store, next.Parent))
        {
            yield return next;
        }
    }

    private static EpochConfig? Find(EpochStore store, long number) => store.History.FirstOrDefault(epoch => epoch.Number == number);

    /// <summary>Handlers with one added or replaced.</summary>
    internal static EpochHandler[] With(IReadOnlyList<EpochHandler> handlers, EpochHandler handler) =>
        [.. handlers.Where(h => h.Name != handler.Name).Append(handler).OrderBy(h => h.Name, StringComparer.Ordinal)];

    /// <summary>Canaries without a handler's.</summary>
    internal static EpochCanary[] Without(IReadOnlyList<EpochCanary> canaries, string name) => [.. canaries.Where(canary => canary.Handler.Name != name)];

    private static ChangeRefusedException NothingBefore(string why) => new(409, $"There is nothing to roll back to: {why}.");
}
