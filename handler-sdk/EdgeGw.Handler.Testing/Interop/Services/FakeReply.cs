using System.Runtime.InteropServices;
using System.Text;
using EdgeGw.Abi;

namespace EdgeGw.Testing.Interop;

/// <summary>A reply, made native for as long as the callback runs; then it is overwritten and freed: who still reads gets nonsense, not luck.</summary>
internal sealed unsafe record FakeReply
{
    public static FakeReply Done { get; } = new();

    public static FakeReply Nothing { get; } = new() { Result = AbiResult.End };

    public AbiResult Result { get; init; }

    public string Error { get; init; } = "";

    public string Code { get; init; } = "";

    public IReadOnlyList<FakeValue> Values { get; init; } = [];

    public long RowCount { get; init; }

    public long Affected { get; init; }

    public ulong Open { get; init; }

    public IReadOnlyList<string> Names { get; init; } = [];

    public static FakeReply Of(AbiResult result, string error) => new() { Result = result, Error = error };

    public static FakeReply Of(params object?[] values) => new() { Values = [.. values.Select(FakeValue.From)] };

    public void Send(nint replied, nint state)
    {
        var memory = new List<(nint Data, int Length)>();
        var names = (AbiText*)Allocate(memory, Names.Count * sizeof(AbiText));
        for (var i = 0; i < Names.Count; i++)
            names[i] = Text(memory, Encoding.UTF8.GetBytes(Names[i]));
        var reply = (AbiReply*)Allocate(memory, sizeof(AbiReply));
        *reply = new AbiReply
        {
            Size = (uint)sizeof(AbiReply),
            Result = Result,
            Error = Text(memory, Encoding.UTF8.GetBytes(Error)),
            Code = Text(memory, Encoding.UTF8.GetBytes(Code)),
            Values = Write(memory, Values),
            ValueCount = (nuint)Values.Count,
            RowCount = (ulong)RowCount,
            Affected = (ulong)Affected,
            Open = Open,
            Names = Names.Count == 0 ? null : names,
            NameCount = (nuint)Names.Count,
        };
        try
        {
            ((delegate* unmanaged<void*, AbiReply*, void>)replied)((void*)state, reply);
        }
        finally
        {
            foreach (var (data, length) in memory)
            {
                new Span<byte>((void*)data, length).Fill(0xDD);
                NativeMemory.Free((void*)data);
            }
        }
    }

    /// <summary>A value of the library's, copied.</summary>
    public static FakeValue Read(in AbiValue value) => value.Kind switch
    {
        AbiValueKind.Null or AbiValueKind.Bool or AbiValueKind.Int64 or AbiValueKind.Double or AbiValueKind.Timestamp or AbiValueKind.LocalTimestamp
            or AbiValueKind.Date or AbiValueKind.Time => new(value.Kind, value.As.Integer),
        AbiValueKind.Array => new(value.Kind, Items: Read(value.As.Items, value.Length)),
        _ => new(value.Kind, Bytes: value.AsSpan().ToArray()),
    };

    /// <summary>Values of the library's, copied.</summary>
    public static FakeValue[] Read(AbiValue* values, nuint count)
    {
        var read = new FakeValue[count];
        for (var i = 0; i < read.Length; i++)
            read[i] = Read(values[i]);
        return read;
    }

    private static AbiValue* Write(List<(nint Data, int Length)> memory, IReadOnlyList<FakeValue> values)
    {
        var native = (AbiValue*)Allocate(memory, values.Count * sizeof(AbiValue));
        for (var i = 0; i < values.Count; i++)
        {
            var value = values[i];
            native[i] = new AbiValue { Kind = value.Kind, As = { Integer = value.Number } };
            if (value.Items is { } items)
            {
                native[i].Length = (uint)items.Count;
                native[i].As.Items = Write(memory, items);
            }
            else if (value.Bytes is { } bytes)
            {
                native[i].Length = (uint)bytes.Length;
                native[i].As.Data = Text(memory, bytes).Data;
            }
        }
        return native;
    }

    private static AbiText Text(List<(nint Data, int Length)> memory, byte[] bytes)
    {
        var data = (byte*)Allocate(memory, bytes.Length);
        bytes.CopyTo(new Span<byte>(data, bytes.Length));
        return new AbiText(data, bytes.Length);
    }

    private static void* Allocate(List<(nint Data, int Length)> memory, int length)
    {
        var data = NativeMemory.AllocZeroed((nuint)Math.Max(length, 1));
        memory.Add(((nint)data, length));
        return data;
    }
}
