using System.Diagnostics;

namespace EdgeGw.Control.Supervision;

/// <summary>How to start this program again in another role.</summary>
internal sealed record EdgeGwCommand(string Executable, params IReadOnlyList<string> Prefix)
{
    /// <summary>This very program: the published binary, or the host with its assembly.</summary>
    internal static EdgeGwCommand Self()
    {
        var executable = Environment.ProcessPath ?? throw new ControlStartException("The path of the edgegw executable is not known; start it by its full path.");
        var first = Environment.GetCommandLineArgs()[0];
        return Path.GetFileNameWithoutExtension(executable) == "dotnet" && first.EndsWith(".dll", StringComparison.Ordinal)
            ? new EdgeGwCommand(executable, Path.GetFullPath(first))
            : new EdgeGwCommand(executable);
    }

    /// <summary>A start of it with arguments.</summary>
    internal ProcessStartInfo With(params IEnumerable<string> arguments) => new(Executable, Prefix.Concat(arguments)) { UseShellExecute = false };
}
