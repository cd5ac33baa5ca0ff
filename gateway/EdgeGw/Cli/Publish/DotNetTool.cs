using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace EdgeGw.Cli.Publish;

/// <summary>What <c>dotnet</c> came to.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Lines">What it wrote, the end of it when it was much.</param>
internal sealed record DotNetRun(int ExitCode, IReadOnlyCollection<string> Lines);

/// <summary>Runs the .NET SDK's <c>dotnet</c>.</summary>
internal static class DotNetTool
{
    /// <summary>The lines kept of one run.</summary>
    private const int MostLines = 2_000;

    // The host says much more, about applications and links; these lines say what was looked for and by whose wish.
    private static readonly string[] Reasons = ["Requested SDK version:", "global.json file:", "No .NET SDKs"];

    private const string Missing = "publishing a project needs the .NET SDK, and 'dotnet' was not found: install the SDK, or deploy a library that is already published (edgegw deploy FILE.so)";

    /// <summary>Where it is: in PATH, else in DOTNET_ROOT. Throws with a sentence when it is in neither.</summary>
    public static string Find(IReadOnlyDictionary<string, string> environment)
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var folders = (environment.GetValueOrDefault("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).ToList();
        if (environment.GetValueOrDefault("DOTNET_ROOT") is { Length: > 0 } root)
            folders.Add(root);
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists) ?? throw new CliException(ExitCode.Failed, Missing);
    }

    /// <summary>Runs to the end with both streams captured. When cancelled, ends the process and all it started.</summary>
    public static async Task<DotNetRun> RunAsync(
        string dotnet, IEnumerable<string> arguments, string workingDirectory, IReadOnlyDictionary<string, string> environment, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(dotnet, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.Environment["DOTNET_NOLOGO"] = "1";

        var lines = new Queue<string>();
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            throw new CliException(ExitCode.Failed, $"{dotnet} cannot be run: {e.Message}");
        }
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        if (NoSdk(process.ExitCode, lines))
            throw new CliException(ExitCode.Failed, $"publishing a project needs the .NET SDK, and {dotnet} has none that fits: install it, or deploy a library that is already published (edgegw deploy FILE.so)", [.. lines.Select(line => line.Trim()).Where(IsReason)]);
        return new(process.ExitCode, lines);

        void Keep(string? line)
        {
            if (line is null)
                return;
            lock (lines)
            {
                if (lines.Count == MostLines)
                    lines.Dequeue();
                lines.Enqueue(line);
            }
        }
    }

    private static bool IsReason(string line) => Array.Exists(Reasons, start => line.StartsWith(start, StringComparison.Ordinal));

    // The host's codes for "no SDK" and "no SDK that fits global.json" (0x80008091 and 0x8000809b), of which Unix keeps the last byte.
    private static bool NoSdk(int exitCode, IEnumerable<string> lines) =>
        exitCode is 145 or 155 or unchecked((int)0x80008091) or unchecked((int)0x8000809b)
        && lines.Any(line => line.Contains("SDK", StringComparison.Ordinal));
}
