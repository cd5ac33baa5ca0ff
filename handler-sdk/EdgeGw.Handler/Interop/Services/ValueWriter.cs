using System.Globalization;
using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>Parameters to the values of the ABI, in memory that lives as long as the call.</summary>
internal static unsafe class ValueWriter
{
    public static AbiStatement Statement(NativeArena arena, string sql, ReadOnlySpan<DbValue> parameters)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(sql);
        return new AbiStatement { Sql = arena.Text(sql), Parameters = Write(arena, parameters), ParameterCount = (nuint)parameters.Length };
    }

    public static AbiValue* Write(NativeArena arena, ReadOnlySpan<DbValue> values)
    {
        var written = arena.Allocate<AbiValue>(values.Length);
        for (var i = 0; i < values.Length; i++)
            written[i] = Write(arena, in values[i]);
        return written;
    }

    private static AbiValue Write(NativeArena arena, in DbValue value)
    {
        switch (value.Kind)
        {
            case AbiValueKind.Numeric:
                const int LongestDecimal = 32; // a sign, 29 digits, a point
                var digits = arena.Allocate<byte>(LongestDecimal);
                value.Decimal.TryFormat(new Span<byte>(digits, LongestDecimal), out var length, default, CultureInfo.InvariantCulture);
                return OfBytes(value.Kind, new AbiText(digits, length));
            case AbiValueKind.Uuid:
                var uuid = arena.Allocate<byte>(16);
                value.Uuid.TryWriteBytes(new Span<byte>(uuid, 16), bigEndian: true, out _);
                return OfBytes(value.Kind, new AbiText(uuid, 16));
            case AbiValueKind.Array:
                return new AbiValue { Kind = value.Kind, Length = (uint)value.Items.Length, As = { Items = Write(arena, value.Items) } };
            case AbiValueKind.Text or AbiValueKind.Interval or AbiValueKind.Json or AbiValueKind.Blob:
                return OfBytes(value.Kind, value.Text is { } text ? arena.Text(text) : arena.Bytes(value.Bytes));
            default:
                return new AbiValue { Kind = value.Kind, As = { Integer = value.Integer } }; // a double's bits are in the same place
        }
    }

    private static AbiValue OfBytes(AbiValueKind kind, AbiText bytes)
        => new() { Kind = kind, Length = checked((uint)bytes.Length), As = { Data = bytes.Data } };
}
