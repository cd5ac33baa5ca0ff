using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace EdgeGw.Cli.Publish;

/// <summary>What a program came to.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Lines">What it wrote, the end of it when it was much.</param>
internal sealed record ToolResult(int ExitCode, IReadOnlyCollection<string> Lines);

/// <summary>Runs a compiler, or what stands for one.</summary>
internal static class CapturedTool
{
    /// <summary>The lines kept of one run.</summary>
    private const int MostLines = 2_000;

    /// <summary>Runs to the end with both streams captured. When cancelled, ends the process and all it started. Throws <see cref="CliException"/> when it cannot be started.</summary>
    public static async Task<ToolResult> RunAsync(
        string program, IEnumerable<string> arguments, string workingDirectory, IEnumerable<KeyValuePair<string, string>> environment, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments)
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
            throw new CliException(ExitCode.Failed, $"{program} cannot be run: {e.Message}");
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
}
