using System.Net;
using System.Runtime.InteropServices;
using EdgeGw.Abi;
using EdgeGw.Pipeline.Accept;
using Microsoft.Extensions.Primitives;

namespace EdgeGw.Interop;

// The request's half.
internal static unsafe partial class ExchangeTable
{
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
                    *value = KnownTexts.Protocol(exchange.Origin?.Protocol ?? exchange.Request.Protocol);
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
}
