using System.Net.Sockets;

namespace EdgeGw.Control.Supervision;

/// <summary>Asks a worker whether it lives: a connection to its liveness socket, answered with one byte once every event loop has gone round (LivenessServer).</summary>
internal sealed class WorkerPulse(string path, TimeProvider clock)
{
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(20);

    /// <summary>Whether it answers within <paramref name="patience"/>. Never faults.</summary>
    internal async Task<bool> FeelAsync(TimeSpan patience, CancellationToken cancellation = default)
    {
        using var deadline = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            while (!await TryAsync(either.Token))
            {
                await Task.Delay(s_retry, clock, either.Token);
            }
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return await socket.ReceiveAsync(new byte[1], cancellation) == 1;
        }
        catch (SocketException)
        {
            return false; // not there yet, or just gone
        }
    }
}
