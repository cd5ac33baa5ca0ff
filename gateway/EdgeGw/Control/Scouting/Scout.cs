using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeGw.Control.Artifacts;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Storage;
using EdgeGw.Control.Supervision;
using EdgeGw.Control.Systemd;
using EdgeGw.Worker;

namespace EdgeGw.Control.Scouting;

/// <summary>Loads a new library in a throwaway process first: whatever it does there, the worker never sees it.</summary>
internal sealed class Scout(EdgeGwCommand command, StateDirectory state, ControlLog log, int timeoutMs) : IDisposable
{
    private const int KeptOutputChars = 4096;

    // One at a time: a scout's figures mean little beside another scout.
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>The report of a library that can be deployed. Throws <see cref="ChangeRefusedException"/> with a sentence for one that cannot.</summary>
    internal async Task<ScoutReport> InspectAsync(
        ArtifactUpload library, long heapBytes, IReadOnlyDictionary<string, string> config, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        var reportPath = Path.Combine(state.Run, $"scout-{Guid.NewGuid():N}.json");
        try
        {
            var start = command.With("scout", "--library", library.Path, "--report", reportPath, "--heap-bytes", heapBytes.ToString(CultureInfo.InvariantCulture));
            foreach (var (key, value) in config)
            {
                start.ArgumentList.Add("--set");
                start.ArgumentList.Add($"{key}={value}");
            }
            start.RedirectStandardInput = true;
            start.RedirectStandardOutput = true;
            start.RedirectStandardError = true;
            // One good library's scout in some ten thousand died of SIGSEGV, for a reason that is not known; a library that crashes when it starts does it again.
            return await RunAsync(start, library, reportPath, isLast: false, cancellation) ?? (await RunAsync(start, library, reportPath, isLast: true, cancellation))!;
        }
        finally
        {
            File.Delete(reportPath);
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    // Null when the process died of a signal and another one is to be tried.
    private async Task<ScoutReport?> RunAsync(ProcessStartInfo start, ArtifactUpload library, string reportPath, bool isLast, CancellationToken cancellation)
    {
        var name = library.FileName;
        using var process = ChildStart.Start(ServiceManager.Withhold(start));
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Keep(output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(output, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(timeoutMs);
        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Exited += (_, _) => exited.TrySetResult();
        process.EnableRaisingEvents = true;
        try
        {
            // The exit alone: output may stay open in a process that the library started.
            await exited.Task.WaitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            throw Refused(name, $"did not finish loading within {timeoutMs} ms (Handlers.LoadTimeoutMs) and was stopped", output);
        }

        var report = ReadReport(reportPath);
        if (report is { Ok: false, Error: { Length: > 0 } error })
        {
            // The scout knows the library by its temporary name only.
            throw Refused(name, null, output, error.Replace(Path.GetFileName(library.Path), name, StringComparison.Ordinal));
        }
        if (process.ExitCode > 128 && !isLast)
        {
            log.Warning($"The process that tried out {name} died ({Signal(process.ExitCode - 128)}); it is tried once more.");
            File.Delete(reportPath);
            return null;
        }
        if (process.ExitCode > 128)
        {
            throw Refused(name, $"crashed while it was tried out ({Signal(process.ExitCode - 128)})", output);
        }
        if (process.ExitCode != 0 || report is null)
        {
            throw Refused(name, $"ended the process that tried it out, with exit code {process.ExitCode}", output);
        }
        return report.Manifest is null ? throw Refused(name, "has no manifest", output) : report;
    }

    private ChangeRefusedException Refused(string name, string? what, StringBuilder output, string? error = null)
    {
        var sentence = error ?? $"{name} {what}.";
        string said;
        lock (output)
        {
            said = output.ToString().Trim();
        }
        log.Warning(said.Length == 0 ? sentence : $"{sentence} It wrote: {said}");
        return new ChangeRefusedException(422, $"{name} was not deployed.", sentence);
    }

    private static ScoutReport? ReadReport(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ScoutJson.Default.ScoutReport);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null; // a process that died while or before writing it
        }
    }

    private static void Keep(StringBuilder output, string? line)
    {
        lock (output)
        {
            if (line is not null && output.Length < KeptOutputChars)
            {
                output.AppendLine(line);
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
