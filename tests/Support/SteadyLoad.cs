using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace EdgeGw.Tests.Support;

/// <summary>Clients that never stop asking, one request after the other: some on HTTP/1.1 connections that they keep, some on a new connection each time, some over HTTP/2. Those on HTTP/1.1
/// send raw bytes and retry nothing: whatever is not a whole answer is a failure. They check every body.</summary>
public sealed class SteadyLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource _done = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Uri _address;
    private readonly string _path;
    private readonly Func<string, bool> _isAnswer;
    private readonly List<Task> _clients = [];
    private long _kept;
    private long _fresh;
    private long _http2;

    private SteadyLoad(Uri address, string path, Func<string, bool> isAnswer) => (_address, _path, _isAnswer) = (address, path, isAnswer);

    /// <summary>Requests answered so far.</summary>
    public long Requests => Interlocked.Read(ref _kept) + Interlocked.Read(ref _fresh) + Interlocked.Read(ref _http2);

    /// <summary>What went wrong so far.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>Starts so many clients of each kind.</summary>
    public static SteadyLoad Start(Uri address, string path, Func<string, bool> isAnswer, int clients = 2)
    {
        var load = new SteadyLoad(address, path, isAnswer);
        for (var i = 0; i < clients; i++)
        {
            load._clients.Add(Task.Run(load.KeepAsync));
            load._clients.Add(Task.Run(load.FreshAsync));
            load._clients.Add(Task.Run(load.Http2Async));
        }

        return load;
    }

    /// <summary>Waits until so many more requests were answered: what comes after them began after this call.</summary>
    public Task MoreAsync(int requests)
    {
        var before = Requests;
        return Eventually.TrueAsync(() => Task.FromResult(Requests >= before + requests), () => $"{requests} more answers");
    }

    /// <summary>Stops the clients; what they did, for the test's output.</summary>
    public async Task<string> StopAsync()
    {
        await _done.CancelAsync();
        await Task.WhenAll(_clients);
        return $"{_kept} requests on kept HTTP/1.1 connections, {_fresh} on new ones, {_http2} over HTTP/2; {_failures.Count} failed {string.Join("; ", _failures.Distinct().Take(5))}";
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _done.Dispose();
    }

    private async Task KeepAsync()
    {
        RawConnection? connection = null;
        while (!_done.IsCancellationRequested)
        {
            try
            {
                connection ??= await RawConnection.OpenAsync(_address);
                await connection.SendAsync($"GET {_path} HTTP/1.1\r\nHost: x\r\n\r\n");
                var text = await connection.ReadUntilAsync("}");
                Count(ref _kept, text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is var end and >= 0 ? end + 4 : 0)..]);
                if (!text.Contains('}') || text.Contains("Connection: close", StringComparison.OrdinalIgnoreCase))
                {
                    connection.Dispose();
                    connection = null;
                }
            }
            catch (SocketException e)
            {
                _failures.Enqueue($"kept: {e.SocketErrorCode}");
                connection?.Dispose();
                connection = null;
            }
        }

        connection?.Dispose();
    }

    private async Task FreshAsync()
    {
        while (!_done.IsCancellationRequested)
        {
            try
            {
                var text = await RawConnection.ExchangeAsync(_address, $"GET {_path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
                Count(ref _fresh, text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is var end and >= 0 ? end + 4 : 0)..]);
            }
            catch (SocketException e)
            {
                _failures.Enqueue($"new: {e.SocketErrorCode}");
            }
        }
    }

    private async Task Http2Async()
    {
        using var client = Http.Http2(_address);
        while (!_done.IsCancellationRequested)
        {
            try
            {
                using var response = await client.GetAsync(_path, CancellationToken.None);
                var body = await response.Content.ReadAsStringAsync(CancellationToken.None);
                Count(ref _http2, response.StatusCode == HttpStatusCode.OK ? body : $"{(int)response.StatusCode} {body}");
            }
            catch (HttpRequestException e)
            {
                _failures.Enqueue($"HTTP/2: {e.Message} {e.InnerException?.Message}");
            }
        }
    }

    private void Count(ref long answered, string body)
    {
        if (_isAnswer(body))
        {
            Interlocked.Increment(ref answered);
        }
        else
        {
            _failures.Enqueue($"another answer '{body}'");
        }
    }
}
