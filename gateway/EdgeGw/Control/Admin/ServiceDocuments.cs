using EdgeGw.Control.Supervision;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Admin;

/// <summary>Services as the Admin API shows them.</summary>
internal static class ServiceDocuments
{
    private const string Hidden = "(not shown: it is no reference)";

    /// <summary>Every service of an epoch, the built-in ones too, with what the worker says of each.</summary>
    internal static IReadOnlyList<ServiceDocument> Of(EpochConfig? epoch, IReadOnlyList<WorkerServiceStatus> statuses) =>
        [.. BuiltInServices.With(epoch?.Services ?? []).OrderBy(service => ServiceProviders.Kinds.ToList().IndexOf(service.Kind)).ThenBy(service => service.Name, StringComparer.Ordinal)
            .Select(service => Of(service, epoch, statuses.FirstOrDefault(status => status.Kind == service.Kind && status.Name == service.Name)))];

    private static ServiceDocument Of(EpochService service, EpochConfig? epoch, WorkerServiceStatus? status)
    {
        var provider = ServiceProviders.Find(service.Kind, service.Provider);
        var uses =
            from handler in epoch?.Handlers ?? []
            from pair in ServiceBindings.Of(handler)
            where pair.Bound == service.Id
            select new ServiceUse(handler.Name, pair.Need.ToString());
        return new ServiceDocument(
            service.Kind, service.Name, service.Provider, service.Enabled,
            BuiltIn: epoch?.Services.Any(listed => listed.Id == service.Id) != true,
            Settings: service.Settings.ToDictionary(pair => pair.Key, pair => Shown(provider?.Find(pair.Key), pair.Value)),
            Defaults: (provider?.Settings ?? []).Where(setting => setting.Default is { Length: > 0 } && !service.Settings.ContainsKey(setting.Key))
                .ToDictionary(setting => setting.Key, setting => EffectiveSettings.Default(service, setting)),
            service.PoolSize, service.QueueLength, service.TimeoutMs, [.. uses.Distinct()],
            status is null ? null : new ServiceFigures(status.State, status.Error, status.Queued, status.Running, status.Calls, status.Errors, status.Busy, status.Timeouts));
    }

    // Validation lets no literal secret in, but an epoch's file can be written by hand.
    private static string Shown(ServiceSetting? setting, string value) => setting is { Value.IsSecret: false } || SecretReference.TryParse(value, out _, out _) ? value : Hidden;
}
