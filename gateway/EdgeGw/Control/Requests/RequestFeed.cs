using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EdgeGw.Control.Isolation;
using EdgeGw.Control.Supervision;
using EdgeGw.Pipeline.Observe;

namespace EdgeGw.Control.Requests;

/// <summary>The request logs of all workers as one: the one in service, those that were replaced and still finish, and those of single handlers.</summary>
internal sealed class RequestFeed(WorkerSupervisor workers, IsolatedWorkers isolated, TimeProvider clock)
{
    // A stream that broke is begun again after this.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The newest records, newest first.</summary>
    internal async Task<IReadOnlyList<RequestRecord>> NewestAsync(RequestFilter filter, int limit, CancellationToken cancellation)
    {
        var all = await Task.WhenAll(All().Select(worker => worker.Client.RequestsAsync(filter, limit, cancellation)));
        return [.. all.SelectMany(records => records).OrderByDescending(record => record.Time).Take(limit)];
    }

    /// <summary>Each record from now on, until cancelled. It goes on with the next worker when one is replaced.</summary>
    /// <param name="filter">Which of them.</param>
    /// <param name="begun">Completes when every worker there is has been asked.</param>
    /// <param name="cancellation">Ends it.</param>
    internal async IAsyncEnumerable<RequestRecord> FollowAsync(RequestFilter filter, TaskCompletionSource? begun, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var pumps = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // Who reads slowly holds up the pumps; the workers then drop what is old (RequestLog.Waiting).
        var merged = Channel.CreateBounded<RequestRecord>(256);
        var pumping = PumpAllAsync(filter, merged.Writer, begun, pumps.Token);
        try
        {
            await foreach (var record in merged.Reader.ReadAllAsync(cancellation))
            {
                yield return record;
            }
        }
        finally
        {
            await pumps.CancelAsync();
            await pumping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PumpAllAsync(RequestFilter filter, ChannelWriter<RequestRecord> to, TaskCompletionSource? begun, CancellationToken cancellation)
    {
        var followed = new HashSet<WorkerInstance>();
        var pumps = new List<Task>();
        while (true)
        {
            await workers.WaitInServiceAsync(Timeout.InfiniteTimeSpan, cancellation);
            var changed = Task.WhenAny(workers.Changed, isolated.Changed);
            pumps.RemoveAll(pump => pump.IsCompleted);
            var asked = new List<Task>();
            foreach (var worker in All().Where(followed.Add))
            {
                var isAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                asked.Add(isAsked.Task);
                pumps.Add(PumpAsync(worker, filter, to, isAsked, cancellation));
            }
            followed.RemoveWhere(worker => worker.Exited.IsCompleted);
            await Task.WhenAll(asked).WaitAsync(cancellation);
            begun?.TrySetResult();
            await changed.WaitAsync(cancellation);
        }
    }

    private async Task PumpAsync(WorkerInstance worker, RequestFilter filter, ChannelWriter<RequestRecord> to, TaskCompletionSource asked, CancellationToken cancellation)
    {
        do
        {
            await foreach (var record in worker.Client.FollowRequestsAsync(filter, () => asked.TrySetResult(), cancellation))
            {
                await to.WriteAsync(record, cancellation);
            }
            asked.TrySetResult();
            await Task.Delay(s_pause, clock, cancellation);
        }
        while (!worker.Exited.IsCompleted);
    }

    private IReadOnlyList<WorkerInstance> All() => [.. workers.Draining, .. isolated.All.Select(one => one.Serving).OfType<WorkerInstance>(), .. workers.InService is { } worker ? [worker] : (WorkerInstance[])[]];
}
