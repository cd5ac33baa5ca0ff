namespace EdgeGw.Scouting;

/// <summary>What every Linux with glibc or musl has, so that a library which needs it needs nothing.</summary>
internal static class SystemLibraries
{
    private static readonly string[] s_stems = ["libc", "libm", "libpthread", "libdl", "librt", "ld-linux", "ld-linux-x86-64", "ld-linux-aarch64", "libc.musl-x86_64", "libc.musl-aarch64", "linux-vdso"];

    /// <summary>Whether a library of that name (<c>libm.so.6</c>) is part of the C library.</summary>
    internal static bool IsLibc(string name)
    {
        var end = name.IndexOf(".so", StringComparison.Ordinal);
        return end > 0 && s_stems.Contains(name[..end]);
    }
}
