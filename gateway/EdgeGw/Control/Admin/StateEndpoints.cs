using System.Globalization;
using EdgeGw.Abi;
using EdgeGw.Configuration;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Epochs;
using EdgeGw.Control.HandingOver;
using EdgeGw.Control.Isolation;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Storage;
using EdgeGw.Control.Supervision;
using EdgeGw.Control.Upgrading;
using EdgeGw.Epochs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using EdgeGw.Worker;

namespace EdgeGw.Control.Admin;

/// <summary>What there is: status, routes, history, health and metrics.</summary>
internal sealed class StateEndpoints(
    StateDirectory state, GatewaySettings settings, EpochStore epochs, WorkerSupervisor workers, IsolatedWorkers isolated, ListenSockets sockets, ControlMetrics metrics, HandOvers handOvers, Upgrade upgrade, TimeProvider clock)
{
    private const int DefaultEpochs = 50;
    private readonly long _started = clock.GetTimestamp();

    /// <summary>The Admin API's own URL over TCP, once it listens.</summary>
    internal string? AdminUrl { get; set; }

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", context => context.Response.WriteAsync("ok\n"));
        routes.MapGet("/readyz", ReadyAsync);
        routes.MapGet("/metrics", MetricsAsync);
        routes.MapGet("/api/v1/status", StatusAsync);
        routes.MapGet("/api/v1/routes", RoutesAsync);
        routes.MapGet("/api/v1/epochs", EpochsAsync);
    }

    private async Task ReadyAsync(HttpContext context)
    {
        var (_, status) = await AskAsync(context);
        var reasons = Reasons(status, await IsolatedStatus.AskAsync(isolated, epochs.Current, context.RequestAborted));
        context.Response.StatusCode = reasons.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        if (reasons.Count > 0)
        {
            await ProblemAnswers.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "The gateway is not ready.", reasons);
            return;
        }
        await context.Response.WriteAsJsonAsync(new ReadyDocument(true, reasons), AdminJson.Default.ReadyDocument, cancellationToken: context.RequestAborted);
    }

    private async Task MetricsAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await context.Response.WriteAsync(await metrics.WriteAsync(context.RequestAborted), context.RequestAborted);
    }

    private async Task StatusAsync(HttpContext context)
    {
        var (worker, status) = await AskAsync(context);
        var apart = await IsolatedStatus.AskAsync(isolated, epochs.Current, context.RequestAborted);
        var reasons = Reasons(status, apart);
        IReadOnlyList<WorkerVersion> versions = [.. status?.Versions ?? [], .. apart.Versions];
        var current = epochs.Current;
        var workerFigures = worker is null ? null : Figures(worker, status);
        var document = new StatusDocument(
            Version: typeof(StateEndpoints).Assembly.GetName().Version!.ToString(3),
            Abi: string.Create(CultureInfo.InvariantCulture, $"{AbiVersion.Major}.{AbiVersion.Minor}"),
            Epoch: current?.Number ?? 0,
            State: state.Root,
            Ready: reasons.Count == 0,
            Reasons: reasons,
            Listen: sockets.Urls,
            Admin: AdminUrl,
            Control: new ControlFigures(Environment.ProcessId, (long)clock.GetElapsedTime(_started).TotalMilliseconds, ProcessFigures.Read(Environment.ProcessId).RssBytes, upgrade.Count),
            Worker: workerFigures,
            Draining: await Task.WhenAll(workers.Draining.Select(draining => DescribeAsync(draining, context.RequestAborted))),
            Handlers: [.. (current?.Handlers ?? []).Select(h => new HandlerStatus(h.Name, h.Version, h.Sha256, h.Manifest.Routes.Count, StateOf(versions, h), h.Scout))],
            Versions: versions,
            Quarantine: [.. (current?.Quarantine ?? []).Select(entry => new QuarantineDocument(entry.Name, entry.Version, entry.Sha256, entry.Reason, entry.Crash, entry.Since))],
            Isolated: apart.Workers);
        await context.Response.WriteAsJsonAsync(document, AdminJson.Default.StatusDocument, cancellationToken: context.RequestAborted);
    }

    private Task RoutesAsync(HttpContext context)
    {
        var limits = settings.Limits;
        var routes =
            from handler in epochs.Current?.Handlers ?? []
            from route in handler.Manifest.Routes
            let pattern = handler.Prefix + route.Pattern
            select new RouteDocument(
                route.Method, handler.Host ?? route.Host, pattern, handler.Name, handler.Version, route.Name ?? $"{route.Method} {pattern}",
                handler.Limits.DeadlineMs ?? route.DeadlineMs ?? limits.DeadlineMs,
                handler.Limits.MaxBodyBytes ?? route.MaxBodyBytes ?? limits.MaxBodyBytes,
                handler.Limits.Concurrency ?? route.Concurrency ?? limits.RouteConcurrency,
                epochs.Current!.QuarantineOf(handler) is null ? "live" : "quarantined");
        return context.Response.WriteAsJsonAsync(new RoutesDocument([.. routes]), AdminJson.Default.RoutesDocument, cancellationToken: context.RequestAborted);
    }

    private Task EpochsAsync(HttpContext context)
    {
        var limit = DefaultEpochs;
        if (context.Request.Query["limit"] is [{ Length: > 0 } text, ..] && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit > 0))
        {
            throw new ChangeRefusedException(400, $"'limit' is '{text}'; it must be a positive whole number.");
        }
        var history = epochs.History;
        var newest = history.Reverse().Take(limit).Select(epoch => new EpochDocument(
            epoch.Number, epoch == history[^1], epoch.Created, epoch.Action, epoch.Reason, epoch.Parent, epoch.Restores, ChangeAnswer.Names(epoch),
            [.. epoch.Services.Select(service => new ServiceName(service.Kind, service.Name, service.Provider, service.Enabled))]));
        return context.Response.WriteAsJsonAsync(new EpochsDocument([.. newest]), AdminJson.Default.EpochsDocument, cancellationToken: context.RequestAborted);
    }

    private async Task<(WorkerInstance? Worker, WorkerStatus? Status)> AskAsync(HttpContext context)
    {
        var worker = workers.InService;
        return (worker, worker is null ? null : await worker.Client.StatusAsync(context.RequestAborted));
    }

    private List<string> Reasons(WorkerStatus? status, IsolatedStatus apart)
    {
        if (status is null)
        {
            return ["No worker is in service."];
        }
        List<string> reasons = [.. status.Reasons, .. apart.Reasons];
        if (epochs.Current is { } current && status.Epoch != current.Number)
        {
            reasons.Add($"The worker serves epoch {status.Epoch}; {current.Number} is desired.");
        }
        if (!status.Ready && reasons.Count == 0)
        {
            reasons.Add("Not every route is live.");
        }
        return reasons;
    }

    private WorkerFigures Figures(WorkerInstance worker, WorkerStatus? status)
    {
        var process = ProcessFigures.Read(worker.ProcessId);
        return new WorkerFigures(
            worker.ProcessId, (long)worker.Age.TotalMilliseconds, process.RssBytes, workers.Restarts, handOvers.Made, status?.InFlight ?? 0, status?.Requests ?? 0, process.Threads, status?.LostThreads ?? 0);
    }

    private static async Task<DrainingWorker> DescribeAsync(WorkerInstance worker, CancellationToken cancellation)
    {
        var status = await worker.Client.StatusAsync(cancellation);
        return new DrainingWorker(
            worker.ProcessId, (long)worker.Age.TotalMilliseconds, ProcessFigures.Read(worker.ProcessId).RssBytes, status?.InFlight ?? 0, status?.Connections ?? 0, worker.Epoch);
    }

    // In the shared worker and in one of its own the same bytes are two versions.
    private static string StateOf(IReadOnlyList<WorkerVersion> versions, EpochHandler handler) =>
        versions.LastOrDefault(v => v.Handler == handler.Name && v.Sha256 == handler.Sha256 && v.Pid is null == handler.Isolation is null)?.State ?? (handler.Isolation is null ? "loading" : "down");
}
