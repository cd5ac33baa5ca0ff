using System.Buffers.Binary;
using EdgeGw.Control.Stuck;
using EdgeGw.Interop.Stacks;

namespace EdgeGw.Tests.Control.Stuck;

/// <summary>Callers are found from a copy of a stack.</summary>
public sealed class StackWalkTests
{
    private const ulong Top = 0x7000_0000;
    private const ulong Code = 0x40_0000;

    [Test]
    public void A_chain_of_frame_pointers_gives_every_caller_for_certain()
    {
        // frame at +0x20: next frame +0x60, return address 1; frame at +0x60: end, return address 2
        var stack = Stack(0x80, (0x20, Top + 0x60), (0x28, Code + 1), (0x60, 0), (0x68, Code + 2));
        var places = Walk(new ThreadRegisters(Code + 9, Top, Top + 0x20, 0), stack);
        Assert.That(places, Is.EqualTo(new[] { new StackPlace(Code + 9, true), new StackPlace(Code + 1, true), new StackPlace(Code + 2, true) }));
    }

    [Test]
    public void What_lies_between_the_top_and_the_first_frame_is_searched_for_callers_without_one()
    {
        var stack = Stack(0x80, (0x08, Code + 5), (0x10, 12345), (0x40, 0), (0x48, Code + 2), (0x50, Code + 7));
        var places = Walk(new ThreadRegisters(Code + 9, Top, Top + 0x40, 0), stack);
        Assert.That(places.Take(3), Is.EqualTo(new[] { new StackPlace(Code + 9, true), new StackPlace(Code + 5, false), new StackPlace(Code + 2, true) }));
        Assert.That(places, Has.None.EqualTo(new StackPlace(Code + 7, false)), "leftovers beyond a known frame are not callers");
    }

    [Test]
    public void Without_frame_pointers_the_whole_copy_is_searched_within_a_bound()
    {
        var stack = Stack(8 * 200, [.. Enumerable.Range(0, 200).Select(i => (i * 8, Code + (ulong)i + 1))]);
        var places = Walk(new ThreadRegisters(Code + 900, Top, 0xdead_beef, 0), stack);
        using var scope = Assert.EnterMultipleScope();
        Assert.That(places, Has.Count.InRange(2, StackWalk.MaxPlaces));
        Assert.That(places.Skip(1), Has.All.Matches<StackPlace>(place => !place.IsCertain));
    }

    [Test]
    public void A_chain_that_leads_in_circles_or_out_of_the_copy_ends([Values(0x20ul, 0x10ul, 0xffff_ffff_ffff_ffe8ul, 0x1000ul, 0x23ul)] ulong next)
    {
        var stack = Stack(0x80, (0x20, Top + next), (0x28, Code + 1));
        Assert.That(Walk(new ThreadRegisters(Code + 9, Top, Top + 0x20, 0), stack), Has.Count.EqualTo(2));
    }

    [Test]
    public void An_empty_copy_gives_the_place_itself_and_the_link_register_perhaps()
    {
        Assert.That(Walk(new ThreadRegisters(Code + 9, Top, Top, Code + 3), []), Is.EqualTo(new[] { new StackPlace(Code + 9, true), new StackPlace(Code + 3, false) }));
    }

    private static IReadOnlyList<StackPlace> Walk(ThreadRegisters registers, byte[] stack) =>
        StackWalk.Walk(new StoppedThread(registers, stack), address => address is >= Code and < Code + 0x1000);

    private static byte[] Stack(int length, params (int Offset, ulong Value)[] words)
    {
        var bytes = new byte[length];
        foreach (var (offset, value) in words)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(offset), value);
        }
        return bytes;
    }
}
