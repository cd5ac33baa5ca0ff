using EdgeGw.Epochs;

namespace EdgeGw.Control.Catalog;

/// <summary>Where an endpoint stands, from what serves and what is built; nobody sets it.</summary>
/// <param name="Name">One of the constants.</param>
/// <param name="Reason">Why, in a sentence, where that is not plain.</param>
internal sealed record EndpointState(string Name, string? Reason = null)
{
    /// <summary>Nothing was compiled or deployed yet.</summary>
    internal const string Created = "created";

    /// <summary>A build is waiting or under way; what was live before serves on.</summary>
    internal const string Compiling = "compiling";

    /// <summary>It does not serve: its newest build failed, or its library cannot be loaded.</summary>
    internal const string Failed = "failed";

    /// <summary>Its newest build can be deployed.</summary>
    internal const string Compiled = "compiled";

    /// <summary>It answers.</summary>
    internal const string Live = "live";

    /// <summary>It takes no new requests and finishes those under way.</summary>
    internal const string Draining = "draining";

    /// <summary>Its version may not run, and there was none to go back to: 503.</summary>
    internal const string Quarantined = "quarantined";

    /// <summary>Somebody took it out of service.</summary>
    internal const string Disabled = "disabled";

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<string> All { get; } = [Created, Compiling, Failed, Compiled, Live, Draining, Quarantined, Disabled];

    /// <summary>The state of one endpoint.</summary>
    /// <param name="endpoint">Its row.</param>
    /// <param name="now">What serves.</param>
    /// <param name="build">Its newest build.</param>
    internal static EndpointState Of(CatalogEndpoint endpoint, ServingNow now, EndpointBuild? build)
    {
        var served = now.Handlers.TryGetValue(endpoint.Name, out var handler) ? OfHandler(handler, now) : null;
        if (served is { Name: Quarantined })
        {
            return served;
        }
        if (build is { State: "queued" or "running" })
        {
            return new EndpointState(Compiling, build.State == "queued" ? "The build waits for its turn." : null);
        }
        if (served is not null)
        {
            return served.Reason is null && build is { State: "failed" } ? served with { Reason = "Its newest build failed; the version before serves on." } : served;
        }
        if (now.Versions[endpoint.Name].Any(version => version.State == "draining"))
        {
            return new EndpointState(Draining, "Requests that had begun are finished; new ones are answered 404.");
        }
        return !endpoint.Enabled ? new EndpointState(Disabled)
            : build is { State: "failed" } ? new EndpointState(Failed, "Its newest build failed.")
            : build is { State: "succeeded" } ? new EndpointState(Compiled)
            : new EndpointState(Created);
    }

    /// <summary>The state of a handler of the epoch.</summary>
    internal static EndpointState OfHandler(EpochHandler handler, ServingNow now)
    {
        if (now.Epoch!.QuarantineOf(handler) is { } quarantine)
        {
            return new EndpointState(Quarantined, quarantine.Reason);
        }
        if (!now.HasWorker)
        {
            return new EndpointState(Live, "No worker is in service now; clients wait until one is.");
        }
        var version = now.Versions[handler.Name].LastOrDefault(known => known.Sha256 == handler.Sha256);
        if (version is { State: "failed" or "quarantined" })
        {
            return new EndpointState(version.State == "failed" ? Failed : Quarantined, version.Error);
        }
        // Somebody who looks for the version that was deployed last sees why another one serves.
        var replaced = now.Epoch.Quarantine.LastOrDefault(entry => entry.Name == handler.Name);
        return new EndpointState(Live, replaced is null ? null : $"{replaced.Reason.TrimEnd('.')}; {handler.Version} serves in its place.");
    }
}
