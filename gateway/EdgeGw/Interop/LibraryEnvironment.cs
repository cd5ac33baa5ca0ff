using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgeGw.Interop;

/// <summary>What a NativeAOT library's runtime reads from the C environment when it starts, and what the loader says when it cannot. Calls are serialised by the loader's
/// lock.</summary>
internal static partial class LibraryEnvironment
{
    /// <summary>Sets the GC of the next library to be loaded: a hard heap limit, no thread of its own for background collections, and a small first generation, since hundreds of
    /// runtimes share the process.</summary>
    public static void SetFor(long heapBytes)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // a Windows process has no C environment that a library would read these from
        }
        // Environment.SetEnvironmentVariable changes .NET's copy only; getenv in the library must see it.
        Set("DOTNET_GCHeapHardLimit", heapBytes.ToString("x", CultureInfo.InvariantCulture));
        Set("DOTNET_gcConcurrent", "0");
        Set("DOTNET_gcServer", "0");
        Set("DOTNET_GCgen0size", "400000");
    }

    /// <summary>The dynamic loader's reason, as a sentence about the file.</summary>
    public static string LastLoaderError(string path)
    {
        var file = Path.GetFileName(path);
        if (!OperatingSystem.IsLinux())
        {
            return $"{file} cannot be loaded as a shared library.";
        }
        // Looked up now: what finds a function for its first call forgets the loader's message.
        _ = DlError();
        // TryLoad has thrown the message away; asking again costs nothing and changes nothing.
        if (DlOpen(path, 2) != 0)
        {
            return $"{file} could not be loaded at the first try; try again.";
        }
        var message = Marshal.PtrToStringUTF8(DlError()) ?? "unknown reason";
        message = message.Replace(path + ": ", "", StringComparison.Ordinal);
        return message.Contains("invalid ELF header", StringComparison.Ordinal) || message.Contains("file too short", StringComparison.Ordinal)
            ? $"{file} is not a shared library ({message}); publish the project with 'dotnet publish -r linux-x64' or compile it with 'gcc -shared'."
            : $"{file} cannot be loaded: {message}.";
    }

    private static void Set(string name, string value)
    {
        if (SetEnv(name, value, 1) != 0)
        {
            throw new LoadFailure($"The environment variable {name} could not be set (error {Marshal.GetLastPInvokeError()}).");
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int SetEnv(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint DlOpen(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dlerror")]
    private static partial nint DlError();
}
