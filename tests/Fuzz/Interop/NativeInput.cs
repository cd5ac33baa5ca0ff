using System.Runtime.InteropServices;
using EdgeGw.Abi;
using EdgeGw.Interop;
using EdgeGw.Services;

namespace EdgeGw.Fuzz.Interop;

/// <summary>Values of the ABI made of bytes, as a handler would give them: kinds, lengths and pointers as the input says, within memory that exists.</summary>
internal static unsafe class NativeInput
{
    private const int MaxValues = 64;

    /// <summary>Reads values out of the input, 4 bytes each, arrays with their own; checks them, and copies them when they are valid. The copies; null when they are not valid.</summary>
    internal static ServiceValue[]? Copy(ReadOnlySpan<byte> input)
    {
        using var room = new Room();
        var at = 0;
        var values = Read(input, ref at, room, depth: 0, out var count);
        var budget = ValueArguments.MostValues;
        var given = input.Length > 0 && (input[0] & 0x80) != 0 ? nuint.MaxValue / 2 : (nuint)count; // a count that no memory holds
        if (!ValueArguments.AreValid(values, given, ref budget))
        {
            return null;
        }
        var arguments = new ArgumentBuffer();
        var copies = new ServiceValue[count];
        for (var i = 0; i < count; i++)
        {
            copies[i] = ValueArguments.Copy(values[i], arguments);
        }
        return copies;
    }

    private static AbiValue* Read(ReadOnlySpan<byte> input, ref int at, Room room, int depth, out int count)
    {
        count = at < input.Length ? input[at++] & (MaxValues - 1) : 0;
        var values = (AbiValue*)room.Take(Math.Max(count, 1) * sizeof(AbiValue));
        for (var i = 0; i < count; i++)
        {
            var (kind, length, flags) = (Next(input, ref at), Next(input, ref at), Next(input, ref at));
            var value = default(AbiValue);
            value.Kind = (AbiValueKind)kind;
            value.Length = (flags & 1) != 0 ? uint.MaxValue - length : length;
            if (value.Kind == AbiValueKind.Array && depth < 9)
            {
                value.As.Items = Read(input, ref at, room, depth + 1, out var items);
                value.Length = (uint)((flags & 1) != 0 ? int.MaxValue : items);
            }
            else
            {
                value.As.Data = (flags & 2) != 0 ? null : (byte*)room.Take(Math.Max((int)length, 1));
            }
            // A length beyond what is there must be refused by its size alone: nothing can be read at it.
            values[i] = value;
        }
        return values;
    }

    private static byte Next(ReadOnlySpan<byte> input, ref int at) => at < input.Length ? input[at++] : (byte)0;

    private sealed class Room : IDisposable
    {
        private readonly List<nint> _blocks = [];

        internal void* Take(int bytes)
        {
            var block = NativeMemory.AllocZeroed((nuint)bytes);
            _blocks.Add((nint)block);
            return block;
        }

        public void Dispose() => _blocks.ForEach(block => NativeMemory.Free((void*)block));
    }
}
