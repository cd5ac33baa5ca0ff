using System.Runtime.InteropServices;
using EdgeGw.Abi;
using EdgeGw.Epochs;
using EdgeGw.Generations;
using EdgeGw.Pipeline;
using EdgeGw.Services;

namespace EdgeGw.Interop;

/// <summary>What the tables of all services share: finding a service, and the way of a call from its function to its actor.</summary>
internal static unsafe class ServiceTable
{
    private static readonly AbiServiceV1* s_table = Create();

    /// <summary>The <c>edgegw_service_v1</c>; lives as long as the process.</summary>
    public static void* Pointer => s_table;

    private static AbiServiceV1* Create()
    {
        var table = (AbiServiceV1*)NativeMemory.AllocZeroed((nuint)sizeof(AbiServiceV1));
        table->Size = (uint)sizeof(AbiServiceV1);
        table->Find = &Find;
        return table;
    }

    /// <summary>NULL with a length, or more than a span can hold.</summary>
    public static bool IsInvalid(AbiText text) => (text.Data is null && text.Length > 0) || text.Length > int.MaxValue;

    /// <summary>Enters the exchange for a call of a service of that kind. On success the caller must start a call, which leaves, or exit.</summary>
    public static AbiResult Enter(ulong exchangeId, ulong service, string kind, out Exchange exchange, out ServiceBinding binding)
    {
        binding = null!;
        var entered = Enter(exchangeId, out exchange);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        if (exchange.Context.Services.Binding(service, kind) is { } found)
        {
            binding = found;
            return AbiResult.Ok;
        }
        exchange.Exit(exchangeId);
        return AbiResult.NotBound;
    }

    /// <summary>Enters the exchange for a call of something open.</summary>
    public static AbiResult Enter<T>(ulong exchangeId, ulong open, out Exchange exchange, out T found) where T : ServiceOpen
    {
        found = null!;
        var entered = Enter(exchangeId, out exchange);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        if (exchange.Services.Find(open) is T known)
        {
            found = known;
            return AbiResult.Ok;
        }
        exchange.Exit(exchangeId);
        return AbiResult.InvalidState;
    }

    /// <summary>Enters the exchange and a stream for a call of that stream.</summary>
    public static AbiResult EnterStream<T>(ulong exchangeId, ulong open, out Exchange exchange, out T found) where T : ServiceStream
    {
        var entered = Enter(exchangeId, open, out exchange, out found);
        if (entered == AbiResult.Ok && found.TryEnter() is var stream and not AbiResult.Ok)
        {
            exchange.Exit(exchangeId);
            return stream;
        }
        return entered;
    }

    /// <summary>Leaves the exchange and gives the filled call to its service. The answer may come before this returns.</summary>
    public static AbiResult Start(Exchange exchange, ulong exchangeId, ServiceBinding binding, ServiceCall call, RepliedCallback replied) =>
        Join(exchange, exchangeId, binding, call, replied) is var joined and not AbiResult.Ok ? joined : binding.Post(call);

    /// <summary>Leaves the exchange and gives the filled call to a session.</summary>
    public static AbiResult Start(Exchange exchange, ulong exchangeId, ServiceBinding binding, ServiceSession session, ServiceCall call, RepliedCallback replied)
    {
        if (Join(exchange, exchangeId, binding, call, replied) is var joined and not AbiResult.Ok)
        {
            return joined;
        }
        binding.Slot.Actor?.Watch(call);
        var posted = session.Post(call);
        return posted == AbiResult.Pending ? posted : binding.Refuse(call, posted);
    }

    private static AbiResult Join(Exchange exchange, ulong exchangeId, ServiceBinding binding, ServiceCall call, RepliedCallback replied)
    {
        call.Begin(exchange, exchangeId, binding, replied);
        var isTooFast = exchange.Route?.Version.ServiceRate?.TryTake() == false;
        var joined = isTooFast ? AbiResult.Busy : exchange.Services.Add(call);
        exchange.Exit(exchangeId);
        if (isTooFast)
        {
            binding.Metrics.Record(joined, 0);
        }
        if (joined != AbiResult.Ok)
        {
            call.Release();
            call.Release();
        }
        return joined;
    }

    private static AbiResult Enter(ulong id, out Exchange exchange)
    {
        var context = ExchangeTable.Context;
        if (context is null || !context.Exchanges.TryGet(id, out exchange!))
        {
            exchange = null!;
            return AbiResult.InvalidState;
        }
        var spin = default(SpinWait);
        while (true)
        {
            var entered = exchange.TryEnter(id);
            if (entered != AbiResult.Busy)
            {
                return entered;
            }
            // Another thread of the handler's is starting a call: it is out again before its service does anything, and any thread may call (service.h).
            spin.SpinOnce();
        }
    }

    [UnmanagedCallersOnly]
    private static AbiResult Find(AbiHost* host, AbiText kind, AbiText name, ulong* service)
    {
        if (service is null || IsInvalid(kind) || IsInvalid(name))
        {
            return AbiResult.InvalidArgument;
        }
        *service = 0;
        if (ExchangeTable.Context is not { } context || HostTables.VersionOf(host) is not HandlerVersion version)
        {
            return AbiResult.NotBound;
        }
        var wanted = NativeText.Read(kind, 64) switch
        {
            ServiceKinds.Database => ServiceKinds.Database,
            ServiceKinds.Cache => ServiceKinds.Cache,
            ServiceKinds.Storage => ServiceKinds.Storage,
            ServiceKinds.Http => ServiceKinds.Http,
            _ => null,
        };
        *service = wanted is null ? 0 : context.Services.Find(version, wanted, NativeText.Read(name, 256));
        return *service == 0 ? AbiResult.NotBound : AbiResult.Ok;
    }
}
