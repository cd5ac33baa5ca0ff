using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGw.Abi;

namespace EdgeGw;

/// <summary>
/// A parameter of a statement. Whatever converts to it is data, never SQL. No conversion allocates, but those of arrays and JSON. A nullable without a
/// value, and a reference that is null, is NULL; a literal null must be written <see cref="Null"/>.
/// </summary>
public readonly partial struct DbValue
{
    private readonly object? _reference; // string, byte[] or MemoryManager<byte>, DbValue[]
    private readonly Int128 _bits; // numbers and what is counted in them; a memory's start and length; a decimal or a Guid

    private DbValue(AbiValueKind kind, Int128 bits, object? reference = null)
    {
        Kind = kind;
        _bits = bits;
        _reference = reference;
    }

    /// <summary>NULL.</summary>
    public static DbValue Null => default;

    /// <summary>True for NULL.</summary>
    public bool IsNull => Kind == AbiValueKind.Null;

    internal AbiValueKind Kind { get; }

    internal long Integer => (long)_bits;

    internal double Real => BitConverter.Int64BitsToDouble((long)_bits);

    internal Guid Uuid => Bits<Guid>(_bits);

    internal decimal Decimal => Bits<decimal>(_bits);

    /// <summary>The characters of text, JSON, a decimal that is text, or an interval.</summary>
    internal string? Text => _reference as string;

    internal ReadOnlyMemory<byte> Bytes => Memory(_reference, (int)(_bits >> 32), (int)(uint)_bits);

    internal ReadOnlySpan<DbValue> Items => (DbValue[])_reference!;

    /// <summary>JSON text (RFC 8259).</summary>
    public static DbValue Json(string? json) => json is null ? default : new(AbiValueKind.Json, 0, json);

    /// <summary>A value as JSON, by its source-generated contract.</summary>
    public static DbValue Json<T>(T value, JsonTypeInfo<T> typeInfo)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, typeInfo);
        return new(AbiValueKind.Json, json.Length, json);
    }

    /// <summary>An array; its elements are of one kind, or NULL.</summary>
    public static DbValue Array(params DbValue[]? items) => items is null ? default : new(AbiValueKind.Array, 0, items);

    private static DbValue OfMemory(ReadOnlyMemory<byte> memory)
    {
        if (MemoryMarshal.TryGetArray(memory, out var segment))
            return new(AbiValueKind.Blob, ((Int128)segment.Offset << 32) | (uint)segment.Count, segment.Array ?? []);
        if (MemoryMarshal.TryGetMemoryManager<byte, System.Buffers.MemoryManager<byte>>(memory, out var manager, out var start, out var length))
            return new(AbiValueKind.Blob, ((Int128)start << 32) | (uint)length, manager);
        return memory.ToArray();
    }

    private static ReadOnlyMemory<byte> Memory(object? owner, int start, int length) => owner switch
    {
        byte[] array => array.AsMemory(start, length),
        System.Buffers.MemoryManager<byte> manager => manager.Memory.Slice(start, length),
        _ => default,
    };

    private static DbValue OfArray<T>(T[]? array, Converter<T, DbValue> convert) => array is null ? default : new(AbiValueKind.Array, 0, System.Array.ConvertAll(array, convert));

    private static Int128 Bits<T>(T value) where T : unmanaged => System.Runtime.CompilerServices.Unsafe.BitCast<T, Int128>(value);

    private static T Bits<T>(Int128 bits) where T : unmanaged => System.Runtime.CompilerServices.Unsafe.BitCast<Int128, T>(bits);

    private static long Micros(TimeSpan sinceEpoch) => sinceEpoch.Ticks >= 0
        ? sinceEpoch.Ticks / TimeSpan.TicksPerMicrosecond
        : (sinceEpoch.Ticks - TimeSpan.TicksPerMicrosecond + 1) / TimeSpan.TicksPerMicrosecond; // down, so that order is kept
}
