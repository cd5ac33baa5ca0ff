using System.Globalization;
using EdgeGw.Control.Changes;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Epochs;

/// <summary>Makes the next epoch of a canary's life: it begins, is promoted, or is aborted. Pure: nothing is written here.</summary>
internal static class CanaryHistory
{
    /// <summary>The current content with a version on trial. Throws when there is nothing to try it beside, or another trial of its handler.</summary>
    internal static EpochConfig Begin(EpochStore store, EpochCanary canary, DateTimeOffset now)
    {
        var name = canary.Handler.Name;
        if (store.Current is not { } current || current.Handlers.All(handler => handler.Name != name))
        {
            throw new ChangeRefusedException(409, $"No handler '{name}' is deployed, so there is nothing to compare a canary with; deploy it without --canary (canary=).");
        }
        RefuseWhileTried(store, name);
        return Next(store, current.Number, "canary", string.Create(CultureInfo.InvariantCulture, $"canary {name} {canary.Handler.Version} with {canary.Percent} % of the requests"), now) with
        {
            Canaries = [.. current.Canaries, canary],
        };
    }

    /// <summary>The current content with a handler's canary in the place of its live version.</summary>
    internal static EpochConfig Promote(EpochStore store, string name, string why, DateTimeOffset now)
    {
        var canary = Find(store, name);
        var current = store.Current!;
        // A rollback goes to what was live without it.
        var before = EpochHistory.Ancestors(store, current).Prepend(current).FirstOrDefault(epoch => epoch.Canaries.All(known => known.Handler.Name != name));
        return Next(store, before?.Number ?? current.Number, "promote", $"promote {name} {canary.Handler.Version}{(why.Length > 0 ? $": {why}" : "")}", now) with
        {
            Handlers = EpochHistory.With(current.Handlers, canary.Handler),
            Canaries = EpochHistory.Without(current.Canaries, name),
            Quarantine = [.. current.Quarantine.Where(entry => entry.Name != name)],
        };
    }

    /// <summary>The current content without a handler's canary.</summary>
    internal static EpochConfig Abort(EpochStore store, string name, string why, DateTimeOffset now)
    {
        var canary = Find(store, name);
        return EpochHistory.Shortened(store, Next(store, store.Current!.Number, "abort", $"abort the canary {name} {canary.Handler.Version}{(why.Length > 0 ? $": {why}" : "")}", now) with
        {
            Canaries = EpochHistory.Without(store.Current.Canaries, name),
        });
    }

    /// <summary>Throws when a handler has a canary: whoever deploys over it says first what becomes of that.</summary>
    internal static void RefuseWhileTried(EpochStore store, string name)
    {
        if (store.Current?.Canaries.FirstOrDefault(canary => canary.Handler.Name == name) is { } canary)
        {
            throw new ChangeRefusedException(409, $"{name} {canary.Handler.Version} is on trial as a canary: 'edgegw promote {name}' or 'edgegw abort {name}' first.");
        }
    }

    /// <summary>A handler's canary.</summary>
    internal static EpochCanary Find(EpochStore store, string name) =>
        store.Current?.Canaries.FirstOrDefault(canary => canary.Handler.Name == name) ?? throw new ChangeRefusedException(404, $"No canary of a handler '{name}' runs; 'edgegw canary' shows those that do.");

    private static EpochConfig Next(EpochStore store, long parent, string action, string reason, DateTimeOffset now) => new()
    {
        Number = store.NextNumber,
        Parent = parent,
        Created = now,
        Action = action,
        Reason = reason,
        Handlers = store.Current!.Handlers,
        Services = store.Current.Services,
        Canaries = store.Current.Canaries,
        Quarantine = store.Current.Quarantine,
    };
}
