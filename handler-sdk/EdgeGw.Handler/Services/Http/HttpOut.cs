using System.Buffers;
using System.Text.Json.Serialization.Metadata;
using EdgeGw.Interop;

namespace EdgeGw;

/// <summary>
/// Requests to other servers, by the gateway's own pooled client. Where it may connect to is a setting of the service: beyond, <see cref="HttpOutException"/> with
/// the code <c>not-allowed</c>. A server that cannot be reached is <see cref="HandlerError.ServiceUnavailable"/>, one that takes too long
/// <see cref="HandlerError.GatewayTimeout"/>. An answer of any status is an answer.
/// </summary>
public sealed class HttpOut : BoundService
{
    private const int BodyStep = 64 * 1024;

    private static readonly ReplyReader<HttpOutResponse> ReadHead = static (call, reply) =>
    {
        var headers = new KeyValuePair<string, string>[(reply.Values.Length - 1) / 2];
        for (var i = 0; i < headers.Length; i++)
            headers[i] = new(reply.Text(1 + (2 * i)), reply.Text(2 + (2 * i)));
        var open = reply.Open == 0 ? null : new OpenHandle(call.Exchange, call.Service, reply.Open, "response");
        return new HttpOutResponse(call.Exchange, (int)reply.Integer(0), headers, new HttpBodyStream(open));
    };

    private static readonly ReplyReader<OpenHandle> ReadOpen = static (call, reply) => new OpenHandle(call.Exchange, call.Service, reply.Open, "request");

    internal HttpOut(Exchange exchange, Interop.Service service) : base(exchange, service)
    {
    }

    /// <summary>Sends a request; done when the head of the answer has come. Dispose of the answer.</summary>
    public ValueTask<HttpOutResponse> SendAsync(HttpOutRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.BodyStream is { } body ? SendStreamAsync(request, body) : HttpCalls.Send(this, request, ReadHead);
    }

    /// <summary>Gets a page. Dispose of the answer.</summary>
    public ValueTask<HttpOutResponse> GetAsync(string url) => SendAsync(new HttpOutRequest("GET", url));

    /// <summary>Gets JSON.</summary>
    /// <exception cref="HttpOutException">The answer is no success.</exception>
    public async ValueTask<T?> GetJsonAsync<T>(string url, JsonTypeInfo<T> typeInfo)
    {
        await using var response = await SendAsync(new HttpOutRequest("GET", url).WithHeader("Accept", "application/json"));
        return await response.EnsureSuccess().JsonAsync(typeInfo);
    }

    /// <summary>Posts JSON. Dispose of the answer.</summary>
    public ValueTask<HttpOutResponse> PostJsonAsync<T>(string url, T value, JsonTypeInfo<T> typeInfo)
        => SendAsync(new HttpOutRequest("POST", url).WithJson(value, typeInfo));

    private async ValueTask<HttpOutResponse> SendStreamAsync(HttpOutRequest request, Stream body)
    {
        var open = await HttpCalls.Send(this, request, ReadOpen);
        var buffer = ArrayPool<byte>.Shared.Rent(BodyStep);
        try
        {
            // The server may answer before it has heard all: then it wants no more.
            while (await body.ReadAsync(buffer, Exchange.CancellationToken) is > 0 and var count && await HttpCalls.Write(open, buffer.AsMemory(0, count)))
            {
            }
            return await HttpCalls.Finish(open, ReadHead);
        }
        catch
        {
            StreamCalls.CloseForgotten(open);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
