using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using CsCheck;
using EdgeGw.Control.Artifacts;

namespace EdgeGw.Tests.Control;

/// <summary>What is not a library for this machine is told by its first bytes.</summary>
public sealed class LibraryHeaderTests
{
    [Test]
    public void A_library_for_this_machine_passes() =>
        Assert.That(LibraryHeader.Check(Elf(62, 3), Architecture.X64), Is.Null);

    [TestCase(183, "arm64")]
    [TestCase(40, "arm (32 bit)")]
    [TestCase(243, "riscv64")]
    [TestCase(999, "e_machine 999")]
    public void Another_architecture_is_named(int machine, string name) =>
        Assert.That(LibraryHeader.Check(Elf(machine, 3), Architecture.X64), Does.Contain(name).And.Contain("linux-x64"));

    [Test]
    public void On_arm64_the_x64_library_is_the_wrong_one() =>
        Assert.That(LibraryHeader.Check(Elf(62, 3), Architecture.Arm64), Does.Contain("x86-64").And.Contain("linux-arm64"));

    [TestCase(1, "object file")]
    [TestCase(2, "executable")]
    public void What_is_not_shared_is_named(int type, string kind) =>
        Assert.That(LibraryHeader.Check(Elf(62, type), Architecture.X64), Does.Contain(kind));

    [TestCase("", "empty")]
    [TestCase("MZ\u0090", ".NET assembly")]
    [TestCase("PK\u0003\u0004", "zip")]
    [TestCase("!<arch>\n", "static library")]
    [TestCase("\u007fELF\u0002\u0001", "cut off")]
    [TestCase("#!/bin/sh\n", "ELF header")]
    public void Other_files_are_named(string content, string what) =>
        Assert.That(LibraryHeader.Check(Encoding.Latin1.GetBytes(content), Architecture.X64), Does.Contain(what));

    [Test]
    public void Any_bytes_get_an_answer() =>
        Gen.Byte.Array[0, 80].Sample(bytes => LibraryHeader.Check(bytes, Architecture.X64) is { Length: > 0 });

    [Test]
    public void Any_header_fields_get_an_answer() =>
        Gen.Select(Gen.UShort, Gen.UShort, Gen.Byte, Gen.Byte).Sample((type, machine, bits, order) =>
        {
            var head = Elf(machine, type);
            (head[4], head[5]) = (bits, order);
            return (LibraryHeader.Check(head, Architecture.X64) is null) == (bits == 2 && order == 1 && machine == 62 && type == 3);
        });

    internal static byte[] Elf(int machine, int type)
    {
        var head = new byte[64];
        "\x7f"u8.CopyTo(head);
        "ELF"u8.CopyTo(head.AsSpan(1));
        (head[4], head[5]) = (2, 1);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(16), (ushort)type);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(18), (ushort)machine);
        return head;
    }
}
