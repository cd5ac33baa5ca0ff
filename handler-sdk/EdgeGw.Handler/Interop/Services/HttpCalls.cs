using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>The functions of <c>edgegw.http.v1</c>.</summary>
internal static unsafe class HttpCalls
{
    private static readonly ReplyReader<bool> More = static (_, reply) => !reply.IsEnd;

    /// <summary>Sends a request.</summary>
    public static ValueTask<T> Send<T>(HttpOut http, HttpOutRequest request, ReplyReader<T> read)
    {
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        var headers = arena.Allocate<AbiHttpHeader>(request.Headers.Count);
        for (var i = 0; i < request.Headers.Count; i++)
            headers[i] = new AbiHttpHeader { Name = arena.Text(request.Headers[i].Key), Value = arena.Text(request.Headers[i].Value) };
        var native = new AbiHttpRequest
        {
            Size = (uint)sizeof(AbiHttpRequest),
            HeaderCount = (uint)request.Headers.Count,
            Method = arena.Text(request.Method),
            Url = arena.Text(request.Url),
            Headers = headers,
            BodyLength = request.BodyStream is null ? -2 : request.BodyLength ?? -1,
            Timeout = (uint)Math.Min(uint.MaxValue, Math.Ceiling(request.Timeout.TotalMilliseconds)),
            MaxRedirects = (uint)request.MaxRedirects,
        };
        var call = ServiceCall<T>.Rent(http.Exchange, http.Service, read);
        if (request.BodyStream is null)
            native.Body = arena.Bytes(request.Body);
        return call.Started(http.Service.Tables.Http->Send(http.Exchange.Id, http.Service.Id, &native, ServiceCall.Replied, call.State));
    }

    /// <summary>The next bytes of a request's body. False: the server has answered, and wants no more.</summary>
    public static ValueTask<bool> Write(OpenHandle request, ReadOnlyMemory<byte> bytes)
    {
        var id = request.Id;
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        var call = ServiceCall<bool>.Rent(request.Exchange, request.Service, More, request);
        return call.Started(request.Service.Tables.Http->Write(request.Exchange.Id, id, arena.Bytes(bytes), ServiceCall.Replied, call.State));
    }

    public static ValueTask<T> Finish<T>(OpenHandle request, ReplyReader<T> read)
    {
        var id = request.Id;
        var call = ServiceCall<T>.Rent(request.Exchange, request.Service, read, request);
        request.Close();
        return call.Started(request.Service.Tables.Http->Finish(request.Exchange.Id, id, ServiceCall.Replied, call.State));
    }
}
