using EdgeGw.Configuration;
using EdgeGw.Control.Admin;
using EdgeGw.Control.Catalog;
using EdgeGw.Control.Crashes;
using EdgeGw.Control.Epochs;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Requests;
using EdgeGw.Control.Supervision;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Events;

/// <summary>The parts that tell what happens, put together.</summary>
internal sealed class EventParts : IDisposable
{
    private readonly EpochStore _epochs;
    private readonly EndpointWatch _watch;
    private readonly TrafficSampler _traffic;
    private readonly EventApi _api;

    internal EventParts(EventSettings settings, CatalogParts catalog, EpochStore epochs, CrashStore crashes, WorkerSupervisor workers, LogStream logs, RequestFeed requests, ControlLog log, TimeProvider clock)
    {
        _epochs = epochs;
        Hub = new EventHub(settings, clock);
        _watch = new EndpointWatch(catalog.Views, workers, Hub, log, clock);
        _traffic = new TrafficSampler(workers, clock);
        _api = new EventApi(Hub, new EventStream(settings, epochs, logs, _traffic, requests, clock));
        catalog.Deployments.Kept = Deployed;
        catalog.Endpoints.Changed = _watch.Notice;
        crashes.Kept = report => Hub.Publish("crash", CrashLine.Of(report), EventJson.Default.CrashLine);
    }

    /// <summary>Where to tell what happens.</summary>
    internal EventHub Hub { get; }

    /// <summary>To be called when an endpoint may have come into another state: a build of it began or ended.</summary>
    internal Action<string> EndpointChanged => _watch.Notice;

    internal void Map(IEndpointRouteBuilder routes) => _api.Map(routes);

    /// <summary>Watches until <paramref name="stop"/>.</summary>
    internal Task RunAsync(CancellationToken stop) => _watch.RunAsync(stop);

    /// <inheritdoc/>
    public void Dispose()
    {
        _traffic.Dispose();
        _watch.Dispose();
    }

    private void Deployed(DeploymentDocument deployment)
    {
        if (deployment.Epoch is { } number && _epochs.History.FirstOrDefault(epoch => epoch.Number == number) is { } epoch)
        {
            Hub.Publish("epoch", new EpochEvent(epoch.Number, epoch.Action, epoch.Reason, epoch.Created, ChangeAnswer.Names(epoch)), EventJson.Default.EpochEvent);
            if (deployment.Action == "quarantine" && epoch.Quarantine is [.., var entry])
            {
                Hub.Publish("quarantine", new QuarantineEvent(entry.Name, entry.Version, entry.Sha256, epoch.Reason, entry.Crash, entry.Since, number), EventJson.Default.QuarantineEvent);
            }
        }
        Hub.Publish("deployment", deployment, EventJson.Default.DeploymentDocument);
        _watch.Notice("");
    }
}
