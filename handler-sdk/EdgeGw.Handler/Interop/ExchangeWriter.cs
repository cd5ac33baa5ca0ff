using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace EdgeGw.Interop;

/// <summary>
/// Writes a body without copying: the memory it gives out is the server's own output buffer. What is too large for that buffer in one piece goes
/// through a pooled array; what exceeds <see cref="Exchange.FlushThreshold"/> in all is kept in one until the caller can flush between writes.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "GatewayMemory owns nothing that could be disposed of.")]
internal sealed class ExchangeWriter(Exchange exchange) : IBufferWriter<byte>
{
    private readonly GatewayMemory _span = new();
    private byte[]? _rented;
    private int _kept; // bytes at the start of _rented that wait for DrainAsync
    private int _direct; // bytes given to the gateway since Begin
    private bool _inRented;

    public void Begin() => _direct = 0;

    public unsafe Memory<byte> GetMemory(int sizeHint = 0)
    {
        var size = Math.Max(sizeHint, 1);
        if (_kept == 0 && _direct < Exchange.FlushThreshold)
        {
            var span = exchange.Span(size);
            if (span.Length >= (nuint)size)
            {
                _inRented = false;
                _span.Move(span.Data, (int)Math.Min(span.Length, int.MaxValue));
                return _span.Memory;
            }
        }
        _inRented = true;
        Reserve(size);
        return _rented.AsMemory(_kept);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Advance(int count)
    {
        if (!_inRented)
        {
            exchange.Advance(count);
            _direct += count;
        }
        else if (_kept == 0 && _direct + count <= Exchange.FlushThreshold)
        {
            exchange.Write(_rented.AsSpan(0, count));
            _direct += count;
        }
        else
        {
            _kept += count;
        }
    }

    /// <summary>Writes what was kept back; done when it returns if there was nothing.</summary>
    public ValueTask DrainAsync() => _kept == 0 ? default : DrainKeptAsync();

    [AsyncMethodBuilder(typeof(InlineTaskBuilder))]
    private async ValueTask DrainKeptAsync()
    {
        await exchange.FlushAsync();
        await exchange.WriteAsync(_rented.AsMemory(0, _kept));
        Reset();
    }

    public void Reset()
    {
        _kept = 0;
        if (_rented is { } array)
        {
            _rented = null;
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private void Reserve(int size)
    {
        if (_rented is { } array && array.Length - _kept >= size)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(_kept * 2, _kept + Math.Max(size, 16 * 1024))));
        if (_rented is { } old)
        {
            old.AsSpan(0, _kept).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(old);
        }
        _rented = larger;
    }
}
