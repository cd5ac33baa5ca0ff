using System.Runtime.InteropServices;
using System.Text;
using EdgeGw.Abi;

namespace EdgeGw.Testing.Interop;

/// <summary>The functions of <c>edgegw.exchange.v1</c>: each finds its exchange, makes sure that it is the only one inside, and passes on.</summary>
internal static unsafe class ExchangeFunctions
{
    public static AbiExchangeV1 Table() => new()
    {
        Size = (uint)sizeof(AbiExchangeV1),
        Property = &Property,
        Header = &Header,
        NextHeader = &NextHeader,
        BodyRead = &BodyRead,
        BodyReadAll = &BodyReadAll,
        ResponseStatus = &ResponseStatus,
        ResponseHeader = &ResponseHeader,
        ResponseContentLength = &ResponseContentLength,
        ResponseSpan = &ResponseSpan,
        ResponseAdvance = &ResponseAdvance,
        ResponseWrite = &ResponseWrite,
        ResponseFlush = &ResponseFlush,
        Complete = &Complete,
        SetError = &SetError,
        OnCancelled = &OnCancelled,
    };

    private delegate AbiResult Call(FakeExchange exchange);

    private static AbiResult Inside(ulong id, Call call)
    {
        var exchange = FakeExchange.Find(id);
        if (exchange is null)
            return AbiResult.InvalidState;
        if (!exchange.TryEnter())
            return AbiResult.Busy;
        try
        {
            return call(exchange);
        }
        finally
        {
            exchange.Leave();
        }
    }

    [UnmanagedCallersOnly]
    private static AbiResult Property(ulong id, AbiProperty property, AbiText* value)
        => Inside(id, x => x.Incoming.Property(property, value));

    [UnmanagedCallersOnly]
    private static AbiResult Header(ulong id, AbiText name, AbiText* value)
        => Inside(id, x => x.Incoming.Header(Encoding.UTF8.GetString(name.AsSpan()), value));

    [UnmanagedCallersOnly]
    private static AbiResult NextHeader(ulong id, uint* cursor, AbiText* name, AbiText* value)
        => Inside(id, x => x.Incoming.NextHeader(cursor, name, value));

    [UnmanagedCallersOnly]
    private static AbiResult BodyRead(ulong id, AbiText* chunk, delegate* unmanaged<void*, AbiResult, void> ready, void* state)
        => Inside(id, x => x.IsCancelled ? AbiResult.Cancelled : x.Body.Read(chunk, ready, state));

    [UnmanagedCallersOnly]
    private static AbiResult BodyReadAll(ulong id, nuint limit, AbiText* body, delegate* unmanaged<void*, AbiResult, void> ready, void* state)
        => Inside(id, x => x.IsCancelled ? AbiResult.Cancelled : x.Body.ReadAll((long)limit, body, ready, state));

    [UnmanagedCallersOnly]
    private static AbiResult ResponseStatus(ulong id, uint status)
        => Inside(id, x => x.IsCancelled ? AbiResult.Cancelled : x.Outgoing.SetStatus(status));

    [UnmanagedCallersOnly]
    private static AbiResult ResponseHeader(ulong id, AbiText name, AbiText value)
        => Inside(id, x => x.IsCancelled ? AbiResult.Cancelled : x.Outgoing.AddHeader(Encoding.UTF8.GetString(name.AsSpan()), Encoding.UTF8.GetString(value.AsSpan())));

    [UnmanagedCallersOnly]
    private static AbiResult ResponseContentLength(ulong id, ulong length)
        => Inside(id, x => x.IsCancelled ? AbiResult.Cancelled : x.Outgoing.AnnounceLength((long)length));

    [UnmanagedCallersOnly]
    private static AbiResult ResponseSpan(ulong id, nuint hint, AbiSpan* span)
        => Inside(id, x => x.IsCancelled ? AbiResult.Cancelled : x.Outgoing.Span((int)hint, span));

    [UnmanagedCallersOnly]
    private static AbiResult ResponseAdvance(ulong id, nuint written)
        => Inside(id, x => x.IsCancelled ? AbiResult.Cancelled : x.Outgoing.Advance((int)written));

    [UnmanagedCallersOnly]
    private static AbiResult ResponseWrite(ulong id, AbiText bytes)
        => Inside(id, x => x.IsCancelled ? AbiResult.Cancelled : x.Outgoing.Write(bytes.AsSpan()));

    [UnmanagedCallersOnly]
    private static AbiResult ResponseFlush(ulong id, delegate* unmanaged<void*, AbiResult, void> ready, void* state)
        => Inside(id, x => x.IsCancelled ? AbiResult.Cancelled : x.Outgoing.Flush(ready, state));

    [UnmanagedCallersOnly]
    private static AbiResult SetError(ulong id, AbiText message)
        => Inside(id, x =>
        {
            x.Error = Encoding.UTF8.GetString(message.AsSpan());
            return AbiResult.Ok;
        });

    [UnmanagedCallersOnly]
    private static AbiResult Complete(ulong id, AbiResult outcome)
        => FakeExchange.Find(id) is { } exchange ? exchange.Complete(outcome) : FakeExchange.CompletedTwice(id);

    [UnmanagedCallersOnly]
    private static AbiResult OnCancelled(ulong id, delegate* unmanaged<void*, void> callback, void* state)
        => FakeExchange.Find(id) is { } exchange ? exchange.OnCancelled(callback, state) : AbiResult.InvalidState;
}
