using System.Runtime.InteropServices;
using EdgeGw.Configuration;
using EdgeGw.Control.Supervision;
using EdgeGw.Memory;

namespace EdgeGw.Control;

/// <summary>The control role: owns the listening sockets and the desired state, keeps a worker running, and answers the Admin API. It never runs handler code.</summary>
internal static class ControlProcess
{
    /// <summary>Runs until <paramref name="stop"/> or SIGTERM/SIGINT (a second one ends at once); returns the exit code. Why it could not start is one
    /// sentence on standard error.</summary>
    internal static async Task<int> RunAsync(GatewaySettings settings, string stateDirectory, TextWriter console, CancellationToken stop)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var hurry = new CancellationTokenSource();
        void OnSignal(PosixSignalContext signal)
        {
            signal.Cancel = true;
            (stopping.IsCancellationRequested ? hurry : stopping).Cancel();
        }
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        try
        {
            if (!OperatingSystem.IsLinux())
            {
                throw new ControlStartException("edgegw run needs Linux.");
            }
            await using var gateway = await ControlHost.StartAsync(settings, stateDirectory, EdgeGwCommand.Self(), Console.OpenStandardError(), TimeProvider.System);
            using var idle = new IdleMemory(TimeProvider.System);
            await gateway.RunAsync(worker => AnnounceAsync(gateway, worker, console), stopping.Token, hurry.Token);
            return 0;
        }
        catch (ControlStartException e)
        {
            await Console.Error.WriteLineAsync($"edgegw: {e.Message}");
            return 1;
        }
    }

    private static async Task AnnounceAsync(ControlHost gateway, WorkerInstance worker, TextWriter console)
    {
        await console.WriteLineAsync($"edgegw serves {string.Join(", ", gateway.Urls)} (epoch {worker.Epoch}, process {worker.ProcessId}).");
        await console.WriteLineAsync(gateway.AdminUrl is { } admin
            ? $"Admin API: {admin} and '{gateway.StateRoot}/control.sock'."
            : $"Admin API: '{gateway.StateRoot}/control.sock'.");
        await console.FlushAsync();
    }
}
