using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>
/// One request under way, and all objects that a request needs; reused. Everything that touches the gateway's memory goes through here, and
/// is refused once the request is over. The parts: this file holds its life, <c>Exchange.Body.cs</c> and <c>Exchange.Response.cs</c> the calls,
/// <c>Exchange.Run.cs</c> the order of things.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "GatewayMemory owns nothing that could be disposed of.")]
internal sealed unsafe partial class Exchange
{
    /// <summary>One idle object per gateway thread: enough for handlers that answer at once, and bounded.</summary>
    [ThreadStatic]
    private static Exchange? t_idle;

    /// <summary>And some for all: a handler that waits for a service often ends on another thread than it began on.</summary>
    private static readonly Pool<Exchange> Idle = new(32);

    private readonly PendingOperation _bodyWait;
    private readonly PendingOperation _flushWait;
    private readonly ExchangeWriter _writer;
    private AbiExchangeV1* _table;
    private AbiRequest* _request;
    private CancellationTokenSource? _cancellation;
    private GCHandle _cancellationHandle;

    private Exchange()
    {
        _bodyWait = new PendingOperation(this);
        _flushWait = new PendingOperation(this);
        _writer = new ExchangeWriter(this);
        Context = new Context(this);
        Request = new Request(this);
    }

    public LibraryInstance Library { get; private set; } = null!;

    /// <summary>The calls of services under way.</summary>
    public ServiceCalls Calls { get; } = new();

    public HandlerRoute Route { get; private set; } = null!;

    public Context Context { get; private set; }

    public Request Request { get; private set; }

    /// <summary>The gateway's number for this exchange; 0 when the request is over.</summary>
    public ulong Id { get; private set; }

    public bool IsCancelled => Volatile.Read(ref *Live->Cancelled) != 0;

    public long DeadlineNanoseconds => Live->Deadline;

    public ReadOnlySpan<byte> Method => Live->Method.AsSpan();

    public ReadOnlySpan<byte> Path => Live->Path.AsSpan();

    public ReadOnlySpan<byte> Query => Live->Query.AsSpan();

    public bool HasBody => (Live->Flags & AbiRequestFlags.HasBody) != 0;

    public bool IsSecure => (Live->Flags & AbiRequestFlags.Secure) != 0;

    public long ContentLength => Live->ContentLength;

    /// <summary>The value of a path parameter, or false when the route has none of that name.</summary>
    public bool TryGetParameter(string name, out ReadOnlySpan<byte> value)
    {
        var index = Array.IndexOf(Route.ParameterNames, name);
        if (index < 0 || (nuint)index >= Live->ParameterCount)
        {
            value = default;
            return false;
        }
        value = Live->Parameters[index].AsSpan();
        return true;
    }

    public CancellationToken CancellationToken
    {
        get
        {
            if (_cancellation is { } existing)
                return existing.Token;
            _ = Live;
            var source = new CancellationTokenSource();
            _cancellationHandle = GCHandle.Alloc(new Cancellation(source, Library.Synchronization));
            _cancellation = source;
            if (_table->OnCancelled(Id, &OnCancelled, (void*)GCHandle.ToIntPtr(_cancellationHandle)) == AbiResult.Cancelled)
                source.Cancel();
            return source.Token;
        }
    }

    private AbiRequest* Live
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var request = _request;
            if (request is null)
                ThrowOver();
            return request;
        }
    }

    public static Exchange Rent(LibraryInstance library, uint route, AbiRequest* request)
    {
        var exchange = t_idle ?? Idle.TryTake() ?? new Exchange();
        t_idle = null;
        if (exchange.Library != library)
            exchange.UseLibrary(library);
        exchange.Route = library.Handlers.Routes[(int)route];
        exchange._table = library.Exchanges;
        exchange._request = request;
        exchange.Id = request->Exchange;
        return exchange;
    }

    public string? Property(AbiProperty property)
    {
        _ = Live;
        AbiText value;
        return _table->Property(Id, property, &value) == AbiResult.Ok ? Text(value.AsSpan()) : null;
    }

    /// <summary>The first value of a header; false when there is none.</summary>
    public bool TryGetHeader(string name, out ReadOnlySpan<byte> value)
    {
        _ = Live;
        value = default;
        Span<byte> buffer = stackalloc byte[128];
        if (!Encoding.ASCII.TryGetBytes(name, buffer, out var length))
            return false; // no gateway passes a name of that length
        AbiText text;
        fixed (byte* data = buffer)
        {
            if (_table->Header(Id, new AbiText(data, length), &text) != AbiResult.Ok)
                return false;
        }
        value = text.AsSpan();
        return true;
    }

    public bool NextHeader(ref uint cursor, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        _ = Live;
        AbiText n = default, v = default;
        bool found;
        fixed (uint* position = &cursor)
            found = _table->NextHeader(Id, position, &n, &v) == AbiResult.Ok;
        name = n.AsSpan();
        value = v.AsSpan();
        return found;
    }

    /// <summary>Text as received: UTF-8 where it is that, else each byte as the character of its number (Latin-1).</summary>
    public static string Text(ReadOnlySpan<byte> bytes)
        => System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);

    /// <summary>
    /// Ends the exchange and gives the result that <c>handle</c> returns. When the gateway knows one of our addresses, a callback may be on its way:
    /// only after complete() has returned is there none, so then the end is said by complete() even if the handler answered at once.
    /// </summary>
    private AbiResult Finish(AbiResult result, bool pending)
    {
        if (pending || _bodyWait.IsKnownToGateway || _flushWait.IsKnownToGateway || _cancellationHandle.IsAllocated || Calls.IsUsed)
        {
            _ = _table->Complete(Id, result); // refused only if the gateway has ended the exchange already
            result = AbiResult.Pending;
        }
        Release();
        return result;
    }

    private void Release()
    {
        Id = 0;
        _request = null;
        _bodyWait.Release();
        _flushWait.Release();
        Calls.End();
        if (_cancellationHandle.IsAllocated)
            _cancellationHandle.Free();
        _cancellation = null;
        ResetBody();
        HasResponseStarted = false;
        _writer.Reset();
        Request.Reset();
        if (t_idle is null)
            t_idle = this;
        else
            _ = Idle.TryGive(this); // what does not fit is left to the collector
    }

    private void SetError(string message)
    {
        var bytes = Encoding.UTF8.GetBytes(message);
        fixed (byte* data = bytes)
            _ = _table->SetError(Id, new AbiText(data, bytes.Length)); // for the log: the result says the rest
    }

    private static void ThrowOver()
        => throw new InvalidOperationException("The request is over: its Context and Request must not be used after the response has been sent.");

    private sealed record Cancellation(CancellationTokenSource Source, GatewaySynchronizationContext Synchronization);

    [UnmanagedCallersOnly]
    private static void OnCancelled(void* state)
    {
        var cancellation = (Cancellation)GCHandle.FromIntPtr((nint)state).Target!;
        try
        {
            // Cancel runs the handler's own code, and this callback must be short.
            cancellation.Synchronization.Post(static s => ((CancellationTokenSource)s!).Cancel(), cancellation.Source);
        }
        catch (Exception e)
        {
            cancellation.Synchronization.Report("A cancellation could not be passed on.", e);
        }
    }
}
