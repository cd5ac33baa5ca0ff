using System.Text;
using Microsoft.Win32.SafeHandles;

namespace EdgeGw.Cli.Output;

/// <summary>Standard output that notices when its reader has gone.</summary>
internal static class StandardOutput
{
    /// <summary>
    /// Opens it. The console's own stream swallows a broken pipe, so <c>edgegw logs -f | head -1</c> would never end; a pipe is written as a file instead, whose
    /// writes then fail with <see cref="IOException"/>.
    /// </summary>
    public static TextWriter Open()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
            return Console.Out;
        try
        {
            var stream = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            // A regular file keeps the console's stream: its offset is shared with standard error.
            return stream.CanSeek ? Console.Out : new StreamWriter(stream, new UTF8Encoding(false)) { AutoFlush = true };
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException or NotSupportedException)
        {
            return Console.Out;
        }
    }
}
