using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EdgeGw.Control.Isolation;
using EdgeGw.Control.Supervision;

namespace EdgeGw.Control.Observability;

/// <summary>Control's lines and the workers' as one log: the one in service and those that were replaced and still finish.</summary>
internal sealed class LogStream(ControlLog own, WorkerSupervisor workers, IsolatedWorkers isolated, int kept, TimeProvider clock)
{
    // Lines that were there before come at once; a pause this long means that they are through.
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(100);

    /// <summary>The newest lines in the order of their time; of one source when <paramref name="handler"/> is given.</summary>
    internal async Task<IReadOnlyList<LogLine>> TailAsync(int tail, string? handler, CancellationToken cancellation)
    {
        var lines = new List<LogLine>(own.Tail(handler is null ? tail : kept));
        foreach (var worker in All())
        {
            await foreach (var line in worker.Client.LogsAsync(handler is null ? tail : kept, follow: false, cancellation))
            {
                lines.Add(LogLine.Parse(line, clock.GetUtcNow()));
            }
        }
        return Newest(lines, tail, handler);
    }

    /// <summary>The same, then every new line until cancelled. It goes on with the next worker when one is replaced.</summary>
    internal async IAsyncEnumerable<LogLine> FollowAsync(int tail, string? handler, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var history = tail == 0 ? 0 : handler is null ? tail : kept;
        var (before, followed) = own.Follow(history);
        using var pumps = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var merged = Channel.CreateBounded<LogLine>(256);
        var pumping = Task.WhenAll(PumpOwnAsync(followed.Reader, merged.Writer, pumps.Token), PumpWorkersAsync(history, merged.Writer, pumps.Token));
        try
        {
            // Who wants nothing of what was there is given all that comes, from now on.
            foreach (var line in tail == 0 ? [] : Newest(await FirstAsync(before, merged.Reader, cancellation), tail, handler))
            {
                yield return line;
            }
            await foreach (var line in merged.Reader.ReadAllAsync(cancellation))
            {
                if (handler is null || line.Source == handler)
                {
                    yield return line;
                }
            }
        }
        finally
        {
            own.Unfollow(followed);
            await pumps.CancelAsync();
            await pumping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<List<LogLine>> FirstAsync(IReadOnlyList<LogLine> before, ChannelReader<LogLine> merged, CancellationToken cancellation)
    {
        var lines = new List<LogLine>(before);
        try
        {
            while (lines.Count < 2 * kept)
            {
                await merged.WaitToReadAsync(cancellation).AsTask().WaitAsync(s_quiet, clock, cancellation);
                while (merged.TryRead(out var line))
                {
                    lines.Add(line);
                }
            }
        }
        catch (TimeoutException)
        {
            // quiet: what comes from now on is new
        }
        return lines;
    }

    private static async Task PumpOwnAsync(ChannelReader<LogLine> from, ChannelWriter<LogLine> to, CancellationToken cancellation)
    {
        await foreach (var line in from.ReadAllAsync(cancellation))
        {
            await to.WriteAsync(line, cancellation);
        }
    }

    private async Task PumpWorkersAsync(int history, ChannelWriter<LogLine> to, CancellationToken cancellation)
    {
        var followed = new HashSet<WorkerInstance>();
        var pumps = new List<Task>();
        while (true)
        {
            await workers.WaitInServiceAsync(Timeout.InfiniteTimeSpan, cancellation);
            var changed = Task.WhenAny(workers.Changed, isolated.Changed);
            pumps.RemoveAll(pump => pump.IsCompleted);
            var all = All();
            foreach (var worker in all.Where(worker => !followed.Contains(worker)))
            {
                // Every line of a worker that was started meanwhile is new.
                pumps.Add(PumpWorkerAsync(worker, followed.Count == 0 ? history : kept, to, cancellation));
            }
            followed.UnionWith(all);
            followed.RemoveWhere(worker => worker.Exited.IsCompleted);
            await changed.WaitAsync(cancellation);
        }
    }

    private async Task PumpWorkerAsync(WorkerInstance worker, int tail, ChannelWriter<LogLine> to, CancellationToken cancellation)
    {
        do
        {
            await foreach (var line in worker.Client.LogsAsync(tail, follow: true, cancellation))
            {
                await to.WriteAsync(LogLine.Parse(line, clock.GetUtcNow()), cancellation);
            }
            tail = 0; // the stream broke: those to come
            await Task.Delay(s_quiet, clock, cancellation);
        }
        while (!worker.Exited.IsCompleted);
    }

    private IReadOnlyList<WorkerInstance> All() => [.. workers.Draining, .. isolated.All.Select(one => one.Serving).OfType<WorkerInstance>(), .. workers.InService is { } worker ? [worker] : (WorkerInstance[])[]];

    private static List<LogLine> Newest(List<LogLine> lines, int tail, string? handler) =>
        [.. lines.Where(line => handler is null || line.Source == handler).OrderBy(line => line.Time).TakeLast(tail)];
}
