namespace EdgeGw.Interop;

/// <summary>Something that a service keeps open for one request: a transaction, a cursor, a stream. One call at a time.</summary>
internal sealed class OpenHandle
{
    private readonly Exchange _exchange;
    private readonly ulong _exchangeId;
    private readonly string _what;
    private ulong _open;
    private int _isInside;

    /// <param name="exchange">The request; the object may serve another one later.</param>
    /// <param name="service">Whose it is.</param>
    /// <param name="open">The gateway's number for it.</param>
    /// <param name="what">For sentences: "transaction".</param>
    public OpenHandle(Exchange exchange, Service service, ulong open, string what)
    {
        _exchange = exchange;
        _exchangeId = exchange.Id;
        _open = open;
        _what = what;
        Service = service;
    }

    public Service Service { get; }

    /// <summary>False once it was closed, or its request is over.</summary>
    public bool IsOpen => _open != 0 && _exchange.Id == _exchangeId;

    /// <summary>The request that opened it.</summary>
    public Exchange Exchange => _exchange;

    /// <summary>The gateway's number.</summary>
    /// <exception cref="InvalidOperationException">It is closed, or the request is over.</exception>
    public ulong Id
    {
        get
        {
            if (_exchange.Id != _exchangeId)
                throw new InvalidOperationException($"The request is over, and with it this {_what}.");
            return _open != 0 ? _open : throw new InvalidOperationException($"This {_what} is over.");
        }
    }

    /// <summary>It is closed now, or by the call that follows.</summary>
    public void Close() => _open = 0;

    public void Enter()
    {
        if (Interlocked.Exchange(ref _isInside, 1) != 0)
            throw new InvalidOperationException($"A {_what} takes one call at a time: await the previous one first.");
    }

    public void Leave() => Volatile.Write(ref _isInside, 0);
}
