using System.Runtime.InteropServices;

namespace EdgeGw.Interop;

/// <summary>Memory that a handler is lent to write to, with a page behind it that nobody may touch: who writes past the end dies there and then, on his own thread, instead of leaving broken
/// memory for somebody else to die of. Never given back.</summary>
internal static unsafe partial class GuardedMemory
{
    // Each takes two of the mappings that a process may have (vm.max_map_count is 65,530 unless somebody has raised it). Beyond this many there is no page behind.
    private const int MaxGuarded = 8_192;

    private const int None = 0; // PROT_NONE
    private const int ReadWrite = 3; // PROT_READ | PROT_WRITE
    private const int PrivateAnonymous = 0x22; // MAP_PRIVATE | MAP_ANONYMOUS

    private static int s_guarded;

    /// <summary>Bytes whose end is the end of what may be touched.</summary>
    public static byte* Allocate(int bytes)
    {
        if (OperatingSystem.IsLinux() && Interlocked.Increment(ref s_guarded) <= MaxGuarded)
        {
            var page = Environment.SystemPageSize;
            var rounded = (bytes + page - 1) / page * page;
            var memory = (byte*)Map(null, (nuint)(rounded + page), ReadWrite, PrivateAnonymous, -1, 0);
            if (memory != (byte*)-1 && Protect(memory + rounded, (nuint)page, None) == 0)
            {
                return memory + rounded - bytes;
            }
        }
        return (byte*)NativeMemory.Alloc((nuint)bytes);
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);
}
