using System.Runtime.InteropServices;
using System.Text;
using EdgeGw.Abi;
using EdgeGw.Pipeline.Match;

namespace EdgeGw.Interop;

/// <summary>The native memory of one exchange: the request as the handler sees it, an arena for its texts, and the staging buffer of the response. Kept with the pooled exchange, so a request
/// in steady state allocates nothing. Not thread-safe: the exchange's guard orders the calls.</summary>
internal sealed unsafe class ExchangeMemory
{
    private const int ArenaBytes = 4096;

    private readonly AbiRequest* _request;
    private readonly AbiText* _parameters;
    private readonly uint* _cancelled;
    private readonly byte* _arena;
    private byte* _staging;
    private readonly List<nint> _overflow = [];
    private int _used;

    /// <summary>Allocates the fixed part; the staging buffer comes with its first use.</summary>
    public ExchangeMemory()
    {
        var parameters = RoutePattern.MaxParameters * sizeof(AbiText);
        var block = (byte*)NativeMemory.AllocZeroed((nuint)(sizeof(AbiRequest) + 16 + parameters + ArenaBytes));
        _request = (AbiRequest*)block;
        _cancelled = (uint*)(block + sizeof(AbiRequest));
        _parameters = (AbiText*)(block + sizeof(AbiRequest) + 16);
        _arena = block + sizeof(AbiRequest) + 16 + parameters;
        _request->Size = (uint)sizeof(AbiRequest);
        _request->Parameters = _parameters;
        _request->Cancelled = _cancelled;
    }

    /// <summary>The request as the handler sees it.</summary>
    public AbiRequest* Request => _request;

    /// <summary>The request's fields.</summary>
    public ref AbiRequest Fields => ref *_request;

    /// <summary>Whether nobody waits for the answer any more: the flag that the handler reads.</summary>
    public bool Cancelled
    {
        get => Volatile.Read(ref *_cancelled) != 0;
        set => Volatile.Write(ref *_cancelled, value ? 1u : 0u);
    }

    /// <summary>Room in the arena; it lives until <see cref="Reset"/>.</summary>
    public Span<byte> Take(int bytes, out AbiText text)
    {
        byte* data;
        if (bytes <= ArenaBytes - _used)
        {
            data = _arena + _used;
            _used += bytes;
        }
        else
        {
            // Rare: long targets and headers. Bounded by Kestrel's limits on the request head.
            data = (byte*)NativeMemory.Alloc((nuint)Math.Max(bytes, 1));
            _overflow.Add((nint)data);
        }
        text = new AbiText(data, bytes);
        return new Span<byte>(data, bytes);
    }

    /// <summary>Copies text in which each character stands for one byte: how Kestrel gives header values here.</summary>
    public AbiText StoreLatin1(ReadOnlySpan<char> text)
    {
        Encoding.Latin1.GetBytes(text, Take(text.Length, out var stored));
        return stored;
    }

    /// <summary>Copies text as UTF-8.</summary>
    public AbiText StoreUtf8(ReadOnlySpan<char> text)
    {
        Encoding.UTF8.GetBytes(text, Take(Encoding.UTF8.GetByteCount(text), out var stored));
        return stored;
    }

    /// <summary>Sets the path and its parameters, all of which lie in <paramref name="path"/>.</summary>
    public void SetPath(AbiText path, ReadOnlySpan<SegmentRange> parameters)
    {
        _request->Path = path;
        for (var i = 0; i < parameters.Length; i++)
        {
            _parameters[i] = new AbiText(path.Data + parameters[i].Start, parameters[i].Length);
        }
        _request->ParameterCount = (nuint)parameters.Length;
    }

    /// <summary>The first bytes of a text taken before.</summary>
    public static AbiText Cut(AbiText text, int length) => new(text.Data, length);

    /// <summary>The response's staging buffer of <paramref name="bytes"/> bytes (the same size at every call).</summary>
    public Span<byte> Staging(int bytes)
    {
        if (_staging is null)
        {
            _staging = GuardedMemory.Allocate(bytes);
        }
        return new Span<byte>(_staging, bytes);
    }

    /// <summary>The part of the staging buffer from <paramref name="start"/> on, as the handler gets it.</summary>
    public AbiSpan StagingRoom(int start, int bytes)
    {
        Staging(bytes);
        return new AbiSpan { Data = _staging + start, Length = (nuint)(bytes - start) };
    }

    /// <summary>Forgets all texts.</summary>
    public void Reset()
    {
        _used = 0;
        if (_overflow.Count > 0)
        {
            foreach (var chunk in _overflow)
            {
                NativeMemory.Free((void*)chunk);
            }
            _overflow.Clear();
        }
    }
}
