using System.Globalization;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using EdgeGw.Calls;
using EdgeGw.Worker;

namespace EdgeGw.Control.Supervision;

/// <summary>What became of an epoch that was shown to the worker.</summary>
internal enum ApplyResult
{
    /// <summary>It is in force.</summary>
    Accepted,
    /// <summary>The worker refused it and serves what it served before.</summary>
    Refused,
    /// <summary>The worker died or fell silent over it.</summary>
    Lost,
}

/// <summary>An <see cref="ApplyResult"/> with its reasons.</summary>
internal sealed record ApplyOutcome(ApplyResult Result, params IReadOnlyList<string> Reasons);

/// <summary>HTTP to one worker over its Unix socket.</summary>
internal sealed partial class WorkerClient : IDisposable
{
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(2);

    private readonly HttpClient _http;

    /// <summary>Talks to the worker behind a socket for as long as <paramref name="lifetime"/> is not cancelled.</summary>
    internal WorkerClient(string socketPath, CancellationToken lifetime)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, ConnectCallback = (_, cancellation) => ConnectAsync(socketPath, lifetime, cancellation) };
        _http = new HttpClient(handler) { BaseAddress = new Uri("http://worker/"), Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The worker's state, or null when it does not answer in time.</summary>
    internal async Task<WorkerStatus?> StatusAsync(CancellationToken cancellation)
    {
        using var deadline = Within(TimeSpan.FromSeconds(2), cancellation);
        try
        {
            return await _http.GetFromJsonAsync("status", WorkerJson.Default.WorkerStatus, deadline.Token);
        }
        catch (Exception e) when (IsLoss(e))
        {
            cancellation.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>Shows the worker an epoch file. What it could not start before it tries <paramref name="again"/>, if that is named.</summary>
    internal async Task<ApplyOutcome> PutEpochAsync(string path, TimeSpan timeout, IReadOnlyList<string>? again = null)
    {
        using var deadline = Within(timeout, CancellationToken.None);
        try
        {
            using var answer = await _http.PutAsJsonAsync("epoch", new EpochOrder(path, again), WorkerJson.Default.EpochOrder, deadline.Token);
            if (answer.IsSuccessStatusCode)
            {
                return new ApplyOutcome(ApplyResult.Accepted);
            }
            var problem = await ReadProblemAsync(answer, deadline.Token);
            var reasons = problem?.Reasons is { Count: > 0 } several ? several : [problem?.Detail ?? problem?.Title ?? $"The worker answered {(int)answer.StatusCode}."];
            return new ApplyOutcome(ApplyResult.Refused, reasons);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new ApplyOutcome(ApplyResult.Lost, string.Create(CultureInfo.InvariantCulture, $"The worker did not answer within {timeout.TotalMilliseconds:0} ms."));
        }
        catch (Exception e) when (IsLoss(e))
        {
            return new ApplyOutcome(ApplyResult.Lost, "The worker died while it took the new epoch over.");
        }
    }

    /// <summary>Tells the worker secrets that the next order needs. One that cannot be told says then what it misses.</summary>
    internal async Task TellSecretsAsync(IReadOnlyDictionary<string, string> secrets)
    {
        if (secrets.Count == 0)
        {
            return;
        }
        using var deadline = Within(TimeSpan.FromSeconds(2), CancellationToken.None);
        try
        {
            using var answer = await _http.PutAsJsonAsync("secrets", secrets, WorkerJson.Default.IReadOnlyDictionaryStringString, deadline.Token);
        }
        catch (Exception e) when (IsLoss(e))
        {
            // The order itself is what finds the worker gone.
        }
    }

    /// <summary>Asks the worker to finish and end; false when it cannot be asked.</summary>
    internal async Task<bool> StopAsync(StopOrder order)
    {
        using var deadline = Within(TimeSpan.FromSeconds(2), CancellationToken.None);
        try
        {
            using var answer = await _http.PostAsJsonAsync("stop", order, WorkerJson.Default.StopOrder, deadline.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (IsLoss(e))
        {
            return false;
        }
    }

    /// <summary>The calls that the worker gives up after a number, as soon as there are any; none after half a minute, null when it is lost.</summary>
    internal async Task<IReadOnlyList<StuckCall>?> StuckAsync(long after, CancellationToken cancellation)
    {
        using var deadline = Within(TimeSpan.FromSeconds(60), cancellation);
        try
        {
            return await _http.GetFromJsonAsync(string.Create(CultureInfo.InvariantCulture, $"stuck?after={after}"), StuckJson.Default.IReadOnlyListStuckCall, deadline.Token);
        }
        catch (Exception e) when (IsLoss(e))
        {
            cancellation.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>What the canaries came to, or null when the worker does not answer in time.</summary>
    internal async Task<IReadOnlyList<WorkerCanary>?> CanariesAsync(CancellationToken cancellation)
    {
        using var deadline = Within(TimeSpan.FromSeconds(2), cancellation);
        try
        {
            return await _http.GetFromJsonAsync("canaries", CanaryJson.Default.IReadOnlyListWorkerCanary, deadline.Token);
        }
        catch (Exception e) when (IsLoss(e))
        {
            cancellation.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>Prometheus text of the data plane, or null when the worker does not answer in time.</summary>
    internal async Task<string?> MetricsAsync(CancellationToken cancellation)
    {
        using var deadline = Within(TimeSpan.FromSeconds(2), cancellation);
        try
        {
            return await _http.GetStringAsync("metrics", deadline.Token);
        }
        catch (Exception e) when (IsLoss(e))
        {
            cancellation.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>What the worker has answered since its start, or null when it does not tell.</summary>
    internal async Task<WorkerTraffic?> TrafficAsync(CancellationToken cancellation)
    {
        using var deadline = Within(TimeSpan.FromSeconds(2), cancellation);
        try
        {
            return await _http.GetFromJsonAsync("traffic", TrafficJson.Default.WorkerTraffic, deadline.Token);
        }
        catch (Exception e) when (IsLoss(e))
        {
            cancellation.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>The worker's log lines, each with its line end; ends quietly when the worker does.</summary>
    internal async IAsyncEnumerable<byte[]> LogsAsync(int tail, bool follow, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        StreamReader? reader = null;
        try
        {
            reader = new StreamReader(await _http.GetStreamAsync($"logs?tail={tail}&follow={(follow ? "true" : "false")}", cancellation));
        }
        catch (Exception e) when (IsLoss(e))
        {
            cancellation.ThrowIfCancellationRequested();
            yield break;
        }
        using (reader)
        {
            while (await ReadLineAsync(reader, cancellation) is { } line)
            {
                yield return System.Text.Encoding.UTF8.GetBytes(line + "\n");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    // A worker serves clients first and opens its socket a moment later: until it does, or dies, try again.
    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken lifetime, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lifetime, cancellation);
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), either.Token);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (!either.IsCancellationRequested)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
            await Task.Delay(s_retry, either.Token);
        }
    }

    private static async Task<string?> ReadLineAsync(StreamReader reader, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadLineAsync(cancellation);
        }
        catch (Exception e) when (IsLoss(e))
        {
            cancellation.ThrowIfCancellationRequested();
            return null;
        }
    }

    private static async Task<WorkerProblem?> ReadProblemAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            return await answer.Content.ReadFromJsonAsync(WorkerJson.Default.WorkerProblem, cancellation);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static CancellationTokenSource Within(TimeSpan timeout, CancellationToken cancellation)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        source.CancelAfter(timeout);
        return source;
    }

    // Who is cancelled hears of that alone: a worker that ends because the gateway stops fails in any of these ways at that very moment.
    private static bool IsLoss(Exception error) => error is HttpRequestException or IOException or SocketException or OperationCanceledException or JsonException or ObjectDisposedException;
}
