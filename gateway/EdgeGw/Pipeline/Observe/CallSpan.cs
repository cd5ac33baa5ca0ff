using EdgeGw.Abi;
using EdgeGw.Services;

namespace EdgeGw.Pipeline.Observe;

/// <summary>One service call of a request, as its record keeps it.</summary>
/// <param name="Slot">The service.</param>
/// <param name="Operation">What was asked for.</param>
/// <param name="Target">Where it went, for services that go to different places; null for others.</param>
/// <param name="Started">In timestamp ticks.</param>
/// <param name="Ended">In timestamp ticks.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Span">Its id, when it was told to others; 0: none yet.</param>
internal readonly record struct CallSpan(ServiceSlot Slot, string Operation, string? Target, long Started, long Ended, AbiResult Result, ulong Span);

/// <summary>The service calls of a request in the order of their ends, bounded. Its scope's lock guards it; after the scope's end nothing is added. Pooled with its exchange.</summary>
/// <param name="most">How many are kept; 0: none.</param>
internal sealed class CallSpans(int most)
{
    // Made with the first call: most exchanges never see one.
    private CallSpan[]? _spans;
    private int _count;

    /// <summary>The calls.</summary>
    public ReadOnlySpan<CallSpan> All => _spans.AsSpan(0, _count);

    /// <summary>Calls that were more than are kept.</summary>
    public int Lost { get; private set; }

    /// <summary>Adds one. Some stores; nothing is allocated but the array, once for each exchange.</summary>
    public void Add(ServiceCall call, AbiResult result, long ended)
    {
        if (_count == most)
        {
            Lost++;
            return;
        }
        _spans ??= new CallSpan[most];
        _spans[_count++] = new CallSpan(call.Binding.Slot, call.OperationName, call.Target, call.Started, ended, result, call.Span);
    }

    /// <summary>Forgets them.</summary>
    public void Clear()
    {
        if (_count > 0)
        {
            _spans.AsSpan(0, _count).Clear();
            _count = 0;
        }
        Lost = 0;
    }
}
