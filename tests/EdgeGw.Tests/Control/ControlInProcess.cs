using System.Diagnostics;

namespace EdgeGw.Tests.Control;

/// <summary>The control role in a process of its own, so that it can be killed. Whatever still runs at the end is killed by its id.</summary>
internal sealed class ControlInProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _state;

    private ControlInProcess(Process process, string state)
    {
        _process = process;
        _state = state;
    }

    internal int Id => _process.Id;

    internal static ControlInProcess Start(string state, string listen) =>
        new(Process.Start(new ProcessStartInfo(RunningControl.Roles, ["control", state, listen]) { RedirectStandardOutput = true, RedirectStandardError = true })!, state);

    /// <summary>Starts one and waits until its worker serves.</summary>
    internal static async Task<ControlInProcess> StartAsync(string state, string listen)
    {
        var control = Start(state, listen);
        var line = await control._process.StandardOutput.ReadLineAsync();
        if (line is null)
        {
            using (control)
            {
                Assert.Fail((await control.EndAsync()).Error);
            }
        }
        Assert.That(line, Does.StartWith("edgegw serves"));
        return control;
    }

    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM; the exit code. What it said is shown where that is not 0.</summary>
    internal async Task<int> StopAsync()
    {
        using var terminate = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        var (exitCode, error) = await EndAsync();
        if (exitCode != 0)
        {
            await TestContext.Out.WriteLineAsync(error);
        }
        return exitCode;
    }

    /// <summary>Waits for one that ends by itself.</summary>
    internal async Task<(int ExitCode, string Error)> EndAsync()
    {
        var error = await _process.StandardError.ReadToEndAsync();
        await _process.WaitForExitAsync();
        return (_process.ExitCode, error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
        foreach (var worker in ProcessesOf(_state))
        {
            using var process = Process.GetProcessById(worker);
            process.Kill();
            process.WaitForExit();
        }
    }

    /// <summary>The scripted processes of a state directory.</summary>
    internal static IReadOnlyList<int> ProcessesOf(string state, string role = "worker") =>
        [.. Directory.GetDirectories("/proc").Where(path => CommandLine(path).Contains($"\0{role}\0", StringComparison.Ordinal) && CommandLine(path).Contains(state, StringComparison.Ordinal))
            .Select(path => int.Parse(Path.GetFileName(path), null))];

    private static string CommandLine(string path)
    {
        try
        {
            return File.ReadAllText(path + "/cmdline");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
