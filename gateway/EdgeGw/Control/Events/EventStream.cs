using System.IO.Pipelines;
using System.Text.Json;
using System.Threading.Channels;
using EdgeGw.Configuration;
using EdgeGw.Control.Epochs;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Requests;
using EdgeGw.Pipeline.Observe;

namespace EdgeGw.Control.Events;

/// <summary>What one who follows wants beside the events that everybody gets.</summary>
/// <param name="LastSeen">The id of the event that it saw last.</param>
/// <param name="Log">Whether it wants the log.</param>
/// <param name="Handler">Only this handler's lines of it.</param>
/// <param name="Metrics">How often it wants figures of the traffic; null: never.</param>
/// <param name="Requests">Which records of the request log it wants; null: none.</param>
internal sealed record EventWishes(string? LastSeen, bool Log, string? Handler, TimeSpan? Metrics, RequestFilter? Requests);

/// <summary>Sends one who follows what happens, until it leaves or is too slow.</summary>
internal sealed class EventStream(EventSettings settings, EpochStore epochs, LogStream logs, TrafficSampler traffic, RequestFeed requests, TimeProvider clock)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>Follows until <paramref name="ended"/>; false when it was too slow and has to come back.</summary>
    internal async Task<bool> RunAsync(EventFollower follower, PipeWriter to, EventWishes wishes, CancellationToken ended)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ended);
        // What is its own (log, figures) waits here and holds up whoever writes it, not the others.
        var own = Channel.CreateBounded<GatewayEvent>(new BoundedChannelOptions(settings.Queue) { SingleReader = true });
        var followed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var pumps = Task.WhenAll(
            wishes.Log ? PumpLogAsync(own.Writer, wishes.Handler, stop.Token) : Task.CompletedTask,
            wishes.Metrics is { } every ? PumpMetricsAsync(own.Writer, every, stop.Token) : Task.CompletedTask,
            wishes.Requests is { } filter ? PumpRequestsAsync(own.Writer, filter, followed, stop.Token) : Task.CompletedTask);
        try
        {
            if (wishes.Requests is not null)
            {
                // Whoever hears "ready" misses no request from then on; with no worker there, none is missed.
                await Task.WhenAny(followed.Task, Task.Delay(s_patience, clock, stop.Token));
            }
            Begin(follower, to);
            await to.FlushAsync(stop.Token);
            await SendAsync(follower, own.Reader, to, stop.Token).WaitAsync(stop.Token);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        finally
        {
            await stop.CancelAsync();
            await pumps.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Begin(EventFollower follower, PipeWriter to)
    {
        to.Write(EventText.Retry);
        EventText.Write(to, new GatewayEvent(null, "ready", JsonSerializer.SerializeToUtf8Bytes(new ReadyEvent(epochs.Current?.Number ?? 0), EventJson.Default.ReadyEvent)));
        if (follower.Missed is not { } missed)
        {
            // With the position of now: whoever reads everything again has missed nothing.
            EventText.Write(to, new GatewayEvent(follower.Position, "missed", JsonSerializer.SerializeToUtf8Bytes(
                new MissedEvent("What happened since the last event that was seen is not kept any more; read everything again."), EventJson.Default.MissedEvent)));
            return;
        }
        foreach (var earlier in missed)
        {
            EventText.Write(to, earlier);
        }
    }

    // Ends when the follower is cut off.
    private async Task SendAsync(EventFollower follower, ChannelReader<GatewayEvent> own, PipeWriter to, CancellationToken stop)
    {
        var sending = SendAllAsync(follower, own, to, stop);
        await Task.WhenAny(sending, follower.Cut);
        if (!follower.Cut.IsCompleted)
        {
            await sending;
        }
    }

    private async Task SendAllAsync(EventFollower follower, ChannelReader<GatewayEvent> own, PipeWriter to, CancellationToken stop)
    {
        var (everybodys, its) = (follower.Events.WaitToReadAsync(stop).AsTask(), own.WaitToReadAsync(stop).AsTask());
        while (true)
        {
            try
            {
                await Task.WhenAny(everybodys, its).WaitAsync(TimeSpan.FromMilliseconds(settings.HeartbeatMs), clock, stop);
            }
            catch (TimeoutException)
            {
                to.Write(EventText.Heartbeat);
            }
            while (follower.Events.TryRead(out var next) || own.TryRead(out next))
            {
                EventText.Write(to, next);
                if (to.UnflushedBytes > 32_768)
                {
                    await to.FlushAsync(stop);
                }
            }
            if ((await to.FlushAsync(stop)).IsCompleted)
            {
                throw new OperationCanceledException(); // it has gone
            }
            everybodys = everybodys.IsCompleted ? follower.Events.WaitToReadAsync(stop).AsTask() : everybodys;
            its = its.IsCompleted ? own.WaitToReadAsync(stop).AsTask() : its;
        }
    }

    private async Task PumpLogAsync(ChannelWriter<GatewayEvent> to, string? handler, CancellationToken stop)
    {
        await foreach (var line in logs.FollowAsync(0, handler, stop))
        {
            await to.WriteAsync(new GatewayEvent(null, "log", line.Json), stop);
        }
    }

    private async Task PumpRequestsAsync(ChannelWriter<GatewayEvent> to, RequestFilter filter, TaskCompletionSource followed, CancellationToken stop)
    {
        await foreach (var record in requests.FollowAsync(filter, followed, stop))
        {
            await to.WriteAsync(new GatewayEvent(null, "request", JsonSerializer.SerializeToUtf8Bytes(record, RequestsJson.Default.RequestRecord)), stop);
        }
    }

    private async Task PumpMetricsAsync(ChannelWriter<GatewayEvent> to, TimeSpan every, CancellationToken stop)
    {
        var before = await traffic.AskAsync(stop);
        while (true)
        {
            await Task.Delay(every, clock, stop);
            var now = await traffic.AskAsync(stop);
            var counted = now.Worker == before.Worker ? before.Traffic : null;
            var figures = TrafficRates.Between(counted, now.Traffic, now.Worker, clock.GetElapsedTime(before.Taken, now.Taken), clock.GetUtcNow());
            await to.WriteAsync(new GatewayEvent(null, "metrics", JsonSerializer.SerializeToUtf8Bytes(figures, EventJson.Default.MetricsEvent)), stop);
            before = now;
        }
    }
}
