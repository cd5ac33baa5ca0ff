using EdgeGw.Abi;
using EdgeGw.Pipeline;
using EdgeGw.Services;

namespace EdgeGw.Interop;

/// <summary>A call between entering its exchange and being given to its service: ends with <see cref="Start"/> or <see cref="Refuse"/>, each of which leaves the exchange.</summary>
internal readonly struct CallStart<T>(Exchange exchange, ulong exchangeId, ServiceBinding binding, RepliedCallback replied) where T : ServiceCall, new()
{
    /// <summary>The service it is for.</summary>
    public ServiceBinding Binding { get; } = binding;

    /// <summary>The call, to be filled.</summary>
    public T Call { get; } = CallPool<T>.Rent();

    /// <summary>Gives it to its service. The answer may come before this returns.</summary>
    public AbiResult Start() => ServiceTable.Start(exchange, exchangeId, Binding, Call, replied);

    /// <summary>Does not.</summary>
    public AbiResult Refuse(AbiResult result)
    {
        Call.Drop();
        exchange.Exit(exchangeId);
        return result;
    }
}
