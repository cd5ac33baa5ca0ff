using EdgeGw.Configuration;
using EdgeGw.Control.Admin;
using EdgeGw.Control.Catalog;
using EdgeGw.Control.Compiling;
using EdgeGw.Control.Compiling.Builds;
using EdgeGw.Control.Crashes;
using EdgeGw.Control.Epochs;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Requests;
using EdgeGw.Control.Supervision;
using EdgeGw.Epochs;
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

    /// <summary>A build began to wait, began, or is over. Any thread.</summary>
    internal void BuildChanged(BuildDocument build)
    {
        Hub.Publish("build", new BuildEvent(
            build.Id, build.Endpoint!, build.State, build.Diagnostics.Count(found => found.Severity == BuildDiagnostic.Error), build.Cached, build.Deployment, build.Created), EventJson.Default.BuildEvent);
        _watch.Notice(build.Endpoint!);
    }

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
            Canaries(epoch, _epochs.History.Where(earlier => earlier.Number < number).MaxBy(earlier => earlier.Number)?.Canaries ?? []);
            if (deployment.Action == "quarantine" && epoch.Quarantine is [.., var entry])
            {
                Hub.Publish("quarantine", new QuarantineEvent(entry.Name, entry.Version, entry.Sha256, epoch.Reason, entry.Crash, entry.Since, number), EventJson.Default.QuarantineEvent);
            }
        }
        Hub.Publish("deployment", deployment, EventJson.Default.DeploymentDocument);
        _watch.Notice("");
    }

    // A trial is known by its handler and its beginning.
    private void Canaries(EpochConfig epoch, IReadOnlyList<EpochCanary> before)
    {
        foreach (var canary in epoch.Canaries.Where(canary => !before.Any(known => IsSame(known, canary))))
        {
            Tell(canary, "began");
        }
        foreach (var canary in before.Where(canary => !epoch.Canaries.Any(known => IsSame(known, canary))))
        {
            Tell(canary, epoch.Action == "promote" ? "promoted" : "ended");
        }

        void Tell(EpochCanary canary, string state) =>
            Hub.Publish("canary", new CanaryEvent(canary.Handler.Name, canary.Handler.Version, canary.Handler.Sha256, canary.Percent, state, epoch.Reason, epoch.Number), EventJson.Default.CanaryEvent);

        static bool IsSame(EpochCanary a, EpochCanary b) => a.Handler.Name == b.Handler.Name && a.Since == b.Since;
    }
}
