using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace EdgeGw.Control.Artifacts;

/// <summary>The first look at an uploaded file: is it a shared library for this machine? Says so before any process is started for it.</summary>
internal static class LibraryHeader
{
    /// <summary>Bytes of the ELF header that are looked at.</summary>
    internal const int Length = 64;

    private const int SharedObject = 3;

    /// <summary>What is wrong with a file that begins with these bytes: completes "hello.so ". Null when nothing is.</summary>
    internal static string? Check(ReadOnlySpan<byte> head, Architecture machine)
    {
        if (head.Length < Length || !head.StartsWith("\x7f"u8) || !head[1..].StartsWith("ELF"u8))
        {
            return "is not a shared library for Linux: " + WhatElse(head);
        }
        var littleEndian = head[5] == 1;
        var type = littleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(head[16..]) : BinaryPrimitives.ReadUInt16BigEndian(head[16..]);
        var code = littleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(head[18..]) : BinaryPrimitives.ReadUInt16BigEndian(head[18..]);
        var bits = head[4] == 2 ? 64 : 32;
        var (name, runtime) = Name(code, bits, littleEndian);
        var (wanted, wantedRuntime) = machine == Architecture.Arm64 ? ("arm64", "linux-arm64") : ("x86-64", "linux-x64");
        if (runtime != wantedRuntime)
        {
            return $"is for {name}, and this gateway runs on {wanted}; publish it with -r {wantedRuntime}";
        }
        return type == SharedObject ? null : $"is not a shared library: it is {Kind(type)}; set NativeLib to Shared, or link with -shared";
    }

    private static (string Name, string? Runtime) Name(int code, int bits, bool littleEndian) => (code, bits, littleEndian) switch
    {
        (62, 64, true) => ("x86-64", "linux-x64"),
        (62, 32, true) => ("x32", null),
        (183, 64, true) => ("arm64", "linux-arm64"),
        (3, _, _) => ("x86 (32 bit)", null),
        (40, _, _) => ("arm (32 bit)", null),
        (243, _, _) => ($"riscv{bits}", null),
        (21, _, _) => ("ppc64", null),
        (22, _, _) => ("s390x", null),
        (258, _, _) => ("loongarch", null),
        _ => ($"an unknown machine (e_machine {code}, {bits} bit)", null),
    };

    private static string Kind(int type) => type switch
    {
        1 => "an object file (.o)",
        2 => "an executable",
        4 => "a core dump",
        _ => $"an ELF file of type {type}",
    };

    private static string WhatElse(ReadOnlySpan<byte> head) => head switch
    {
        [] => "it is empty",
        [(byte)'M', (byte)'Z', ..] => "it is a Windows or .NET assembly; publish it with NativeAOT: dotnet publish -r linux-x64",
        [0xcf or 0xce, 0xfa, 0xed, 0xfe, ..] or [0xca, 0xfe, 0xba, 0xbe, ..] => "it is a macOS library; publish it with -r linux-x64",
        [(byte)'!', (byte)'<', (byte)'a', (byte)'r', (byte)'c', (byte)'h', (byte)'>', ..] => "it is a static library (.a); set NativeLib to Shared",
        [(byte)'P', (byte)'K', ..] => "it is a zip archive or a NuGet package; deploy the .so in it",
        [0x7f, (byte)'E', (byte)'L', (byte)'F', ..] => "it is cut off",
        _ => "it does not begin with an ELF header",
    };
}
