using System.Runtime.InteropServices;

namespace EdgeGw.Transport.Tests.Interop;

/// <summary>The process's bound on descriptors (setrlimit(2)), lowered until it is disposed.</summary>
internal sealed unsafe partial class Limit : IDisposable
{
    private const int Descriptors = 7; // RLIMIT_NOFILE

    private readonly Values _before;

    /// <summary>No descriptor from this number on.</summary>
    public Limit(int descriptors)
    {
        _before = Read();
        var now = _before with { Soft = (nuint)descriptors };
        Assert.That(setrlimit(Descriptors, &now), Is.Zero);
    }

    /// <summary>The bound as it is.</summary>
    public static int Now => (int)Read().Soft;

    /// <summary>Descriptors that are open.</summary>
    public static int Open => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();

    /// <summary>What a new descriptor's number would be: the lowest that is free.</summary>
    public static int Lowest()
    {
        var descriptor = dup(0);
        _ = close(descriptor);
        return descriptor;
    }

    public void Dispose()
    {
        var before = _before;
        Assert.That(setrlimit(Descriptors, &before), Is.Zero);
    }

    private static Values Read()
    {
        Values values;
        Assert.That(getrlimit(Descriptors, &values), Is.Zero);
        return values;
    }

    /// <summary>Another descriptor for the same socket, as a process gets one from its parent.</summary>
    public static int Duplicate(Socket socket) => dup((int)socket.Handle);

    [LibraryImport("libc")]
    private static partial int getrlimit(int resource, Values* values);

    [LibraryImport("libc")]
    private static partial int setrlimit(int resource, Values* values);

    [LibraryImport("libc")]
    private static partial int dup(int descriptor);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    private record struct Values(nuint Soft, nuint Hard);
}
