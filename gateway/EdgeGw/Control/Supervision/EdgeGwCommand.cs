using System.Diagnostics;

namespace EdgeGw.Control.Supervision;

/// <summary>How to start this program again in another role.</summary>
internal sealed record EdgeGwCommand(string Executable, params IReadOnlyList<string> Prefix)
{
    private const string OwnImage = "/proc/self/exe";

    // Another file at the path is the next version: it comes with an upgrade, not with a worker that is started again.
    private bool IsOwn { get; init; }

    /// <summary>This very program: the published binary, or the host with its assembly.</summary>
    internal static EdgeGwCommand Self()
    {
        var executable = Environment.ProcessPath ?? throw new ControlStartException("The path of the edgegw executable is not known; start it by its full path.");
        var first = Environment.GetCommandLineArgs()[0];
        return Path.GetFileNameWithoutExtension(executable) == "dotnet" && first.EndsWith(".dll", StringComparison.Ordinal)
            ? new EdgeGwCommand(executable, Path.GetFullPath(first))
            : new EdgeGwCommand(executable) { IsOwn = true };
    }

    /// <summary>A start of it with arguments.</summary>
    internal ProcessStartInfo With(params IEnumerable<string> arguments) => new(File(), Prefix.Concat(arguments)) { UseShellExecute = false };

    private string File() => IsOwn && System.IO.File.ResolveLinkTarget(OwnImage, returnFinalTarget: false) is { } image && image.FullName != Executable ? OwnImage : Executable;
}
