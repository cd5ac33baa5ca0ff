using EdgeGw.Control.Supervision;
using EdgeGw.Interop;

namespace EdgeGw.Control.Upgrading;

/// <summary>The program's file by the path that it was started by. The kernel's own link (/proc/self/exe) follows the file instead: once another one was put in its place, it names the old one
/// as deleted.</summary>
internal static class ProgramFile
{
    /// <summary>How to start what is at that path now; null when this program runs inside another one (<c>dotnet edgegw.dll</c>), which cannot be exchanged.</summary>
    internal static EdgeGwCommand? AtStart(Succession? succession) =>
        (succession?.Program ?? ControlPosix.ExecutedPath()) is { } path && Path.GetFullPath(path) is var full && Path.GetFileNameWithoutExtension(full) != "dotnet" ? new EdgeGwCommand(full) : null;
}
