using System.Runtime.InteropServices;
using EdgeGw.Control.Stuck;

namespace EdgeGw.Tests.Control.Stuck;

/// <summary>Functions are found by their place in a library's file.</summary>
public sealed class ElfSymbolsTests
{
    [Test]
    public void A_function_of_a_library_in_this_process_is_found_by_its_address()
    {
        var map = ProcessMap.Read(Environment.ProcessId);
        var address = (ulong)NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "getpid");
        var area = map.Find(address);
        Assert.That(area, Is.Not.Null);
        Assert.That(ElfSymbols.TryRead(area!.Path, out var symbols), Is.True);
        var found = symbols!.Find(address - area.Start + area.FileOffset);
        using var scope = Assert.EnterMultipleScope();
        Assert.That(found?.Name, Does.Contain("getpid"));
        Assert.That(found?.Offset, Is.Zero);
        Assert.That(symbols.Find(ulong.MaxValue - 8), Is.Null);
    }

    [Test]
    public void Whatever_the_bytes_are_reading_ends_without_an_exception()
    {
        var area = ProcessMap.Read(Environment.ProcessId).Find((ulong)NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "getpid"))!;
        var whole = File.ReadAllBytes(area.Path).AsSpan(0, 64 * 1024).ToArray();
        CsCheck.Check.Sample(CsCheck.Gen.Select(CsCheck.Gen.Int[0, whole.Length], CsCheck.Gen.Int[0, 63], CsCheck.Gen.Byte), (length, at, value) =>
        {
            var bytes = whole.AsSpan(0, length).ToArray();
            if (at < bytes.Length)
            {
                bytes[at] = value;
            }
            if (ElfSymbols.TryParse(bytes, out var symbols))
            {
                symbols.Find(4096);
            }
        }, iter: 2_000);
    }
}
