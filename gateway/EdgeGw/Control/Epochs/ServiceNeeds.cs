using EdgeGw.Epochs;

namespace EdgeGw.Control.Epochs;

/// <summary>Whether an epoch has the services that its handlers need.</summary>
internal static class ServiceNeeds
{
    /// <summary>The most services that one library may name.</summary>
    internal const int MaxNeeds = 256;

    /// <summary>Adds one sentence, with the command that mends it, for each service that a handler needs and does not get.</summary>
    internal static void Check(EpochHandler handler, IReadOnlyList<EpochService> services, List<string> reasons)
    {
        var needs = handler.Manifest.Services;
        if (needs.Count > MaxNeeds)
        {
            reasons.Add($"{handler.Name}: its manifest names {needs.Count} services; {MaxNeeds} are allowed.");
            return;
        }
        foreach (var text in needs.Distinct(StringComparer.Ordinal))
        {
            if (!ServiceId.TryParse(text, out var need) || !ServiceProviders.Kinds.Contains(need.Kind) || !ManifestReader.IsName(need.Name))
            {
                reasons.Add($"{handler.Name}: its manifest names the service '{text}'; a service is written kind:name, with a kind of {string.Join(", ", ServiceProviders.Kinds)}.");
            }
        }
        foreach (var (from, to) in handler.Services)
        {
            Binding(handler, from, to, reasons);
        }
        foreach (var (need, bound) in ServiceBindings.Of(handler).Distinct().Where(pair => pair.Need.Kind == pair.Bound.Kind && ServiceProviders.Kinds.Contains(pair.Need.Kind)))
        {
            Need(handler, need, bound, services, reasons);
        }
    }

    /// <summary>The handlers of an epoch that are given a service.</summary>
    internal static IReadOnlyList<string> UsersOf(ServiceId service, EpochConfig? epoch) =>
        [.. (epoch?.Handlers ?? []).Concat(epoch?.Canaries.Select(canary => canary.Handler) ?? []).Where(handler => ServiceBindings.Of(handler).Any(pair => pair.Bound == service)).Select(handler => handler.Name).Distinct()];

    private static void Binding(EpochHandler handler, string from, string to, List<string> reasons)
    {
        if (!ServiceId.TryParse(from, out var need) || !ServiceId.TryParse(to, out var bound))
        {
            reasons.Add($"{handler.Name}: the binding '{from}={to}' must name two services, each as {ServiceId.Form}.");
        }
        else if (!handler.Manifest.Services.Contains(from))
        {
            var named = handler.Manifest.Services.Count == 0 ? "no services" : string.Join(", ", handler.Manifest.Services.Take(10));
            reasons.Add($"{handler.Name}: '{from}' is bound to {to}, but its manifest names {named}.");
        }
        else if (need.Kind != bound.Kind)
        {
            reasons.Add($"{handler.Name}: it needs {need}, a {need.Kind}, and {bound} is a {bound.Kind}: bind a {need.Kind} with '--service {need}={need.Kind}:NAME'.");
        }
    }

    private static void Need(EpochHandler handler, ServiceId need, ServiceId bound, IReadOnlyList<EpochService> services, List<string> reasons)
    {
        var known = BuiltInServices.With(services);
        var what = need == bound ? $"{handler.Name}: it needs the service {need}" : $"{handler.Name}: it needs the service {need}, bound to {bound}";
        if (known.FirstOrDefault(service => service.Id == bound) is { } found)
        {
            if (!found.Enabled)
            {
                reasons.Add($"{what}, which is disabled: enable it with 'edgegw service enable {bound}'.");
            }
            return;
        }
        var namesake = known.FirstOrDefault(service => service.Name == bound.Name);
        var lacking = namesake is null ? "which this gateway does not have" : $"which this gateway does not have ({namesake} is another kind)";
        var others = known.Where(service => service.Kind == need.Kind && service.Enabled).Select(service => service.ToString()).Take(10);
        reasons.Add($"{what}, {lacking}: add it with 'edgegw service add {bound} --provider {string.Join('|', ServiceProviders.Names(bound.Kind))}',"
            + $" or bind one that is there ({string.Join(", ", others.DefaultIfEmpty("none is"))}) with '--service {need}={need.Kind}:NAME'.");
    }
}
