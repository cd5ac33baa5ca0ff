using System.Net;
using System.Runtime.InteropServices;
using EdgeGw.Abi;
using EdgeGw.Pipeline;
using EdgeGw.Pipeline.Accept;
using Microsoft.Extensions.Primitives;

namespace EdgeGw.Interop;

/// <summary>The functions of <c>edgegw_exchange_v1</c>: each finds the exchange, enters it, lets managed code do the work on spans, and leaves. No exception crosses.</summary>
internal static unsafe class ExchangeTable
{
    private static readonly AbiExchangeV1* s_table = Create();

    /// <summary>The table; lives as long as the process.</summary>
    public static void* Pointer => s_table;

    /// <summary>Where ids are looked up. Set once, before any library is loaded.</summary>
    public static PipelineContext? Context { get; set; }

    private static AbiExchangeV1* Create()
    {
        var table = (AbiExchangeV1*)NativeMemory.AllocZeroed((nuint)sizeof(AbiExchangeV1));
        table->Size = (uint)sizeof(AbiExchangeV1);
        table->Property = &Property;
        table->Header = &Header;
        table->NextHeader = &NextHeader;
        table->BodyRead = &BodyRead;
        table->BodyReadAll = &BodyReadAll;
        table->ResponseStatus = &ResponseStatus;
        table->ResponseHeader = &ResponseHeader;
        table->ResponseContentLength = &ResponseContentLength;
        table->ResponseSpan = &ResponseSpan;
        table->ResponseAdvance = &ResponseAdvance;
        table->ResponseWrite = &ResponseWrite;
        table->ResponseFlush = &ResponseFlush;
        table->Complete = &Complete;
        table->SetError = &SetError;
        table->OnCancelled = &OnCancelled;
        return table;
    }

    private static AbiResult Enter(ulong id, string function, out Exchange exchange)
    {
        var context = Context;
        if (context is null || !context.Exchanges.TryGet(id, out exchange!))
        {
            exchange = null!;
            return context is null ? AbiResult.InvalidState : context.Faults.ReportStale(id, function, AbiResult.InvalidState);
        }
        var result = exchange.TryEnter(id);
        return result == AbiResult.Ok ? result : context.Faults.ReportStale(id, function, result);
    }

    // NULL with a length, or more than a span can hold.
    private static bool IsInvalid(AbiText text) => (text.Data is null && text.Length > 0) || text.Length > int.MaxValue;

    // A fault of the gateway's own must not kill the process on its way through the library.
    private static AbiResult Failed(Exchange exchange, Exception e)
    {
        if (e is OutOfMemoryException)
        {
            return AbiResult.OutOfMemory;
        }
        exchange.Context.Log.Write(Logging.Level.Error, "worker", $"A call of a handler's failed inside the gateway: {e}");
        return AbiResult.Internal;
    }

    [UnmanagedCallersOnly]
    private static AbiResult Property(ulong id, AbiProperty property, AbiText* value)
    {
        if (value is null)
        {
            return AbiResult.InvalidArgument;
        }
        var entered = Enter(id, "property", out var exchange);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        try
        {
            var memory = exchange.Memory;
            switch (property)
            {
                case AbiProperty.Host:
                    *value = memory.StoreLatin1(Acceptance.Host(exchange));
                    return AbiResult.Ok;
                case AbiProperty.Scheme:
                    *value = KnownTexts.Scheme(Acceptance.Client(exchange).Scheme);
                    return AbiResult.Ok;
                case AbiProperty.ClientAddress:
                    *value = Address(memory, Acceptance.Client(exchange).Address);
                    return AbiResult.Ok;
                case AbiProperty.RequestId:
                    *value = exchange.RequestId.ForHandler(memory);
                    return AbiResult.Ok;
                case AbiProperty.Protocol:
                    *value = KnownTexts.Protocol(exchange.Request.Protocol);
                    return AbiResult.Ok;
                case AbiProperty.Target:
                    *value = memory.StoreLatin1(exchange.Request.RawTarget);
                    return AbiResult.Ok;
                case AbiProperty.Route:
                    *value = exchange.Route!.PatternText;
                    return AbiResult.Ok;
                default:
                    return AbiResult.Unsupported;
            }
        }
        catch (Exception e)
        {
            return Failed(exchange, e);
        }
        finally
        {
            exchange.Exit(id);
        }
    }

    private static AbiText Address(ExchangeMemory memory, IPAddress? address)
    {
        if (address is null)
        {
            return default;
        }
        var room = memory.Take(48, out var text); // the longest IPv6 text with a scope fits
        return address.TryFormat(room, out var length) ? ExchangeMemory.Cut(text, length) : default;
    }

    [UnmanagedCallersOnly]
    private static AbiResult Header(ulong id, AbiText name, AbiText* value)
    {
        if (value is null || IsInvalid(name))
        {
            return AbiResult.InvalidArgument;
        }
        var entered = Enter(id, "header", out var exchange);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        try
        {
            var key = exchange.Context.HeaderNames.Get(name.AsSpan());
            if (!exchange.Request.Headers.TryGetValue(key, out StringValues values) || values.Count == 0)
            {
                *value = default;
                return AbiResult.End;
            }
            *value = exchange.Memory.StoreLatin1(values[0]);
            return AbiResult.Ok;
        }
        catch (Exception e)
        {
            return Failed(exchange, e);
        }
        finally
        {
            exchange.Exit(id);
        }
    }

    [UnmanagedCallersOnly]
    private static AbiResult NextHeader(ulong id, uint* cursor, AbiText* name, AbiText* value)
    {
        if (cursor is null || name is null || value is null)
        {
            return AbiResult.InvalidArgument;
        }
        var entered = Enter(id, "next_header", out var exchange);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        try
        {
            // The cursor counts lines. Walking from the start each time is quadratic, but over at most Limits:MaxHeaderCount lines and only for handlers that list all headers.
            var line = 0u;
            foreach (var (key, values) in exchange.Request.Headers)
            {
                foreach (var text in values)
                {
                    if (line++ == *cursor)
                    {
                        *cursor = line;
                        *name = exchange.Memory.StoreLatin1(key);
                        *value = exchange.Memory.StoreLatin1(text);
                        return AbiResult.Ok;
                    }
                }
            }
            return AbiResult.End;
        }
        catch (Exception e)
        {
            return Failed(exchange, e);
        }
        finally
        {
            exchange.Exit(id);
        }
    }

    [UnmanagedCallersOnly]
    private static AbiResult BodyRead(ulong id, AbiText* chunk, delegate* unmanaged<void*, AbiResult, void> ready, void* state)
    {
        if (chunk is null || ready is null)
        {
            return AbiResult.InvalidArgument;
        }
        var entered = Enter(id, "body_read", out var exchange);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        try
        {
            return exchange.Body.ReadChunk(id, out *chunk, new ReadyCallback(ready, state));
        }
        catch (Exception e)
        {
            return Failed(exchange, e);
        }
        finally
        {
            exchange.Exit(id);
        }
    }

    [UnmanagedCallersOnly]
    private static AbiResult BodyReadAll(ulong id, nuint limit, AbiText* body, delegate* unmanaged<void*, AbiResult, void> ready, void* state)
    {
        if (body is null || ready is null)
        {
            return AbiResult.InvalidArgument;
        }
        var entered = Enter(id, "body_read_all", out var exchange);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        try
        {
            return exchange.Body.ReadAll(id, (long)Math.Min((ulong)limit, long.MaxValue), out *body, new ReadyCallback(ready, state));
        }
        catch (Exception e)
        {
            return Failed(exchange, e);
        }
        finally
        {
            exchange.Exit(id);
        }
    }

    [UnmanagedCallersOnly]
    private static AbiResult ResponseStatus(ulong id, uint status)
    {
        var entered = Enter(id, "response_status", out var exchange);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        try
        {
            return exchange.Response.SetStatus(status);
        }
        catch (Exception e)
        {
            return Failed(exchange, e);
        }
        finally
        {
            exchange.Exit(id);
        }
    }

    [UnmanagedCallersOnly]
    private static AbiResult ResponseHeader(ulong id, AbiText name, AbiText value)
    {
        if (IsInvalid(name) || IsInvalid(value))
        {
            return AbiResult.InvalidArgument;
        }
        var entered = Enter(id, "response_header", out var exchange);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        try
        {
            return exchange.Response.AddHeader(name.AsSpan(), value.AsSpan());
        }
        catch (Exception e)
        {
            return Failed(exchange, e);
        }
        finally
        {
            exchange.Exit(id);
        }
    }

    [UnmanagedCallersOnly]
    private static AbiResult ResponseContentLength(ulong id, ulong length)
    {
        var entered = Enter(id, "response_content_length", out var exchange);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        try
        {
            return exchange.Response.Announce(length);
        }
        catch (Exception e)
        {
            return Failed(exchange, e);
        }
        finally
        {
            exchange.Exit(id);
        }
    }

    [UnmanagedCallersOnly]
    private static AbiResult ResponseSpan(ulong id, nuint hint, AbiSpan* span)
    {
        if (span is null)
        {
            return AbiResult.InvalidArgument;
        }
        var entered = Enter(id, "response_span", out var exchange);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        try
        {
            return exchange.Response.Room((int)Math.Min(hint, int.MaxValue), out *span);
        }
        catch (Exception e)
        {
            return Failed(exchange, e);
        }
        finally
        {
            exchange.Exit(id);
        }
    }

    [UnmanagedCallersOnly]
    private static AbiResult ResponseAdvance(ulong id, nuint written)
    {
        var entered = Enter(id, "response_advance", out var exchange);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        try
        {
            return exchange.Response.Advance(written);
        }
        catch (Exception e)
        {
            return Failed(exchange, e);
        }
        finally
        {
            exchange.Exit(id);
        }
    }

    [UnmanagedCallersOnly]
    private static AbiResult ResponseWrite(ulong id, AbiText bytes)
    {
        if (IsInvalid(bytes))
        {
            return AbiResult.InvalidArgument;
        }
        var entered = Enter(id, "response_write", out var exchange);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        try
        {
            return exchange.Response.Write(bytes.AsSpan());
        }
        catch (Exception e)
        {
            return Failed(exchange, e);
        }
        finally
        {
            exchange.Exit(id);
        }
    }

    [UnmanagedCallersOnly]
    private static AbiResult ResponseFlush(ulong id, delegate* unmanaged<void*, AbiResult, void> ready, void* state)
    {
        if (ready is null)
        {
            return AbiResult.InvalidArgument;
        }
        var entered = Enter(id, "response_flush", out var exchange);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        try
        {
            return exchange.Response.Flush(id, new ReadyCallback(ready, state));
        }
        catch (Exception e)
        {
            return Failed(exchange, e);
        }
        finally
        {
            exchange.Exit(id);
        }
    }

    [UnmanagedCallersOnly]
    private static AbiResult Complete(ulong id, AbiResult outcome)
    {
        var entered = Enter(id, "complete", out var exchange);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        exchange.Complete(outcome == AbiResult.Pending || outcome == AbiResult.End ? AbiResult.Ok : outcome);
        return AbiResult.Ok;
    }

    [UnmanagedCallersOnly]
    private static AbiResult SetError(ulong id, AbiText message)
    {
        if (IsInvalid(message))
        {
            return AbiResult.InvalidArgument;
        }
        var entered = Enter(id, "set_error", out var exchange);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        try
        {
            exchange.Error = NativeText.Read(message, 16 * 1024);
            return AbiResult.Ok;
        }
        catch (Exception e)
        {
            return Failed(exchange, e);
        }
        finally
        {
            exchange.Exit(id);
        }
    }

    [UnmanagedCallersOnly]
    private static AbiResult OnCancelled(ulong id, delegate* unmanaged<void*, void> callback, void* state)
    {
        var entered = Enter(id, "on_cancelled", out var exchange);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        var work = new WorkCallback(callback, state);
        var kept = exchange.Cancellation.TryRegister(work);
        exchange.Exit(id);
        if (kept)
        {
            return AbiResult.Ok;
        }
        // It has happened already: called here, outside the guard, since the callback may call the exchange's functions.
        if (work.IsSet && exchange.Callbacks.TryEnter(id, out var outer))
        {
            work.Invoke();
            exchange.Callbacks.Exit(outer);
        }
        return AbiResult.Cancelled;
    }
}
