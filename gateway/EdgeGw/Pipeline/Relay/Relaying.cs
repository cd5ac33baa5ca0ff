using System.Buffers;
using System.Diagnostics;
using EdgeGw.Logging;
using EdgeGw.Pipeline.Accept;
using EdgeGw.Pipeline.Send;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGw.Pipeline.Relay;

/// <summary>Has an isolated worker answer a request. Unlike the way into a library of this process it allocates, some kilobytes a request: what that costs is the price of a process of one's own (docs/isolation.md).</summary>
internal static class Relaying
{
    private const int MostRead = 32 * 1024;
    private const int LeastRead = 512;

    // The isolated worker answers 504 itself; this is for one that does not answer at all.
    private static readonly TimeSpan s_grace = TimeSpan.FromMilliseconds(500);

    /// <summary>Answers it, with an error where need be. False when there is nobody to ask: nothing of the request was taken and nothing was answered.</summary>
    public static async Task<bool> TryRunAsync(Exchange exchange, IsolatedLink link)
    {
        exchange.IsRelayed = true;
        exchange.Memory.Cancelled = false;
        var left = exchange.Feature<IHttpRequestLifetimeFeature>()!.RequestAborted;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(left);
        if (exchange.Route!.DeadlineMs is > 0 and var deadline)
        {
            var remaining = TimeSpan.FromMilliseconds(deadline) - Stopwatch.GetElapsedTime(exchange.Started) + s_grace;
            end.CancelAfter(remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero);
        }
        using var request = RelayRequest.Make(exchange, out var body);
        HttpResponseMessage? response = null;
        try
        {
            response = await link.SendAsync(request, end.Token).ConfigureAwait(false);
            end.CancelAfter(Timeout.InfiniteTimeSpan);
            await CopyAsync(exchange, response, end.Token).ConfigureAwait(false);
            exchange.WasAnsweredElsewhere = true;
            return true;
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError && body is not { HasBegun: true })
        {
            return false;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or InvalidOperationException or BadHttpRequestException)
        {
            Fail(exchange, e, body?.Failure, left.IsCancellationRequested, end.IsCancellationRequested);
            return true;
        }
        finally
        {
            response?.Dispose();
            if (body is not null)
            {
                await body.StopAsync().ConfigureAwait(false);
            }
        }
    }

    private static async Task CopyAsync(Exchange exchange, HttpResponseMessage response, CancellationToken cancellation)
    {
        var answer = exchange.Response;
        answer.SetStatusCode((int)response.StatusCode);
        foreach (var (name, values) in response.Headers.NonValidated)
        {
            if (!name.Equals(RequestId.Header, StringComparison.OrdinalIgnoreCase))
            {
                answer.CopyHeader(name, values);
            }
        }
        foreach (var (name, values) in response.Content.Headers.NonValidated)
        {
            answer.CopyHeader(name, values);
        }
        if (!answer.TakesBody)
        {
            return;
        }
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(response.Content.Headers.ContentLength ?? MostRead, LeastRead, MostRead));
        try
        {
            while (true)
            {
                var read = stream.ReadAsync(buffer, cancellation);
                if (!read.IsCompleted && !answer.HeadSent)
                {
                    // A head that comes alone, as before the first event of a stream, goes on alone.
                    await answer.SendHeadAsync(cancellation).ConfigureAwait(false);
                }
                var count = await read.ConfigureAwait(false);
                if (count == 0)
                {
                    return;
                }
                await answer.CopyBodyAsync(buffer.AsMemory(0, count), cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Fail(Exchange exchange, Exception error, Exception? ofBody, bool hasClientLeft, bool isLate)
    {
        var version = exchange.Route!.Version;
        if (hasClientLeft)
        {
            exchange.Memory.Cancelled = true;
            exchange.WasAnsweredElsewhere = true;
            Sending.Abort(exchange);
            return;
        }
        if (ofBody is null)
        {
            exchange.Context.Log.Write(Level.Warning, version.Config.Name, $"{exchange.Route.Method} {exchange.Route.Pattern} was not answered by the worker of {version}: {error.Message}", exchange.RequestId.ToString());
        }
        if (exchange.Response.HeadSent)
        {
            Sending.Abort(exchange);
            return;
        }
        var (status, detail) = (ofBody, error) switch
        {
            (BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }, _) => (StatusCodes.Status413PayloadTooLarge, $"The body is longer than the {exchange.Route.MaxBodyBytes} bytes that this route takes."),
            (not null, _) => (StatusCodes.Status400BadRequest, "The body of the request could not be read."),
            _ when isLate => (StatusCodes.Status504GatewayTimeout, "The handler did not answer in time."),
            (_, HttpRequestException { HttpRequestError: HttpRequestError.HttpProtocolError }) => (StatusCodes.Status502BadGateway, $"The handler {version.Config.Name} broke its answer off."),
            _ => (StatusCodes.Status502BadGateway, $"The worker of the handler {version.Config.Name} ended while it had this request; whether it was carried out is not known."),
        };
        // What the client has not sent yet is not read any more.
        var closes = status != StatusCodes.Status502BadGateway;
        Problems.Write(exchange, status, detail, closes ? "Connection" : null, closes ? "close" : null);
    }
}
