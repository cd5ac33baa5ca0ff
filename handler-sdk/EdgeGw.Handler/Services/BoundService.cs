using EdgeGw.Interop;

namespace EdgeGw;

/// <summary>A service of the gateway as one request sees it. Valid until the response has been sent; do not keep it.</summary>
public abstract class BoundService
{
    private protected BoundService(Exchange exchange, Interop.Service service)
    {
        Exchange = exchange;
        Service = service;
    }

    /// <summary>What this library calls it.</summary>
    public string Name => Service.Name;

    internal Exchange Exchange { get; }

    internal Service Service { get; }
}
