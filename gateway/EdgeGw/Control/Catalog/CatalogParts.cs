using EdgeGw.Configuration;
using EdgeGw.Control.Artifacts;
using EdgeGw.Control.Catalog.Api;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Data;
using EdgeGw.Control.Epochs;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Supervision;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Catalog;

/// <summary>The catalog's parts, put together: what the gateway serves as people think of it, beside the epochs that say what it does serve.</summary>
internal sealed class CatalogParts
{
    private readonly CatalogSettings _settings;
    private readonly TimeProvider _clock;

    internal CatalogParts(
        ControlDatabase database, CatalogSettings settings, EpochStore epochs, EpochChanges changes, ArtifactStore artifacts, WorkerSupervisor workers, ControlLog log, TimeProvider clock)
    {
        (_settings, _clock) = (settings, clock);
        database.Migrate(CatalogSchema.Component, CatalogSchema.Steps);
        Domains = new DomainStore(database, settings, clock);
        Collections = new CollectionStore(database, settings, clock);
        Endpoints = new EndpointStore(database, epochs, settings, clock);
        Views = new EndpointViews(Endpoints, epochs, workers);
        Deploys = new EndpointDeploys(Endpoints, changes, epochs, artifacts, database);
        Writer = new CatalogWriter(database, Endpoints, epochs, settings, log);
        Deployments = new DeploymentLog(database, settings, log);
        changes.Record = Deployments.Record;
        changes.Needed = Deployments.Libraries;
    }

    /// <summary>Hosts.</summary>
    internal DomainStore Domains { get; }

    /// <summary>Groups of endpoints.</summary>
    internal CollectionStore Collections { get; }

    /// <summary>Endpoints as they are written.</summary>
    internal EndpointStore Endpoints { get; }

    /// <summary>Endpoints as they are shown.</summary>
    internal EndpointViews Views { get; }

    /// <summary>What puts them in service.</summary>
    internal EndpointDeploys Deploys { get; }

    /// <summary>What writes many rows at once.</summary>
    internal CatalogWriter Writer { get; }

    /// <summary>What was done, by whom.</summary>
    internal DeploymentLog Deployments { get; }

    internal void Map(IEndpointRouteBuilder routes)
    {
        new DomainApi(Domains, _settings).Map(routes);
        new CollectionApi(Collections, _settings).Map(routes);
        new EndpointApi(Endpoints, Views, Deploys, _settings).Map(routes);
        new VersionApi(Deploys, _settings, _clock).Map(routes);
        new DeploymentApi(Deployments).Map(routes);
    }
}
