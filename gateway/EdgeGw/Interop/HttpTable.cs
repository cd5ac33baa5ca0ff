using System.Buffers;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using EdgeGw.Abi;
using EdgeGw.Epochs;
using EdgeGw.Services;
using EdgeGw.Services.Http;

namespace EdgeGw.Interop;

/// <summary>The functions of <c>edgegw_http_v1</c>: each copies its arguments into a pooled call and gives it to the service's actor. Bodies are copied as well: a call may be answered
/// by the clock while its bytes are still on their way into a connection, and from then on the handler's memory is not ours to read.</summary>
internal static unsafe class HttpTable
{
    private const int MaxHeaders = 100;
    private const int MaxMethod = 32;
    private const int MaxRedirects = 50;

    private static readonly SearchValues<byte> s_token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);
    private static readonly SearchValues<byte> s_forbidden = SearchValues.Create("\0\r\n"u8);
    private static readonly AbiHttpV1* s_table = Create();

    /// <summary>The table; lives as long as the process.</summary>
    public static void* Pointer => s_table;

    private static AbiHttpV1* Create()
    {
        var table = (AbiHttpV1*)NativeMemory.AllocZeroed((nuint)sizeof(AbiHttpV1));
        table->Size = (uint)sizeof(AbiHttpV1);
        table->Send = &Send;
        table->Write = &Write;
        table->Finish = &Finish;
        table->Read = &Read;
        table->Close = &Close;
        return table;
    }

    [UnmanagedCallersOnly]
    private static AbiResult Send(ulong exchangeId, ulong service, AbiHttpRequest* request, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        if (replied is null || request is null || request->Size < sizeof(AbiHttpRequest) || !TryRead(*request, out var outgoing))
        {
            return AbiResult.InvalidArgument;
        }
        var entered = ServiceTable.Enter(exchangeId, service, ServiceKinds.Http, out var exchange, out var binding);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        var target = new CallStart<HttpCall>(exchange, exchangeId, binding, new RepliedCallback(replied, state));
        if (IsTooLarge(binding, request->Body))
        {
            return target.Refuse(AbiResult.TooLarge);
        }
        outgoing = exchange.Trace.Propagate(exchange, outgoing, Stopwatch.GetTimestamp(), out var span);
        (target.Call.Operation, target.Call.Host, target.Call.Span) = (HttpOperation.Send, outgoing.Url.Authority, span);
        target.Call.Request = outgoing with { Body = request->Body.AsSpan().ToArray() };
        target.Call.TimeoutMs = (int)Math.Min(request->Timeout, int.MaxValue);
        return target.Start();
    }

    [UnmanagedCallersOnly]
    private static AbiResult Write(ulong exchangeId, ulong open, AbiText bytes, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        if (ServiceTable.IsInvalid(bytes))
        {
            return AbiResult.InvalidArgument;
        }
        var found = Enter<HttpUpload>(exchangeId, open, HttpOperation.Write, replied, state, out var target);
        if (found != AbiResult.Ok)
        {
            return found;
        }
        if (IsTooLarge(target.Binding, bytes))
        {
            return target.Refuse(AbiResult.TooLarge);
        }
        target.Call.Take(bytes.AsSpan());
        return target.Start();
    }

    [UnmanagedCallersOnly]
    private static AbiResult Finish(ulong exchangeId, ulong open, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        var found = Enter<HttpUpload>(exchangeId, open, HttpOperation.Finish, replied, state, out var target);
        if (found != AbiResult.Ok)
        {
            return found;
        }
        target.Call.TimeoutMs = ((HttpUpload)target.Call.Stream).TimeoutMs;
        return target.Start();
    }

    [UnmanagedCallersOnly]
    private static AbiResult Read(ulong exchangeId, ulong open, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        var found = Enter<HttpDownload>(exchangeId, open, HttpOperation.Read, replied, state, out var target);
        return found == AbiResult.Ok ? target.Start() : found;
    }

    [UnmanagedCallersOnly]
    private static AbiResult Close(ulong exchangeId, ulong open, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        var found = Enter<HttpStream>(exchangeId, open, HttpOperation.Close, replied, state, out var target);
        return found == AbiResult.Ok ? target.Start() : found;
    }

    private static AbiResult Enter<T>(ulong exchangeId, ulong open, HttpOperation operation, delegate* unmanaged<void*, AbiReply*, void> replied, void* state, out CallStart<HttpCall> target) where T : HttpStream
    {
        target = default;
        if (replied is null)
        {
            return AbiResult.InvalidArgument;
        }
        var entered = ServiceTable.EnterStream<T>(exchangeId, open, out var exchange, out var stream);
        if (entered == AbiResult.Ok)
        {
            target = new CallStart<HttpCall>(exchange, exchangeId, stream.Binding, new RepliedCallback(replied, state));
            (target.Call.Operation, target.Call.Stream, target.Call.Host) = (operation, stream, stream.Host);
        }
        return entered;
    }

    private static bool IsTooLarge(ServiceBinding binding, AbiText bytes) => binding.Slot.Actor?.Backend is HttpClientBackend client && bytes.Length > (nuint)client.MaxPieceBytes;

    private static bool TryRead(in AbiHttpRequest request, out OutgoingRequest outgoing)
    {
        outgoing = null!;
        if (request.HeaderCount > MaxHeaders || (request.Headers is null && request.HeaderCount > 0) || request.BodyLength < OutgoingRequest.Whole || ServiceTable.IsInvalid(request.Body)
            || (request.BodyLength != OutgoingRequest.Whole && request.Body.Length > 0) || !IsToken(request.Method) || request.Method.Length > MaxMethod || request.Method.AsSpan().SequenceEqual("CONNECT"u8)
            || ServiceTable.IsInvalid(request.Url) || !Utf8.IsValid(request.Url.AsSpan())
            || !Uri.TryCreate(Encoding.UTF8.GetString(request.Url.AsSpan()), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            return false;
        }
        var headers = new KeyValuePair<string, string>[(int)request.HeaderCount];
        for (var i = 0; i < headers.Length; i++)
        {
            var (name, value) = (request.Headers[i].Name, request.Headers[i].Value);
            if (!IsToken(name) || ServiceTable.IsInvalid(value) || value.AsSpan().ContainsAny(s_forbidden))
            {
                return false;
            }
            // One character for each byte, and the client makes one byte of each again.
            headers[i] = new(Encoding.ASCII.GetString(name.AsSpan()), Encoding.Latin1.GetString(value.AsSpan()).Trim(' ', '\t'));
        }
        outgoing = new OutgoingRequest(Encoding.ASCII.GetString(request.Method.AsSpan()), url, headers, default, request.BodyLength, (int)Math.Min(request.MaxRedirects, MaxRedirects));
        return true;
    }

    private static bool IsToken(AbiText text) => !ServiceTable.IsInvalid(text) && text.Length > 0 && !text.AsSpan().ContainsAnyExcept(s_token);
}
