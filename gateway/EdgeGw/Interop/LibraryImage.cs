using System.Runtime.InteropServices;

namespace EdgeGw.Interop;

/// <summary>Where a loaded library lies in this process.</summary>
internal static unsafe partial class LibraryImage
{
    private const uint ElfMagic = 0x464c457f;
    private const uint Loaded = 1; // PT_LOAD
    private const uint Executable = 1; // PF_X

    /// <summary>The image that an address belongs to, from its ELF header on, and the code in it. Linux, 64 bits.</summary>
    public static bool TryFind(nint address, out ulong image, out ulong code, out ulong codeEnd)
    {
        (image, code, codeEnd) = (0, 0, 0);
        var info = stackalloc nint[4]; // Dl_info: file name, base, symbol name, symbol
        if (!OperatingSystem.IsLinux() || sizeof(nint) != 8 || DlAddress(address, info) == 0 || info[1] == 0 || *(uint*)info[1] != ElfMagic)
        {
            return false;
        }
        var start = (byte*)info[1];
        image = (ulong)start;
        // Elf64_Ehdr: e_phoff at 32, e_phentsize at 54, e_phnum at 56. Elf64_Phdr: p_type at 0, p_flags at 4, p_vaddr at 16, p_memsz at 40.
        var header = start + *(ulong*)(start + 32);
        var (size, count) = (*(ushort*)(start + 54), *(ushort*)(start + 56));
        for (var i = 0; i < count; i++, header += size)
        {
            if (*(uint*)header == Loaded && (*(uint*)(header + 4) & Executable) != 0)
            {
                code = code == 0 ? image + *(ulong*)(header + 16) : code;
                codeEnd = image + *(ulong*)(header + 16) + *(ulong*)(header + 40);
            }
        }
        return codeEnd != 0;
    }

    [LibraryImport("libc", EntryPoint = "dladdr")]
    private static partial int DlAddress(nint address, nint* info);
}
