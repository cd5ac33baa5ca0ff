using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;

namespace EdgeGw.EndToEnd.Tests;

/// <summary>Clients that call a healthy route, one new connection for each request, while something else goes wrong.</summary>
internal sealed class HealthyLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource _done = new();
    private readonly ConcurrentQueue<Answer> _answers = new();
    private readonly Task[] _clients;

    /// <summary>Begins to call <c>GET /ok</c> (fixture ok1).</summary>
    public HealthyLoad(Uri address, int clients)
    {
        Clients = clients;
        _clients = [.. Enumerable.Range(0, clients).Select(_ => Task.Run(() => CallAsync(address)))];
    }

    public int Clients { get; }

    public int Requests => _answers.Count;

    /// <summary>Requests without a good answer.</summary>
    public int Failed => _answers.Count(answer => answer.Failure is not null);

    /// <summary>How they failed.</summary>
    public string Failures => string.Join("; ", _answers.Select(answer => answer.Failure).OfType<string>().Distinct());

    /// <summary>Connections refused.</summary>
    public int Refused => _answers.Count(answer => answer.WasRefused);

    /// <summary>Waits until so many more have been answered well.</summary>
    public async Task FlowsAsync(int more = 20)
    {
        var before = Good;
        await Eventually.TrueAsync(() => Task.FromResult(Good >= before + more), () => $"the healthy route answers; {Requests} requests, {Failed} failed: {Failures}");
    }

    /// <summary>The longest time in milliseconds, from a moment on, in which no request was answered well.</summary>
    public double LongestGap(long since)
    {
        var ends = _answers.Where(answer => answer.Failure is null && answer.Ended >= since).Select(answer => answer.Ended).Order().ToList();
        return ends.Prepend(since).Zip(ends, (before, after) => Stopwatch.GetElapsedTime(before, after).TotalMilliseconds).DefaultIfEmpty().Max();
    }

    /// <summary>No more calls; those under way are answered first.</summary>
    public async Task StopAsync()
    {
        await _done.CancelAsync();
        await Task.WhenAll(_clients);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _done.Dispose();
    }

    private int Good => _answers.Count(answer => answer.Failure is null);

    private async Task CallAsync(Uri address)
    {
        while (!_done.IsCancellationRequested)
        {
            string? failure = null;
            var wasRefused = false;
            try
            {
                var text = await RawConnection.ExchangeAsync(address, "GET /ok HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
                failure = text.EndsWith("{\"version\":1}", StringComparison.Ordinal) ? null : text.Length == 0 ? "closed without an answer" : $"broken answer '{text}'";
            }
            catch (SocketException e)
            {
                failure = e.SocketErrorCode.ToString();
                wasRefused = e.SocketErrorCode == SocketError.ConnectionRefused;
            }
            _answers.Enqueue(new(Stopwatch.GetTimestamp(), failure, wasRefused));
        }
    }

    private sealed record Answer(long Ended, string? Failure, bool WasRefused);
}
