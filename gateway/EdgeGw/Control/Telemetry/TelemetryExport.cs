using System.Threading.Channels;
using EdgeGw.Cli;
using EdgeGw.Configuration;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Requests;
using EdgeGw.Control.Supervision;
using EdgeGw.Pipeline.Observe;

namespace EdgeGw.Control.Telemetry;

/// <summary>Sends traces and metrics to a collector, from control: the workers know nothing of it but which requests to trace. What waits is bounded, a collector that is not there is said once and
/// costs an attempt now and then, and nobody waits for it.</summary>
internal sealed class TelemetryExport : IDisposable
{
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(1);

    private readonly TelemetrySettings _settings;
    private readonly RequestFeed _feed;
    private readonly WorkerSupervisor _workers;
    private readonly TimeProvider _clock;
    private readonly OtlpResource _resource;
    private readonly OtlpClient? _client;
    private readonly CollectorSignal? _traces;
    private readonly CollectorSignal? _metrics;
    private readonly Channel<RequestRecord> _queue;
    private readonly DateTimeOffset _started;
    private (int ProcessId, DateTimeOffset Started) _worker;
    private long _dropped;
    private long _sent;

    /// <summary>Throws <see cref="ControlStartException"/> with a sentence.</summary>
    internal TelemetryExport(TelemetrySettings settings, RequestFeed feed, WorkerSupervisor workers, ControlLog log, TimeProvider clock)
    {
        (_settings, _feed, _workers, _clock) = (settings, feed, workers, clock);
        _resource = new OtlpResource(settings.ServiceName, ProductVersion.Number);
        _started = clock.GetUtcNow();
        if (settings.OtlpEndpoint.Length > 0)
        {
            _client = new OtlpClient(settings);
            _traces = settings.Traces ? new CollectorSignal("traces", _client, settings.OtlpEndpoint, log) : null;
            _metrics = settings.Metrics ? new CollectorSignal("metrics", _client, settings.OtlpEndpoint, log) : null;
        }
        // One reader; the bound is Telemetry:Queue, and what is old makes room.
        _queue = Channel.CreateBounded<RequestRecord>(
            new BoundedChannelOptions(settings.Queue) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest }, _ => Interlocked.Increment(ref _dropped));
    }

    /// <summary>Traced requests whose spans the collector has.</summary>
    internal long Sent => Interlocked.Read(ref _sent);

    /// <summary>Traced requests whose spans wait to be sent, beside those that are being sent.</summary>
    internal int Waiting => _queue.Reader.Count;

    /// <summary>Traced requests whose spans were not sent: too many waited, or the collector would not have them.</summary>
    internal long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Sends until <paramref name="stop"/>. <paramref name="metrics"/> gives the text of <c>/metrics</c>.</summary>
    internal Task RunAsync(Func<CancellationToken, Task<string>> metrics, CancellationToken stop) => Task.WhenAll(
        _traces is null ? Task.CompletedTask : CollectAsync(stop),
        _traces is null ? Task.CompletedTask : SendTracesAsync(_traces, stop),
        _metrics is null ? Task.CompletedTask : SendMetricsAsync(_metrics, metrics, stop));

    /// <inheritdoc/>
    public void Dispose() => _client?.Dispose();

    private async Task CollectAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var record in _feed.FollowAsync(RequestFilter.All with { Traced = true }, null, stop))
            {
                _queue.Writer.TryWrite(record);
            }
        }
        catch (OperationCanceledException)
        {
            // stopped
        }
    }

    private async Task SendTracesAsync(CollectorSignal signal, CancellationToken stop)
    {
        var batch = new List<RequestRecord>();
        var interval = TimeSpan.FromMilliseconds(_settings.TraceIntervalMs);
        var (pause, backoff) = (interval, interval);
        try
        {
            while (true)
            {
                await Task.Delay(pause, _clock, stop);
                pause = interval;
                while (Fill(batch))
                {
                    var answer = await signal.SendAsync(OtlpTraces.Write(_resource, batch), stop);
                    if (answer.Outcome == OtlpOutcome.Later)
                    {
                        // This batch first, later; what comes meanwhile waits in the queue.
                        backoff = TimeSpan.FromTicks(Math.Min(backoff.Ticks * 2, Math.Max(interval.Ticks, s_longestPause.Ticks)));
                        pause = answer.RetryAfter is { } asked && asked < s_longestPause ? asked : backoff;
                        break;
                    }
                    backoff = interval;
                    Interlocked.Add(ref (answer.Outcome == OtlpOutcome.Taken ? ref _sent : ref _dropped), batch.Count);
                    batch.Clear();
                }
            }
        }
        catch (OperationCanceledException)
        {
            await SendLastAsync(signal, batch);
        }
    }

    // What is there, once, if the collector was there a moment ago.
    private async Task SendLastAsync(CollectorSignal signal, List<RequestRecord> batch)
    {
        using var patience = new CancellationTokenSource(s_lastWords, _clock);
        try
        {
            while (!signal.IsDown && Fill(batch) && (await signal.SendAsync(OtlpTraces.Write(_resource, batch), patience.Token)).Outcome == OtlpOutcome.Taken)
            {
                batch.Clear();
            }
        }
        catch (OperationCanceledException)
        {
            // the gateway's end does not wait for a collector
        }
    }

    private bool Fill(List<RequestRecord> batch)
    {
        while (batch.Count < _settings.Batch && _queue.Reader.TryRead(out var record))
        {
            batch.Add(record);
        }
        return batch.Count > 0;
    }

    // The same at each look at the same worker: another one would say that it counts anew.
    private DateTimeOffset WorkerStart(DateTimeOffset now)
    {
        if (_workers.InService is { } worker && worker.ProcessId != _worker.ProcessId)
        {
            _worker = (worker.ProcessId, now - worker.Age);
        }
        return _worker.Started;
    }

    private async Task SendMetricsAsync(CollectorSignal signal, Func<CancellationToken, Task<string>> metrics, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(_settings.MetricIntervalMs), _clock, stop);
                var now = _clock.GetUtcNow();
                var worker = WorkerStart(now);
                // Control's own counts begin with control, the others with the worker.
                var request = OtlpMetrics.Write(
                    _resource, PrometheusFamily.Parse(await metrics(stop)), name => name.StartsWith("edgegw_control_", StringComparison.Ordinal) ? _started : worker, now);
                if (request is { } told)
                {
                    // What was not taken is in the next one too: the counts are cumulative.
                    await signal.SendAsync(told, stop);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // stopped
        }
    }
}
