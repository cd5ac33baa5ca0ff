using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGw.Calls;
using EdgeGw.Configuration;
using EdgeGw.Control.Supervision;
using EdgeGw.Epochs;
using EdgeGw.Generations;
using EdgeGw.Logging;
using EdgeGw.Pipeline;
using EdgeGw.Worker.Draining;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace EdgeGw.Worker;

/// <summary>How control speaks to the worker: plain HTTP and JSON on a Unix socket (docs/state.md), so that <c>curl --unix-socket</c> can too.</summary>
internal sealed class WorkerControl : IHttpApplication<IFeatureCollection>, IAsyncDisposable
{
    // The answer is on its way when it has been written, and has arrived after this.
    private static readonly TimeSpan s_answered = TimeSpan.FromMilliseconds(100);
    // How long control waits for the next call that is given up, before it asks again.
    private static readonly TimeSpan s_stuckPatience = TimeSpan.FromSeconds(30);

    private readonly WorkerOptions _options;
    private readonly GatewaySettings _settings;
    private readonly PipelineContext _context;
    private readonly EpochHolder _holder;
    private readonly EpochSwitch _epochs;
    private readonly DataServer _server;
    private readonly LogHub _log;
    private readonly WorkerFigures _figures;
    private readonly MemoryReader _memory;
    private readonly ServiceOrders _orders;
    private readonly WorkerRequests _requests;
    private readonly KestrelServer _listener;
    private readonly StopOrders _stop;

    /// <summary>Sets it up.</summary>
    public WorkerControl(WorkerOptions options, GatewaySettings settings, PipelineContext context, EpochHolder holder, EpochSwitch epochs, DataServer server, StopOrders stop, LogHub log)
    {
        (_options, _settings, _context, _holder, _epochs, _server, _stop, _log) = (options, settings, context, holder, epochs, server, stop, log);
        _memory = new MemoryReader(context);
        _figures = new WorkerFigures(options.Id, context, holder, server, stop);
        _orders = new ServiceOrders(context.Services, context.Time);
        _requests = new WorkerRequests(context.Requests);
        var loggers = new LogHubLoggerFactory(log);
        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        // Migrations are the largest order; a character of them may take six bytes as JSON.
        kestrel.Limits.MaxRequestBodySize = (6L * MigrationRules.MaxCharacters) + (1 << 20);
        kestrel.ListenUnixSocket(options.ControlSocket);
        _listener = new KestrelServer(Options.Create(kestrel), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers), loggers);
    }

    /// <summary>Begins to answer.</summary>
    public async Task StartAsync()
    {
        File.Delete(_options.ControlSocket);
        await _listener.StartAsync<IFeatureCollection>(this, CancellationToken.None).ConfigureAwait(false);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_options.ControlSocket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _listener.StopAsync(now.Token).ConfigureAwait(false);
        _listener.Dispose();
        File.Delete(_options.ControlSocket);
    }

    /// <inheritdoc/>
    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    /// <inheritdoc/>
    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
    }

    /// <inheritdoc/>
    public async Task ProcessRequestAsync(IFeatureCollection features)
    {
        var request = features.Get<IHttpRequestFeature>()!;
        try
        {
            await ((request.Method, request.Path) switch
            {
                ("GET", "/healthz") => TextAsync(features, "text/plain", "ok\n"),
                ("GET", "/status") => StatusAsync(features),
                ("GET", "/metrics") => MetricsAsync(features),
                ("GET", "/traffic") => TrafficAsync(features),
                ("GET", "/stuck") => StuckAsync(features, request.QueryString),
                ("GET", "/canaries") => JsonAsync(features, StatusCodes.Status200OK, Canaries(), CanaryJson.Default.IReadOnlyListWorkerCanary),
                ("GET", "/logs") => LogsAsync(features, request.QueryString),
                ("GET", "/requests") => _requests.AnswerAsync(features, request.QueryString),
                ("PUT", "/epoch") => SwitchAsync(features, request),
                ("PUT", "/secrets") => TakeSecretsAsync(features, request),
                ("POST", "/stop") => StopAsync(features, request),
                ("POST", "/services/test") => TestServiceAsync(features, request),
                ("POST", "/services/migrate") => MigrateAsync(features, request),
                _ => ProblemAsync(features, StatusCodes.Status404NotFound, "The worker knows GET /healthz, /status, /metrics, /traffic, /stuck, /canaries, /logs and /requests, PUT /epoch and /secrets, POST /services/test, POST /services/migrate and POST /stop.", []),
            }).ConfigureAwait(false);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or FormatException)
        {
            await ProblemAsync(features, StatusCodes.Status400BadRequest, e.Message, []).ConfigureAwait(false);
        }
    }

    private async Task StatusAsync(IFeatureCollection features)
    {
        await _memory.RefreshAsync().ConfigureAwait(false);
        await JsonAsync(features, StatusCodes.Status200OK, _figures.Status(), WorkerJson.Default.WorkerStatus).ConfigureAwait(false);
    }

    private async Task MetricsAsync(IFeatureCollection features)
    {
        await _memory.RefreshAsync().ConfigureAwait(false);
        await TextAsync(features, "text/plain; version=0.0.4; charset=utf-8", PrometheusText.Write(_context, _holder, _server.Loops)).ConfigureAwait(false);
    }

    private async Task TrafficAsync(IFeatureCollection features)
    {
        await _memory.RefreshAsync().ConfigureAwait(false);
        await JsonAsync(features, StatusCodes.Status200OK, WorkerTraffic.Of(_context, _holder.Current), TrafficJson.Default.WorkerTraffic).ConfigureAwait(false);
    }

    private async Task StuckAsync(IFeatureCollection features, string query)
    {
        var after = QueryHelpers.ParseQuery(query).TryGetValue("after", out var number) ? long.Parse(number.ToString(), CultureInfo.InvariantCulture) : 0;
        var calls = await _context.Stuck.AfterAsync(after, s_stuckPatience, _context.Time).ConfigureAwait(false);
        await JsonAsync(features, StatusCodes.Status200OK, calls, StuckJson.Default.IReadOnlyListStuckCall).ConfigureAwait(false);
    }

    private IReadOnlyList<WorkerCanary> Canaries() =>
        [.. _holder.Current.Trials.Select(trial => new WorkerCanary(trial.Canary.Isolated!.Key, CanaryCounts.Of(trial.OfLive), CanaryCounts.Of(trial.OfCanary)))];

    private async Task SwitchAsync(IFeatureCollection features, IHttpRequestFeature request)
    {
        var order = await JsonSerializer.DeserializeAsync(request.Body, WorkerJson.Default.EpochOrder).ConfigureAwait(false) ?? throw new JsonException("The body must be {\"path\":\"…\"}.");
        var epoch = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(order.Path).ConfigureAwait(false), EpochJson.Default.EpochConfig) ?? throw new JsonException($"{order.Path} holds no epoch.");
        if (_options.ViewOf(epoch) is not { } own)
        {
            await ProblemAsync(features, StatusCodes.Status422UnprocessableEntity, $"Epoch {epoch.Number} does not have the handler of this worker.", []).ConfigureAwait(false);
            return;
        }
        epoch = own;
        var started = Stopwatch.GetTimestamp();
        // Loading runs foreign code; it gets a thread that may block.
        var (switched, reasons) = await Task.Factory.StartNew(() => (_epochs.TrySwitch(epoch, strict: true, out var why, order.Again), why), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        await (switched
            ? JsonAsync(features, StatusCodes.Status200OK, new EpochInForce(epoch.Number, Stopwatch.GetElapsedTime(started).TotalMilliseconds), WorkerJson.Default.EpochInForce)
            : ProblemAsync(features, StatusCodes.Status422UnprocessableEntity, reasons[0], reasons)).ConfigureAwait(false);
        if (switched)
        {
            _ = TellReplacedAsync();
        }
    }

    private async Task TakeSecretsAsync(IFeatureCollection features, IHttpRequestFeature request)
    {
        _context.Services.Secrets.Take(await JsonSerializer.DeserializeAsync(request.Body, WorkerJson.Default.IReadOnlyDictionaryStringString).ConfigureAwait(false) ?? throw new JsonException("The body must be {\"name\":\"value\"}."));
        features.Get<IHttpResponseFeature>()!.StatusCode = StatusCodes.Status204NoContent;
        await features.Get<IHttpResponseBodyFeature>()!.CompleteAsync().ConfigureAwait(false);
    }

    private async Task TellReplacedAsync()
    {
        await Task.Delay(s_answered, _context.Time).ConfigureAwait(false);
        _epochs.TellReplaced();
    }

    private async Task StopAsync(IFeatureCollection features, IHttpRequestFeature request)
    {
        var order = await JsonSerializer.DeserializeAsync(request.Body, WorkerJson.Default.StopOrder).ConfigureAwait(false) ?? new StopOrder(_settings.Worker.StopTimeoutMs);
        _stop.Give(order);
        // Whoever has the answer knows that new connections are another worker's from here on.
        await _server.StoppedAccepting.ConfigureAwait(false);
        features.Get<IHttpResponseFeature>()!.StatusCode = StatusCodes.Status202Accepted;
        await features.Get<IHttpResponseBodyFeature>()!.CompleteAsync().ConfigureAwait(false);
    }

    private async Task TestServiceAsync(IFeatureCollection features, IHttpRequestFeature request)
    {
        var config = await JsonSerializer.DeserializeAsync(request.Body, WorkerServicesJson.Default.EpochService).ConfigureAwait(false) ?? throw new JsonException("The body must be a service.");
        var (test, reason) = await _orders.TestAsync(config).ConfigureAwait(false);
        await (test is not null
            ? JsonAsync(features, StatusCodes.Status200OK, test, WorkerServicesJson.Default.WorkerServiceTest)
            : ProblemAsync(features, StatusCodes.Status422UnprocessableEntity, reason!, [])).ConfigureAwait(false);
    }

    private async Task MigrateAsync(IFeatureCollection features, IHttpRequestFeature request)
    {
        var order = await JsonSerializer.DeserializeAsync(request.Body, WorkerServicesJson.Default.WorkerMigrations).ConfigureAwait(false) ?? throw new JsonException("The body must be migrations.");
        try
        {
            var (migrated, reasons) = await _orders.MigrateAsync(order, features.Get<IHttpRequestLifetimeFeature>()!.RequestAborted).ConfigureAwait(false);
            await (migrated is not null
                ? JsonAsync(features, StatusCodes.Status200OK, migrated, WorkerServicesJson.Default.WorkerMigrated)
                : ProblemAsync(features, StatusCodes.Status422UnprocessableEntity, reasons[0], [.. reasons.Skip(1)])).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // control has gone; what was not committed is rolled back
        }
    }

    private async Task LogsAsync(IFeatureCollection features, string query)
    {
        var values = QueryHelpers.ParseQuery(query);
        var tail = values.TryGetValue("tail", out var t) ? int.Parse(t.ToString(), CultureInfo.InvariantCulture) : 100;
        var follow = values.TryGetValue("follow", out var f) && bool.Parse(f.ToString());
        var handler = values.TryGetValue("handler", out var h) ? h.ToString() : null;
        features.Get<IHttpResponseFeature>()!.Headers.ContentType = "application/x-ndjson";
        var body = features.Get<IHttpResponseBodyFeature>()!;
        await body.StartAsync().ConfigureAwait(false);
        await body.Writer.FlushAsync().ConfigureAwait(false);
        try
        {
            await foreach (var line in _log.ReadAsync(tail, follow, features.Get<IHttpRequestLifetimeFeature>()!.RequestAborted).ConfigureAwait(false))
            {
                if (handler is null || line.Source == handler)
                {
                    await body.Stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(line, LogJson.Default.LogLine)).ConfigureAwait(false);
                    await body.Stream.WriteAsync("\n"u8.ToArray()).ConfigureAwait(false);
                    await body.Stream.FlushAsync().ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // the follower has gone
        }
    }

    private static Task ProblemAsync(IFeatureCollection features, int status, string detail, IReadOnlyList<string> reasons) =>
        JsonAsync(features, status, new WorkerProblem("about:blank", ReasonPhrases.GetReasonPhrase(status), status, detail, reasons), WorkerJson.Default.WorkerProblem, "application/problem+json");

    private static async Task JsonAsync<T>(IFeatureCollection features, int status, T value, JsonTypeInfo<T> type, string contentType = "application/json")
    {
        var response = features.Get<IHttpResponseFeature>()!;
        response.StatusCode = status;
        await BytesAsync(features, contentType, JsonSerializer.SerializeToUtf8Bytes(value, type)).ConfigureAwait(false);
    }

    private static Task TextAsync(IFeatureCollection features, string contentType, string text) => BytesAsync(features, contentType, Encoding.UTF8.GetBytes(text));

    private static async Task BytesAsync(IFeatureCollection features, string contentType, byte[] bytes)
    {
        var headers = features.Get<IHttpResponseFeature>()!.Headers;
        headers.ContentType = contentType;
        headers.ContentLength = bytes.Length;
        await features.Get<IHttpResponseBodyFeature>()!.Writer.WriteAsync(bytes).ConfigureAwait(false);
    }
}
