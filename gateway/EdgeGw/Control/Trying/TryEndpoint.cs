using System.Net.Sockets;
using System.Text;
using EdgeGw.Configuration;
using EdgeGw.Control.Admin;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Supervision;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Trying;

/// <summary><c>POST /api/v1/try</c>: sends one request to a listener of this gateway and tells what came back. A page may not call the data plane itself: it is another origin.</summary>
internal sealed class TryEndpoint(ListenSockets sockets, AdminUiSettings limits, TimeProvider clock)
{
    // JSON may need six bytes for one character.
    private const int JsonOverhead = 6;

    private int _inside;

    internal void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/v1/try", TryAsync);

    private async Task TryAsync(HttpContext context)
    {
        var asked = await JsonBody.ReadAsync(context, TryJson.Default.TryRequest, JsonOverhead * limits.TryMaxBodyBytes + JsonBody.MaxBytes)
            ?? throw new ChangeRefusedException(400, "The body must be the request: {\"method\":\"GET\",\"path\":\"/\"}.");
        var listener = ListenerOf(asked);
        using var request = TryLine.Parse(asked, listener, limits.TryMaxBodyBytes);
        try
        {
            if (Interlocked.Increment(ref _inside) > limits.TryConcurrency)
            {
                throw new ChangeRefusedException(503, $"{limits.TryConcurrency} requests are being tried already (AdminUi:TryConcurrency); try again in a moment.");
            }
            await context.Response.WriteAsJsonAsync(await SendAsync(request, listener, context.RequestAborted), TryJson.Default.TryAnswer, cancellationToken: context.RequestAborted);
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    private ListenAddress ListenerOf(TryRequest asked) =>
        ListenAddress.Parse(
            asked.Listener is not { } wanted ? sockets.Urls[0]
            : sockets.Urls.Contains(wanted, StringComparer.Ordinal) ? wanted
            : throw new ChangeRefusedException(422, $"'{wanted}' is no listener of this gateway; it listens on {string.Join(", ", sockets.Urls)}."), "listener");

    private async Task<TryAnswer> SendAsync(HttpRequestMessage request, ListenAddress listener, CancellationToken cancellation)
    {
        using var time = new CancellationTokenSource(TimeSpan.FromMilliseconds(limits.TryTimeoutMs), clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellation);
        using var client = new HttpMessageInvoker(Handler(listener));
        var started = clock.GetTimestamp();
        try
        {
            using var response = await client.SendAsync(request, ended.Token);
            var firstByte = clock.GetElapsedTime(started);
            var (body, note) = await ReadAsync(response, ended.Token, time.Token);
            var elapsed = clock.GetElapsedTime(started);
            var text = Text(body);
            return new TryAnswer(
                (int)response.StatusCode, response.ReasonPhrase ?? "", response.Version.ToString(2), [.. HeadersOf(response)], text, text is null ? Convert.ToBase64String(body) : null,
                body.Length, note is null, note, firstByte.TotalMilliseconds, elapsed.TotalMilliseconds);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ChangeRefusedException(504, $"The gateway did not answer within {limits.TryTimeoutMs} ms (AdminUi:TryTimeoutMs).");
        }
        catch (HttpRequestException e)
        {
            throw new ChangeRefusedException(502, $"The request got no answer: {(e.InnerException ?? e).Message.TrimEnd('.')}.");
        }
    }

    private async Task<(byte[] Body, string? Note)> ReadAsync(HttpResponseMessage response, CancellationToken ended, CancellationToken time)
    {
        await using var content = await response.Content.ReadAsStreamAsync(ended);
        var body = new byte[limits.TryMaxBodyBytes];
        var length = 0;
        try
        {
            while (length < body.Length && await content.ReadAsync(body.AsMemory(length), ended) is > 0 and var read)
            {
                length += read;
            }
            var more = length == body.Length && await content.ReadAsync(new byte[1], ended) > 0;
            return (body[..length], more ? $"Cut off after {limits.TryMaxBodyBytes} bytes (AdminUi:TryMaxBodyBytes)." : null);
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested)
        {
            return (body[..length], $"Cut off after {limits.TryTimeoutMs} ms (AdminUi:TryTimeoutMs).");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (body[..length], $"The answer broke off: {e.Message.TrimEnd('.')}.");
        }
    }

    // Whatever host the request names, the connection goes to the listener; its certificate is for its clients' name, not for this address.
    private static SocketsHttpHandler Handler(ListenAddress listener) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
#pragma warning disable CA5359 // nobody can stand between: the address is one that this process listens on
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(TryLine.TargetOf(listener), listener.Port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    private static IEnumerable<TryHeader> HeadersOf(HttpResponseMessage response) =>
        from header in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
        from value in header.Value
        select new TryHeader(header.Key, value);

    private static string? Text(byte[] body)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(body);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
