using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EdgeGw.Tests.Support.Telemetry;

/// <summary>An OpenTelemetry collector, as far as OTLP over HTTP with protocol buffers goes: a real server that keeps what it is sent.</summary>
public sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedSpan> _spans = new();
    private readonly ConcurrentQueue<ReceivedMetric> _metrics = new();
    private readonly ConcurrentQueue<(string Path, string Header)> _requests = new();
    private volatile int _status = StatusCodes.Status200OK;

    private Collector(WebApplication app) => _app = app;

    /// <summary>Where it is.</summary>
    public string Url => _app.Urls.Single();

    /// <summary>All spans so far.</summary>
    public IReadOnlyList<ReceivedSpan> Spans => [.. _spans];

    /// <summary>All metrics so far, each as often as it was sent.</summary>
    public IReadOnlyList<ReceivedMetric> Metrics => [.. _metrics];

    /// <summary>All requests so far: the path, and the header <c>X-Key</c>.</summary>
    public IReadOnlyList<(string Path, string Header)> Requests => [.. _requests];

    /// <summary>What it answers; what is not 200 is not kept.</summary>
    public int Status
    {
        get => _status;
        set => _status = value;
    }

    /// <summary>Starts one, on a port of its own unless one is given.</summary>
    public static async Task<Collector> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var app = builder.Build();
        var collector = new Collector(app);
        app.Run(collector.TakeAsync);
        await app.StartAsync();
        return collector;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var status = Status;
        if (status == StatusCodes.Status200OK)
        {
            if (context.Request.ContentType != "application/x-protobuf")
            {
                status = StatusCodes.Status415UnsupportedMediaType;
            }
            else if (context.Request.Path == "/v1/traces")
            {
                ReceivedSpan.Read(body.ToArray()).ToList().ForEach(_spans.Enqueue);
            }
            else if (context.Request.Path == "/v1/metrics")
            {
                ReceivedMetric.Read(body.ToArray()).ToList().ForEach(_metrics.Enqueue);
            }
            else
            {
                status = StatusCodes.Status404NotFound;
            }
        }
        _requests.Enqueue((context.Request.Path, context.Request.Headers["X-Key"].ToString()));
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/x-protobuf";
    }
}
