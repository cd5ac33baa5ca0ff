using System.Globalization;
using EdgeGw.Control.Changes;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Epochs;

/// <summary>Makes the next epoch from the kept ones. Pure: nothing is written here.</summary>
internal static class EpochHistory
{
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
        return versions is [.., { } earlier, _] ? GoBack(store, earlier, now) : throw NothingBefore($"the history has no version of '{name}' before the current one");
    }

    /// <summary>One handler out of service: as it was before its last deploy, or, with nothing before or not <paramref name="toEarlier"/>, answering 503 with the reason. Null when the library
    /// is not the one in force any more.</summary>
    internal static EpochConfig? TakeOut(EpochStore store, string name, string sha256, string reason, bool toEarlier, DateTimeOffset now)
    {
        if (store.Current is not { } current || current.Handlers.FirstOrDefault(h => h.Name == name && h.Sha256 == sha256 && h.Quarantine is null) is not { } handler)
        {
            return null;
        }
        // The same library under other settings would do the same again.
        if (toEarlier && VersionsOf(store.History, name).FindLast(version => version?.Sha256 != sha256) is { } earlier)
        {
            var next = GoBack(store, earlier, now);
            return next with { Action = "poisoned", Reason = $"{next.Reason}: {reason}" };
        }
        return new EpochConfig
        {
            Number = store.NextNumber,
            Parent = current.Number,
            Created = now,
            Action = "poisoned",
            Reason = reason,
            Handlers = With(current.Handlers, handler with { Quarantine = reason }),
            Services = current.Services,
        };
    }

    private static EpochConfig GoBack(EpochStore store, EpochHandler earlier, DateTimeOffset now)
    {
        var current = store.Current!;
        var next = new EpochConfig
        {
            Number = store.NextNumber,
            Parent = current.Number,
            Created = now,
            Action = "rollback",
            Reason = $"roll back {earlier.Name} to {earlier.Version} ({earlier.Sha256[..8]})",
            Handlers = With(current.Handlers, earlier),
            Services = current.Services,
        };

        // When this is just what an ancestor held, it is a rollback to that one, and the next rollback goes on from there.
        return Ancestors(store, current).FirstOrDefault(epoch => EpochRules.SameContent(epoch, next)) is { } same
            ? next with { Parent = same.Parent, Restores = same.Number }
            : next;
    }

    private static EpochConfig Restore(EpochStore store, EpochConfig target, DateTimeOffset now) => new()
    {
        Number = store.NextNumber,
        Parent = target.Parent,
        Restores = target.Number,
        Created = now,
        Action = "rollback",
        Reason = string.Create(CultureInfo.InvariantCulture, $"roll back to epoch {target.Number} ({target.Reason})"),
        Handlers = target.Handlers,
        Services = target.Services,
    };

    // Every state of one handler that a rollback can go back through, the current one last; null is "not deployed". A rollback takes the states
    // after its target away, so that the next one does not come back to them.
    private static List<EpochHandler?> VersionsOf(IReadOnlyList<EpochConfig> history, string name)
    {
        var versions = new List<EpochHandler?>();
        foreach (var epoch in history)
        {
            var state = epoch.Handlers.FirstOrDefault(h => h.Name == name);
            if (state is { Quarantine: not null })
            {
                // What was taken out of service is no state to go back to.
                versions.RemoveAll(version => version?.Sha256 == state.Sha256);
                continue;
            }
            if (versions.Count == 0 ? state is null : Same(versions[^1], state))
            {
                continue;
            }
            var earlier = epoch.Action is "rollback" or "poisoned" ? versions.FindLastIndex(v => Same(v, state)) : -1;
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

    private static IEnumerable<EpochConfig> Ancestors(EpochStore store, EpochConfig epoch)
    {
        for (var next = Find(store, epoch.Parent); next is not null; next = Find(store, next.Parent))
        {
            yield return next;
        }
    }

    private static EpochConfig? Find(EpochStore store, long number) => store.History.FirstOrDefault(epoch => epoch.Number == number);

    private static EpochHandler[] With(IReadOnlyList<EpochHandler> handlers, EpochHandler handler) =>
        [.. handlers.Where(h => h.Name != handler.Name).Append(handler).OrderBy(h => h.Name, StringComparer.Ordinal)];

    private static ChangeRefusedException NothingBefore(string why) => new(409, $"There is nothing to roll back to: {why}.");
}
