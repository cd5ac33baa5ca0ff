using System.Buffers;
using System.Runtime.InteropServices;
using EdgeGw.Abi;

namespace EdgeGw.Testing.Interop;

/// <summary>The functions of <c>edgegw.http.v1</c>.</summary>
internal static unsafe class HttpFunctions
{
    private const int MostHeaders = 100;

    // RFC 9110, section 5.6.2.
    private static readonly SearchValues<byte> TokenBytes = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    public static AbiHttpV1 Table() => new()
    {
        Size = (uint)sizeof(AbiHttpV1),
        Send = &Send,
        Write = &Write,
        Finish = &Finish,
        Read = &Read,
        Close = &Close,
    };

    /// <summary>A request whose body is on its way.</summary>
    private sealed record Outgoing(FakeHttpRequest Head, MemoryStream Body);

    [UnmanagedCallersOnly]
    private static AbiResult Send(ulong exchange, ulong service, AbiHttpRequest* request, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        if (request is null || request->Size < sizeof(AbiHttpRequest) || request->HeaderCount > MostHeaders || request->BodyLength < -2
            || !Uri.TryCreate(ServiceDoor.Text(request->Url), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || !IsToken(request->Method) || ServiceDoor.Text(request->Method) == "CONNECT")
        {
            return AbiResult.InvalidArgument;
        }
        var headers = new List<KeyValuePair<string, string>>();
        for (uint i = 0; i < request->HeaderCount; i++)
        {
            if (!IsToken(request->Headers[i].Name) || request->Headers[i].Value.AsSpan().ContainsAny("\0\r\n"u8))
                return AbiResult.InvalidArgument;
            headers.Add(new(ServiceDoor.Text(request->Headers[i].Name), ServiceDoor.Text(request->Headers[i].Value)));
        }
        var head = new FakeHttpRequest(ServiceDoor.Text(request->Method), url.OriginalString, headers, [])
        {
            Timeout = TimeSpan.FromMilliseconds(request->Timeout),
            MaxRedirects = (int)Math.Min(request->MaxRedirects, int.MaxValue),
        };
        if (request->BodyLength != -2)
        {
            return ServiceDoor.Start<FakeHttp>("send", exchange, service, replied, state,
                (x, h) => Task.FromResult(FakeReply.Done with { Open = x.Opens.Add(h, new Outgoing(head, new MemoryStream()), null) }));
        }
        var body = request->Body.AsSpan().ToArray();
        return ServiceDoor.Start<FakeHttp>("send", exchange, service, replied, state, (x, h) => h.Send(x, head with { Body = body }));
    }

    private static bool IsToken(AbiText text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(TokenBytes);

    [UnmanagedCallersOnly]
    private static AbiResult Write(ulong exchange, ulong request, AbiText bytes, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        var piece = bytes.AsSpan().ToArray();
        return ServiceDoor.Start<FakeHttp, Outgoing>("write", exchange, request, replied, state, (_, h, o) =>
        {
            if (o.Body.Length >= h.EnoughBytes)
                return Task.FromResult(FakeReply.Nothing);
            o.Body.Write(piece);
            return Task.FromResult(FakeReply.Done);
        });
    }

    [UnmanagedCallersOnly]
    private static AbiResult Finish(ulong exchange, ulong request, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
        => ServiceDoor.Start<FakeHttp, Outgoing>("finish", exchange, request, replied, state, (x, h, o) =>
        {
            x.Opens.Remove(request);
            return h.Send(x, o.Head with { Body = o.Body.ToArray() });
        });

    [UnmanagedCallersOnly]
    private static AbiResult Read(ulong exchange, ulong response, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
        => ServiceDoor.Start<FakeHttp, MemoryStream>("read", exchange, response, replied, state, (x, h, b) => Task.FromResult(h.Read(x, response, b)));

    [UnmanagedCallersOnly]
    private static AbiResult Close(ulong exchange, ulong open, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
        => ServiceDoor.Start<FakeHttp, object>("close", exchange, open, replied, state, (x, _, _) =>
        {
            x.Opens.Close(open);
            return Task.FromResult(FakeReply.Done);
        });
}
