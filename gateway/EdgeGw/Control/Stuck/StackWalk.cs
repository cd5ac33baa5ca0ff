using System.Buffers.Binary;
using EdgeGw.Interop.Stacks;

namespace EdgeGw.Control.Stuck;

/// <summary>One place on a stack.</summary>
/// <param name="Address">Where the thread is, or returns to.</param>
/// <param name="IsCertain">Whether a chain of frame pointers led here; otherwise it merely looks like a return address.</param>
internal readonly record struct StackPlace(ulong Address, bool IsCertain);

/// <summary>Finds the callers of a stopped thread. What .NET compiles keeps frame pointers; optimised C does not, so what lies between two known frames is searched for return addresses.</summary>
internal static class StackWalk
{
    /// <summary>The most places that are looked for.</summary>
    internal const int MaxPlaces = 64;

    private const int MaxGuesses = 24;

    /// <summary>The innermost place first.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="isCode">Whether an address lies in mapped code.</param>
    internal static IReadOnlyList<StackPlace> Walk(StoppedThread thread, Func<ulong, bool> isCode)
    {
        var registers = thread.Registers;
        var stack = thread.StackBytes.AsSpan();
        var places = new List<StackPlace> { new(registers.Instruction, true) };
        if (registers.Link != 0 && isCode(registers.Link))
        {
            places.Add(new StackPlace(registers.Link, false));
        }
        var (scanned, guesses) = (registers.Stack, 0);
        var frame = registers.Frame;
        while (places.Count < MaxPlaces)
        {
            var isFrame = (frame & 7) == 0 && frame >= scanned && TryRead(stack, registers.Stack, frame, out _) && TryRead(stack, registers.Stack, frame + 8, out var returns) && isCode(returns);
            // Without a further frame the rest of the stack is all there is to go by.
            var end = isFrame ? frame : registers.Stack + (ulong)stack.Length;
            for (; scanned < end && guesses < MaxGuesses && places.Count < MaxPlaces; scanned += 8)
            {
                if (TryRead(stack, registers.Stack, scanned, out var value) && isCode(value) && places[^1].Address != value)
                {
                    places.Add(new StackPlace(value, false));
                    guesses++;
                }
            }
            if (!isFrame)
            {
                break;
            }
            TryRead(stack, registers.Stack, frame + 8, out var caller);
            TryRead(stack, registers.Stack, frame, out var next);
            places.Add(new StackPlace(caller, true));
            scanned = frame + 16;
            frame = next;
            // From the first certain frame on, what lies between frames is locals, not callers.
            guesses = MaxGuesses;
        }
        return places;
    }

    private static bool TryRead(ReadOnlySpan<byte> stack, ulong origin, ulong address, out ulong value)
    {
        var offset = address - origin;
        if (address < origin || offset > (ulong)stack.Length || (ulong)stack.Length - offset < 8)
        {
            value = 0;
            return false;
        }
        value = BinaryPrimitives.ReadUInt64LittleEndian(stack[(int)offset..]);
        return true;
    }
}
