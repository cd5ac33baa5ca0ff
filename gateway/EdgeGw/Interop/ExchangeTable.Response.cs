using System.Runtime.InteropServices;
using EdgeGw.Abi;

namespace EdgeGw.Interop;

// The response's half.
internal static unsafe partial class ExchangeTable
{
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
}
