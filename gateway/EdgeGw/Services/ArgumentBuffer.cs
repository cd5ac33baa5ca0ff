using System.Buffers;

namespace EdgeGw.Services;

/// <summary>Keeps the bytes of a call's arguments. Reused with its call; a large one is given back at once.</summary>
internal sealed class ArgumentBuffer
{
    private const int KeptBytes = 16 * 1024;

    private byte[] _first = [];
    private int _used;
    private readonly List<byte[]> _rented = [];

    /// <summary>Copies bytes; they live until <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Copy(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0)
        {
            return default;
        }
        if (_first.Length == 0)
        {
            _first = new byte[512];
        }
        if (_used + bytes.Length > _first.Length)
        {
            if (_used == 0 && bytes.Length <= KeptBytes)
            {
                _first = new byte[bytes.Length];
            }
            else
            {
                var rented = ArrayPool<byte>.Shared.Rent(bytes.Length);
                _rented.Add(rented);
                bytes.CopyTo(rented);
                return rented.AsMemory(0, bytes.Length);
            }
        }
        var room = _first.AsMemory(_used, bytes.Length);
        bytes.CopyTo(room.Span);
        _used += bytes.Length;
        return room;
    }

    /// <summary>The same when somebody may still read them: they are left to the collector.</summary>
    public void Abandon()
    {
        (_first, _used) = ([], 0);
        _rented.Clear();
    }

    /// <summary>Forgets them.</summary>
    public void Clear()
    {
        _used = 0;
        foreach (var rented in _rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
        _rented.Clear();
    }
}
