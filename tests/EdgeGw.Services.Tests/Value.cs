using System.Globalization;
using System.Text;

namespace EdgeGw.Services.Tests;

/// <summary>A value as it crosses the table, out of native memory.</summary>
internal sealed record Value(AbiValueKind Kind, long Integer = 0, byte[]? Bytes = null, Value[]? Items = null)
{
    public static readonly Value Null = new(AbiValueKind.Null);

    public double Real => BitConverter.Int64BitsToDouble(Integer);

    public string Text => Encoding.UTF8.GetString(Bytes ?? []);

    public static Value Of(object? value) => value switch
    {
        null => Null,
        Value known => known,
        bool truth => new(AbiValueKind.Bool, truth ? 1 : 0),
        int number => new(AbiValueKind.Int64, number),
        long number => new(AbiValueKind.Int64, number),
        double number => new(AbiValueKind.Double, BitConverter.DoubleToInt64Bits(number)),
        string text => Of(AbiValueKind.Text, text),
        byte[] bytes => new(AbiValueKind.Blob, 0, bytes),
        Guid uuid => new(AbiValueKind.Uuid, 0, uuid.ToByteArray(bigEndian: true)),
        object?[] items => new(AbiValueKind.Array, 0, null, [.. items.Select(Of)]),
        _ => throw new NotSupportedException(value.GetType().Name),
    };

    public static Value Of(AbiValueKind kind, string text) => new(kind, 0, Encoding.UTF8.GetBytes(text));

    /// <summary>Kind and content, to compare by.</summary>
    public override string ToString() => Kind switch
    {
        AbiValueKind.Null => "Null",
        AbiValueKind.Double => $"Double {Real.ToString("R", CultureInfo.InvariantCulture)}",
        AbiValueKind.Blob or AbiValueKind.Uuid => $"{Kind} {Convert.ToHexStringLower(Bytes ?? [])}",
        AbiValueKind.Array => $"Array [{string.Join(", ", Items!.Select(item => item.ToString()))}]",
        _ when Bytes is not null => $"{Kind} {Text}",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Kind} {Integer}"),
    };
}

/// <summary>What a call came to, by the callback, or else at once by what the function returned.</summary>
internal sealed record Reply(AbiResult Result, bool IsReply, string Error, string Code, Value[] Values, ulong Rows, ulong Affected, ulong Open, string[] Names)
{
    /// <summary>The rows, each as the texts of its values.</summary>
    public string[][] Table => [.. Values.Chunk(Math.Max(Names.Length, 1)).Select(row => row.Select(value => value.ToString()).ToArray())];

    public override string ToString() => $"{Result} {(IsReply ? "by reply" : "at once")} {Code} {Error} rows={Rows} affected={Affected} open={Open} [{string.Join(" | ", Values.Take(20).Select(value => value.ToString()))}]";
}
