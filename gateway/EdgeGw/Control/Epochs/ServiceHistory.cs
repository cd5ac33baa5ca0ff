using EdgeGw.Control.Changes;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Epochs;

/// <summary>Makes the next epoch of a change of services; null when the change would change nothing. Pure: nothing is written here.</summary>
internal static class ServiceHistory
{
    /// <summary>The current content with one service added or replaced.</summary>
    internal static EpochConfig? Put(EpochStore store, EpochService service, bool force, DateTimeOffset now)
    {
        var before = Find(store, service.Id);
        if (before is not null && EpochRules.SameService(before, service))
        {
            return null;
        }
        if (before is { Enabled: true } && !service.Enabled)
        {
            RefuseIfUsed(store, service.Id, "disable", "", force);
        }
        var verb = Listed(store).Any(known => known.Id == service.Id) ? "change" : "add";
        return Next(store, $"{verb} {service} ({service.Provider})", With(store, service), now);
    }

    /// <summary>The current content without one service. A built-in one that it stood in for is there again.</summary>
    internal static EpochConfig Remove(EpochStore store, ServiceId id, bool force, DateTimeOffset now)
    {
        if (Listed(store).All(service => service.Id != id))
        {
            throw BuiltInServices.Find(id) is null ? Unknown(store, id)
                : new ChangeRefusedException(409, $"{id} is built in and cannot be removed; 'edgegw service disable {id}' takes it out of use.");
        }
        RefuseIfUsed(store, id, "remove", BuiltInServices.Find(id) is { } builtIn ? $", and they get the built-in {builtIn.Provider} with its own data" : "", force);
        return Next(store, $"remove {id}", [.. Listed(store).Where(service => service.Id != id)], now);
    }

    /// <summary>The current content with one service enabled or disabled.</summary>
    internal static EpochConfig? Enable(EpochStore store, ServiceId id, bool enabled, bool force, DateTimeOffset now)
    {
        var service = Find(store, id) ?? throw Unknown(store, id);
        if (service.Enabled == enabled)
        {
            return null;
        }
        if (!enabled)
        {
            RefuseIfUsed(store, id, "disable", "", force);
        }
        return Next(store, $"{(enabled ? "enable" : "disable")} {id}", With(store, service with { Enabled = enabled }), now);
    }

    /// <summary>A service of the current epoch, a built-in one too.</summary>
    internal static EpochService? Find(EpochStore store, ServiceId id) => BuiltInServices.With(Listed(store)).FirstOrDefault(service => service.Id == id);

    /// <summary>Says that a service is not there, and which are.</summary>
    internal static ChangeRefusedException Unknown(EpochStore store, ServiceId id) =>
        new(404, $"There is no service {id}; there are {string.Join(", ", BuiltInServices.With(Listed(store)))}.");

    private static IReadOnlyList<EpochService> Listed(EpochStore store) => store.Current?.Services ?? [];

    private static EpochConfig Next(EpochStore store, string reason, IReadOnlyList<EpochService> services, DateTimeOffset now) => new()
    {
        Number = store.NextNumber,
        Parent = store.Current?.Number ?? 0,
        Created = now,
        Action = "service",
        Reason = reason,
        Handlers = store.Current?.Handlers ?? [],
        Services = services,
        Canaries = store.Current?.Canaries ?? [],
        Quarantine = store.Current?.Quarantine ?? [],
    };

    private static EpochService[] With(EpochStore store, EpochService service) =>
        [.. Listed(store).Where(known => known.Id != service.Id).Append(service).OrderBy(known => known.ToString(), StringComparer.Ordinal)];

    private static void RefuseIfUsed(EpochStore store, ServiceId id, string verb, string consequence, bool force)
    {
        if (!force && ServiceNeeds.UsersOf(id, store.Current) is { Count: > 0 } users)
        {
            throw new ChangeRefusedException(409, $"{id} is in use by {string.Join(", ", users)}: undeploy what uses it first, or {verb} it with --force (force=true){consequence}.");
        }
    }
}
