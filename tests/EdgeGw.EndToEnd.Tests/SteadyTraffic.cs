namespace EdgeGw.EndToEnd.Tests;

/// <summary>Requests of a healthy route, one after the other on a few connections, until it is stopped: what neighbours notice.</summary>
internal sealed class SteadyTraffic : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _senders;
    private int _answered;
    private int _failed;
    private string? _firstFailure;

    private SteadyTraffic(Uri address, string path, string expected, int connections) =>
        _senders = [.. Enumerable.Range(0, connections).Select(_ => Task.Run(() => SendAsync(address, path, expected)))];

    /// <summary>Begins.</summary>
    public static SteadyTraffic Start(Uri address, string path, string expected, int connections = 2) => new(address, path, expected, connections);

    /// <summary>Requests answered as expected so far.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>Stops, and asserts that every request was answered as expected. Gives how many were.</summary>
    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_senders);
        using var scope = Assert.EnterMultipleScope();
        Assert.That(_failed, Is.Zero, _firstFailure);
        Assert.That(Answered, Is.Positive);
        return Answered;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_senders);
        _stop.Dispose();
    }

    private async Task SendAsync(Uri address, string path, string expected)
    {
        using var client = Http.Http11(address);
        while (!_stop.IsCancellationRequested)
        {
            string got;
            try
            {
                using var response = await client.GetAsync(path);
                got = $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                got = e.Message;
            }
            if (got == "200 " + expected)
            {
                Interlocked.Increment(ref _answered);
            }
            else
            {
                Interlocked.CompareExchange(ref _firstFailure, got, null);
                Interlocked.Increment(ref _failed);
            }
        }
    }
}
