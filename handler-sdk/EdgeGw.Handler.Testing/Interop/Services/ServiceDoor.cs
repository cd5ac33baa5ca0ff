using System.Collections.Concurrent;
using System.Text;
using EdgeGw.Abi;

namespace EdgeGw.Testing.Interop;

/// <summary>What all functions of services do before and after their own work: check the arguments, and reply on another thread.</summary>
internal static unsafe class ServiceDoor
{
    private static readonly ConcurrentDictionary<ulong, FakeService> Services = new();
    private static ulong s_last;

    public static ulong Register(FakeService service)
    {
        var id = Interlocked.Increment(ref s_last);
        Services[id] = service;
        return id;
    }

    /// <summary>A call of a service.</summary>
    public static AbiResult Start<T>(
        string function, ulong exchange, ulong service, delegate* unmanaged<void*, AbiReply*, void> replied, void* state, Func<FakeExchange, T, Task<FakeReply>> work)
        where T : FakeService
    {
        if (FakeExchange.Find(exchange) is not { } found)
            return AbiResult.InvalidState;
        return Services.GetValueOrDefault(service) is T known && known.Host == found.Host
            ? Run(function, found, known, null, (nint)replied, (nint)state, () => work(found, known))
            : AbiResult.NotBound;
    }

    /// <summary>A call on something open.</summary>
    public static AbiResult Start<T, TState>(string function, ulong exchange, ulong open, delegate* unmanaged<void*, AbiReply*, void> replied, void* state,
        Func<FakeExchange, T, TState, Task<FakeReply>> work)
        where T : FakeService
    {
        if (FakeExchange.Find(exchange) is not { } found || found.Opens.Find(open) is not { Service: T service, State: TState what } entry)
            return AbiResult.InvalidState;
        return Run(function, found, service, entry, (nint)replied, (nint)state, () => work(found, service, what));
    }

    public static string Text(AbiText text) => Encoding.UTF8.GetString(text.AsSpan());

    private static AbiResult Run(
        string function, FakeExchange exchange, FakeService service, FakeOpens.Entry? entry, nint replied, nint state, Func<Task<FakeReply>> work)
    {
        if (replied == 0)
            return AbiResult.InvalidArgument;
        if (service.TryRefuse(out var refused))
            return refused;
        if (exchange.IsCancelled)
            return AbiResult.Cancelled;
        if (entry is not null && !entry.TryEnter())
            return AbiResult.Busy;
        service.Calls.Enqueue(function);
        if (exchange.Host.Options.ReplyAtOnce)
            ServiceWork.ReplyAsync(exchange, service, entry, replied, state, work).GetAwaiter().GetResult();
        else
            _ = Task.Run(() => ServiceWork.ReplyAsync(exchange, service, entry, replied, state, work));
        return AbiResult.Pending;
    }
}
