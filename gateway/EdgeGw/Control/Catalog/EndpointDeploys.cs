using EdgeGw.Control.Artifacts;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Data;
using EdgeGw.Control.Epochs;

namespace EdgeGw.Control.Catalog;

/// <summary>Puts endpoints in service and takes them out of it, each as one epoch.</summary>
internal sealed class EndpointDeploys(EndpointStore endpoints, EpochChanges changes, EpochStore epochs, ArtifactStore artifacts, ControlDatabase database)
{
    /// <summary>Deploys a library as an endpoint: with the host of its domain, the path of its collection, and its own limits, services and settings, as they were when
    /// <paramref name="endpoint"/> was read. Throws <see cref="ChangeRefusedException"/>.</summary>
    /// <param name="endpoint">The endpoint, as it was compiled.</param>
    /// <param name="library">The library's bytes; read once.</param>
    /// <param name="build">The build's id, to be kept with the version; null when there is none.</param>
    /// <param name="force">Whether to deploy what breaks its contract or is quarantined.</param>
    /// <param name="dryRun">Whether to stop short of the change.</param>
    /// <param name="cancellation">Ends the wait for a turn; a change that has begun is finished.</param>
    /// <param name="canaryPercent">The share of the requests that it gets beside the live version, on trial; null when it is to take that one's place.</param>
    internal Task<ChangeOutcome> DeployAsync(EndpointInPlace endpoint, Stream library, string? build, bool force, bool dryRun, CancellationToken cancellation, double? canaryPercent = null) =>
        changes.DeployAsync(library, endpoint.Endpoint.Name + ".so", Options(endpoint, build) with { Force = force, DryRun = dryRun, CanaryPercent = canaryPercent }, cancellation);

    /// <summary>Throws <see cref="ChangeRefusedException"/> when an endpoint can have no canary now: it is not in service, or has one.</summary>
    internal void RefuseTrial(EndpointInPlace endpoint)
    {
        if (!IsDeployed(endpoint.Endpoint.Name))
        {
            throw new ChangeRefusedException(409, $"The endpoint '{endpoint.Endpoint.Name}' is not in service, so there is nothing to compare a canary with; deploy it without 'canary'.");
        }
        CanaryHistory.RefuseWhileTried(epochs, endpoint.Endpoint.Name);
    }

    /// <summary>What a deploy of an endpoint says beside the library.</summary>
    internal static DeploymentOptions Options(EndpointInPlace endpoint, string? build) => new()
    {
        Name = endpoint.Endpoint.Name,
        Host = endpoint.Domain.Host,
        Prefix = endpoint.Collection.BasePath,
        Limits = endpoint.Endpoint.Limits,
        Config = endpoint.Endpoint.Settings,
        Services = endpoint.Endpoint.Services,
        Origin = new LibraryOrigin(endpoint.Endpoint.Id, build, endpoint.Endpoint.Kind == EndpointKinds.Source ? endpoint.Snapshot : null),
    };

    /// <summary>Whether what serves is what the endpoint says and was made of what it says: to compile and deploy it would change nothing.</summary>
    internal bool IsServedAsWritten(EndpointInPlace endpoint)
    {
        var options = Options(endpoint, null);
        return epochs.Current?.Handlers.FirstOrDefault(deployed => deployed.Name == options.Name) is { } handler
            && handler.Host == options.Host && handler.Prefix == options.Prefix && handler.Limits == options.Limits
            && EpochRules.SamePairs(handler.Config, options.Config) && EpochRules.SamePairs(handler.Services, options.Services)
            && database.Read(connection => VersionRows.Deployed(connection, endpoint.Endpoint.Id, handler))?.Source is { } source && source.IsSameAs(endpoint.Snapshot);
    }

    /// <summary>The versions of an endpoint, newest first.</summary>
    internal List<VersionDocument> Versions(string id)
    {
        var endpoint = endpoints.Get(id);
        var current = Live(endpoint);
        return database.Read(connection => VersionRows.Of(connection, id)).ConvertAll(version => Describe(endpoint, version, current));
    }

    /// <summary>One version with what it was made of.</summary>
    internal VersionDocument Version(string id, long number)
    {
        var endpoint = endpoints.Get(id);
        var version = Find(endpoint, number);
        var handler = version.Handler!;
        return Describe(endpoint, version, Live(endpoint)) with
        {
            Content = new VersionContent(version.Source, handler.Host, handler.Prefix, handler.Limits, handler.Config, handler.Services, EndpointViews.Routes(handler)),
        };
    }

    /// <summary>Puts a kept version in service again, with the limits, services and settings that it had.</summary>
    internal Task<ChangeOutcome> RollBackAsync(string id, long number, CancellationToken cancellation)
    {
        var handler = Find(endpoints.Get(id), number).Handler!;
        return changes.ReturnAsync(handler, "rollback", $"roll back {handler.Name} to version {number} ({handler.Sha256[..8]})", cancellation);
    }

    /// <summary>Puts an endpoint in service again, in its newest version if it has one; null when there is none to put there.</summary>
    internal async Task<ChangeOutcome?> EnableAsync(string id, CancellationToken cancellation)
    {
        var endpoint = endpoints.Get(id).Endpoint;
        ChangeOutcome? outcome = null;
        if (!IsDeployed(endpoint.Name) && database.Read(connection => VersionRows.Newest(connection, id)) is { Handler: { } handler } version)
        {
            outcome = await changes.ReturnAsync(handler, "deploy", $"enable {endpoint.Name} (version {version.Number})", cancellation);
        }
        endpoints.SetEnabled(id, true);
        return outcome;
    }

    /// <summary>Takes an endpoint out of service; null when it was not in it.</summary>
    internal async Task<ChangeOutcome?> DisableAsync(string id, CancellationToken cancellation)
    {
        var endpoint = endpoints.Get(id).Endpoint;
        var outcome = IsDeployed(endpoint.Name) ? await changes.UndeployAsync(endpoint.Name, cancellation) : null;
        endpoints.SetEnabled(id, false);
        return outcome;
    }

    private EndpointVersion Find(EndpointInPlace endpoint, long number) =>
        database.Read(connection => VersionRows.Find(connection, endpoint.Endpoint.Id, number))
        ?? throw new ChangeRefusedException(404, $"The endpoint '{endpoint.Endpoint.Name}' has no version {number}, or it is not kept any more (Catalog:KeepVersions).");

    private bool IsDeployed(string handler) => epochs.Current?.Handlers.Any(deployed => deployed.Name == handler) == true;

    private long? Live(EndpointInPlace endpoint) =>
        epochs.Current?.Handlers.FirstOrDefault(handler => handler.Name == endpoint.Endpoint.Name) is { } deployed && endpoints.Versions().TryGetValue((endpoint.Endpoint.Id, deployed.Sha256), out var number)
            ? number
            : null;

    private VersionDocument Describe(EndpointInPlace endpoint, EndpointVersion version, long? live) => new(
        version.Number, version.Release, version.Sha256, version.Created, version.Principal, version.Build, version.Number == live,
        File.Exists(artifacts.PathOf(version.Sha256, endpoint.Endpoint.Name + ".so")), null);
}
