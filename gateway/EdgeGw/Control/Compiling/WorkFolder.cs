namespace EdgeGw.Control.Compiling;

/// <summary>Folders that compilers write into: below the gateway's own, which nobody else can pass.</summary>
internal static class WorkFolder
{
    /// <summary>Writes a file, and makes the folders above it.</summary>
    internal static void Write(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
