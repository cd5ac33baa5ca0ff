using EdgeGw.Control.Compiling.Sandboxing;
using EdgeGw.Control.Storage;

namespace EdgeGw.Control.Compiling;

/// <summary>Folders that compilers write into.</summary>
internal static class WorkFolder
{
    private const UnixFileMode Everybody = (UnixFileMode)0b111_111_111;
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Makes one. A compiler with a user of its own may write there; nobody else can get there, since the folders above are the gateway's alone.</summary>
    internal static void Create(string folder, Sandbox sandbox)
    {
        Files.CreateDirectory(folder);
        Open(folder, sandbox);
    }

    /// <summary>Lets a compiler with a user of its own write into a folder.</summary>
    internal static void Open(string folder, Sandbox sandbox)
    {
        if (sandbox.HasOwnUser)
        {
            Files.SetMode(folder, Everybody);
        }
    }

    /// <summary>Writes a file that a compiler may read, with the folders above it.</summary>
    internal static void Write(string folder, string name, string text, Sandbox sandbox)
    {
        var path = Path.Combine(folder, name);
        for (var parent = Path.GetDirectoryName(path)!; parent.Length > folder.Length; parent = Path.GetDirectoryName(parent)!)
        {
            Directory.CreateDirectory(parent);
            Open(parent, sandbox);
        }
        File.WriteAllText(path, text);
        Files.SetMode(path, Readable);
    }
}
