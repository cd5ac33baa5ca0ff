using EdgeGw.Control.Changes;
using EdgeGw.Control.Epochs;
using EdgeGw.Control.Supervision;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Catalog;

/// <summary>Endpoints as the Admin API shows them: the catalog's rows, and what serves past it, each with the state that it is really in.</summary>
internal sealed class EndpointViews(EndpointStore store, EpochStore epochs, WorkerSupervisor workers)
{
    // An id of a row is never of this form.
    private const string PastPrefix = "handler:";

    /// <summary>The newest build of an endpoint, by its id; the compile service tells. Called from any thread.</summary>
    internal Func<string, EndpointBuild?> BuildOf { get; set; } = _ => null;

    /// <summary>The id under which a handler is shown that was deployed past the catalog.</summary>
    internal static string IdOf(string handler) => PastPrefix + handler;

    /// <summary>The handler of such an id; null for another one.</summary>
    internal static string? HandlerOf(string id) => id.StartsWith(PastPrefix, StringComparison.Ordinal) ? id[PastPrefix.Length..] : null;

    /// <summary>All of them by name, without their source.</summary>
    internal async Task<List<EndpointDocument>> ListAsync(CancellationToken cancellation)
    {
        var now = await ServingNow.AskAsync(epochs, workers, cancellation);
        var (rows, versions) = (store.List(), store.Versions());
        var known = rows.Select(row => row.Endpoint.Name).ToHashSet();
        return
        [
            .. rows.Select(row => Describe(row, versions, now) with { Source = null })
                .Concat(now.Handlers.Values.Where(handler => !known.Contains(handler.Name)).Select(handler => Past(handler, now)))
                .OrderBy(endpoint => endpoint.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>One of them. Throws <see cref="ChangeRefusedException"/> (404).</summary>
    internal async Task<EndpointDocument> GetAsync(string id, CancellationToken cancellation)
    {
        if (HandlerOf(id) is { } name)
        {
            var now = await ServingNow.AskAsync(epochs, workers, cancellation);
            return now.Handlers.TryGetValue(name, out var handler) && store.FindName(name) is null ? Past(handler, now) : throw CatalogRevision.Missing("endpoint", id);
        }
        return await DescribeAsync(store.Get(id), cancellation);
    }

    /// <summary>An endpoint that was just read or written.</summary>
    internal async Task<EndpointDocument> DescribeAsync(EndpointInPlace endpoint, CancellationToken cancellation) =>
        Describe(endpoint, store.Versions(), await ServingNow.AskAsync(epochs, workers, cancellation));

    /// <summary>The routes of a deployed handler, as they are served.</summary>
    internal static IReadOnlyList<EndpointRoute> Routes(EpochHandler handler) =>
    [
        .. handler.Manifest.Routes.Select(route => new EndpointRoute(route.Method, handler.Host ?? route.Host, handler.Prefix + route.Pattern, route.Name ?? $"{route.Method} {handler.Prefix}{route.Pattern}")),
    ];

    private EndpointDocument Describe(EndpointInPlace row, Dictionary<(string, string), long> versions, ServingNow now)
    {
        var (endpoint, collection, domain) = row;
        var build = BuildOf(endpoint.Id);
        var state = EndpointState.Of(endpoint, now, build);
        var handler = now.Handlers.GetValueOrDefault(endpoint.Name);
        return new EndpointDocument(
            endpoint.Id, endpoint.Revision, collection.Id, domain.Id, endpoint.Name, endpoint.Method, domain.Host, endpoint.Path, endpoint.Path is null ? null : collection.BasePath + endpoint.Path,
            endpoint.Description, endpoint.Enabled, endpoint.Kind, endpoint.Source, endpoint.Services, endpoint.Limits, endpoint.Settings, state.Name, state.Reason,
            handler is null ? null : Live(handler, now, versions.TryGetValue((endpoint.Id, handler.Sha256), out var number) ? number : null), build,
            handler is null ? [] : Routes(handler), endpoint.Changed);
    }

    private static EndpointDocument Past(EpochHandler handler, ServingNow now)
    {
        var state = EndpointState.OfHandler(handler, now);
        return new EndpointDocument(
            IdOf(handler.Name), 0, null, null, handler.Name, null, handler.Host, null, null, "", true, EndpointKinds.Library, null, handler.Services, handler.Limits, handler.Config,
            state.Name, state.Reason, Live(handler, now, null), null, Routes(handler), now.Since[handler.Name].Created);
    }

    private static EndpointLive Live(EpochHandler handler, ServingNow now, long? version) =>
        new(version, handler.Version, handler.Sha256, now.Since[handler.Name].Number, now.Since[handler.Name].Created);
}
