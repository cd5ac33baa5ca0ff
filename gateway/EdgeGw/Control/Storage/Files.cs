namespace EdgeGw.Control.Storage;

/// <summary>Files that only the gateway's user may read, and what the operating system says when one cannot be written.</summary>
internal static class Files
{
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int QuotaExceeded = 122;

    /// <summary>Options for a file of mode 0600, unbuffered.</summary>
    internal static FileStreamOptions CreateOptions(FileMode mode, FileAccess access)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = FileShare.ReadWrite, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode != FileMode.Open)
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        return options;
    }

    /// <summary>Creates a folder of mode 0700, or leaves the one that is there.</summary>
    internal static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Gives a file its mode.</summary>
    internal static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    /// <summary>What stands in the way of writing: completes "The state directory ... cannot be written: ".</summary>
    internal static string Reason(Exception error) => error.HResult switch
    {
        NoSpace => "the disk is full; free some space and try again",
        QuotaExceeded => "the disk quota is used up; free some space and try again",
        ReadOnlyFileSystem => "the file system is read-only; mount it writable or choose another directory with --state",
        _ when error is UnauthorizedAccessException => "permission is denied; give its files to the user that runs edgegw, or choose another directory with --state",
        _ => error.Message,
    };
}
