using System.Runtime.InteropServices;
using EdgeGw.Configuration;
using EdgeGw.Control.Supervision;
using EdgeGw.Interop;
using EdgeGw.Memory;

namespace EdgeGw.Control;

/// <summary>The control role: owns the listening sockets and the desired state, keeps a worker running, and answers the Admin API. It never runs handler code.</summary>
internal static class ControlProcess
{
    /// <summary>Runs with what <paramref name="read"/> reads, again at each reload, until <paramref name="stop"/> or SIGTERM/SIGINT (a second one ends at once; SIGHUP upgrades); returns the exit code. Why it could not start is one
    /// sentence on standard error.</summary>
    internal static async Task<int> RunAsync(Func<GatewaySettings> read, string stateDirectory, IReadOnlyList<string> arguments, TextWriter console, CancellationToken stop)
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
        var started = new TaskCompletionSource<ControlHost>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            _ = UpgradeAsync(started.Task);
        });
        try
        {
            if (!OperatingSystem.IsLinux())
            {
                throw new ControlStartException("edgegw run needs Linux.");
            }
            ControlPosix.TakeSignals(); // an exec has held them back
            await using var gateway = await ControlHost.StartAsync(read(), stateDirectory, EdgeGwCommand.Self(), Console.OpenStandardError(), TimeProvider.System, read, arguments);
            started.SetResult(gateway);
            using var idle = new IdleMemory(TimeProvider.System, CodePages.Mapped); // no handler is loaded here, and .NET unmaps none of what it links with
            await gateway.RunAsync(worker => AnnounceAsync(gateway, worker, console), stopping.Token, hurry.Token);
            return 0;
        }
        catch (ControlStartException e)
        {
            await Console.Error.WriteLineAsync($"edgegw: {e.Message}");
            return 1;
        }
    }

    // One that comes while the gateway starts waits until it has.
    private static async Task UpgradeAsync(Task<ControlHost> gateway) => await (await gateway).UpgradeAsync();

    private static async Task AnnounceAsync(ControlHost gateway, WorkerInstance worker, TextWriter console)
    {
        await console.WriteLineAsync($"edgegw serves {string.Join(", ", gateway.Urls)} (epoch {worker.Epoch}, process {worker.ProcessId}).");
        await console.WriteLineAsync(gateway.AdminUrl is { } admin
            ? $"Admin API: {admin} and '{gateway.StateRoot}/control.sock'."
            : $"Admin API: '{gateway.StateRoot}/control.sock'.");
        if (gateway.Setup is { } setup)
        {
            await console.WriteLineAsync(setup);
        }
        await console.FlushAsync();
    }
}
