using System.Diagnostics;
using System.Text;
using EdgeGw.Control.Supervision;
using EdgeGw.Control.Systemd;

namespace EdgeGw.Scouting;

/// <summary>Starts a scout and waits for its report, for control before a deploy and for <c>edgegw inspect</c>. Several may run at once, but their figures mean little then.</summary>
internal sealed class ScoutRun(EdgeGwCommand command, ScoutOptions options, string name, Action<string> warn)
{
    private const int KeptOutputChars = 4096;

    // For writing the last report, once the self-test's time is over.
    private const int GraceMs = 2_000;

    private readonly StringBuilder _output = new();

    /// <summary>The report of a library that can be used. Throws <see cref="ScoutRefusedException"/> with a sentence for one that cannot.</summary>
    internal async Task<ScoutReport> RunAsync(CancellationToken cancellation)
    {
        try
        {
            // One good library's scout in some ten thousand died of SIGSEGV, for a reason that is not known; a library that crashes when it starts does it again.
            return await TryAsync(isLast: false, cancellation) ?? (await TryAsync(isLast: true, cancellation))!;
        }
        finally
        {
            ReportFile.Remove(options.Report);
        }
    }

    // Null when the process died of a signal and another one is to be tried.
    private async Task<ScoutReport?> TryAsync(bool isLast, CancellationToken cancellation)
    {
        using var process = Start();
        var ended = await EndedAsync(process, options.LoadMs, cancellation);
        if (!ended && ReportFile.Read(options.Report)?.Testing is not null)
        {
            ended = await EndedAsync(process, options.SelfTestMs + GraceMs, cancellation);
        }
        var report = ReportFile.Read(options.Report);
        if (!ended)
        {
            process.Kill(entireProcessTree: true);
            throw report?.Testing is { } test
                ? Refused($"{name} did not finish its self-test ({test}) within {options.SelfTestMs} ms (Handlers.SelfTestTimeoutMs) and was stopped.")
                : Refused($"{name} did not finish loading within {options.LoadMs} ms (Handlers.LoadTimeoutMs) and was stopped.");
        }
        if (report is { Ok: false, Error: { Length: > 0 } error })
        {
            // The scout knows the library by its file's name only.
            throw Refused(error.Replace(Path.GetFileName(options.Library), name, StringComparison.Ordinal));
        }
        var during = report?.Testing is { } testing ? $"in its self-test ({testing})" : "while it was tried out";
        if (process.ExitCode > 128 && !isLast)
        {
            warn($"The process that tried out {name} died ({Signal(process.ExitCode - 128)}); it is tried once more.");
            ReportFile.Remove(options.Report);
            return null;
        }
        if (process.ExitCode > 128)
        {
            throw Refused($"{name} crashed {during} ({Signal(process.ExitCode - 128)}).");
        }
        if (process.ExitCode == ReportFile.NotWritable)
        {
            // Its last line is read once its output has ended.
            await process.WaitForExitAsync(cancellation);
            throw new IOException(Refused("").Said.Split('\n')[^1]);
        }
        if (process.ExitCode != 0 || report is not { Ok: true })
        {
            throw Refused($"{name} ended the process that tried it out, {during}, with exit code {process.ExitCode}.");
        }
        return report.Manifest is null ? throw Refused($"{name} has no manifest.") : report;
    }

    private Process Start()
    {
        var start = command.With(options.ToArguments());
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        // A function that is nowhere to be found would end the worker at its first call; like this the loader looks for all of them and refuses the library.
        start.Environment["LD_BIND_NOW"] = "1";
        var process = ChildStart.Start(SystemdVariables.Withhold(start));
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        return process;
    }

    // The exit alone: output may stay open in a process that the library started.
    private static async Task<bool> EndedAsync(Process process, int milliseconds, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(milliseconds);
        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Exited += (_, _) => exited.TrySetResult();
        process.EnableRaisingEvents = true;
        try
        {
            await exited.Task.WaitAsync(deadline.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private ScoutRefusedException Refused(string sentence)
    {
        lock (_output)
        {
            return new ScoutRefusedException(sentence, _output.ToString().Trim());
        }
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            if (line is not null && _output.Length < KeptOutputChars)
            {
                _output.AppendLine(line);
            }
        }
    }

    private static string Signal(int number) => number switch
    {
        4 => "SIGILL, an illegal instruction",
        6 => "SIGABRT, it gave up by itself",
        7 => "SIGBUS, a bad memory access",
        8 => "SIGFPE, an arithmetic fault",
        9 => "SIGKILL, perhaps out of memory",
        11 => "SIGSEGV, a bad memory access or a stack overflow",
        _ => $"signal {number}",
    };
}

/// <summary>A library that cannot be used, in a sentence; <paramref name="said"/> is what its process wrote.</summary>
internal sealed class ScoutRefusedException(string sentence, string said) : Exception(sentence)
{
    /// <summary>Standard output and error of the scout; empty when it wrote nothing.</summary>
    internal string Said { get; } = said;
}
