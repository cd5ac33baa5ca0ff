using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace EdgeGw.Pipeline;

/// <summary>All exchanges of the worker: a pool, and the way from an id back to its exchange. Exchanges are never freed; there are as many as there were requests at once, which
/// the gateway's limits bound.</summary>
internal sealed class ExchangeRegistry(PipelineContext context)
{
    private readonly ConcurrentQueue<Exchange> _free = new();
    private readonly Lock _growing = new();
    private Exchange? _hot;
    private Exchange?[] _slots = new Exchange?[64];
    private int _count;

    /// <summary>Every exchange there is, in use or not; unused slots are null.</summary>
    public ReadOnlySpan<Exchange?> All => Volatile.Read(ref _slots);

    /// <summary>An exchange for a request; null when there are <see cref="ExchangeId.MaxSlots"/> in use.</summary>
    public Exchange? Rent()
    {
        var hot = _hot;
        if (hot is not null && Interlocked.CompareExchange(ref _hot, null, hot) == hot)
        {
            return hot;
        }
        return _free.TryDequeue(out var free) ? free : Grow();
    }

    /// <summary>Gives an exchange back.</summary>
    public void Return(Exchange exchange)
    {
        if (_hot is not null || Interlocked.CompareExchange(ref _hot, exchange, null) is not null)
        {
            _free.Enqueue(exchange);
        }
    }

    /// <summary>The exchange in an id's slot, whoever has it by now: the guard tells.</summary>
    public bool TryGet(ulong id, [NotNullWhen(true)] out Exchange? exchange)
    {
        var slots = Volatile.Read(ref _slots);
        var slot = ExchangeId.Slot(id);
        exchange = slot < slots.Length ? slots[slot] : null;
        return exchange is not null;
    }

    private Exchange? Grow()
    {
        lock (_growing)
        {
            if (_count == ExchangeId.MaxSlots)
            {
                return null;
            }
            if (_count == _slots.Length)
            {
                // Readers go on with the old array: the slots they can ask for are in both.
                var larger = new Exchange?[_slots.Length * 2];
                _slots.CopyTo(larger, 0);
                Volatile.Write(ref _slots, larger);
            }
            var exchange = new Exchange(_count, context);
            Volatile.Write(ref _slots[_count++], exchange);
            return exchange;
        }
    }
}
