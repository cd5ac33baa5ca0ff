using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeGw.Http.Tests;

/// <summary>A server that sends what no server should.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<Socket, Task> _script;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private readonly List<Socket> _sockets = [];

    /// <summary>Plays a script on each connection, after the head of its first request; the connection stays open until the script or the client closes it.</summary>
    public RawServer(Func<Socket, Task> script)
    {
        _script = script;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/";

    /// <summary>The heads that came.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Heads { get; } = new();

    public static RawServer Saying(string text) => new(socket => SayAsync(socket, text));

    /// <summary>Says something and closes.</summary>
    public static RawServer SayingOnly(string text) => new(async socket =>
    {
        await SayAsync(socket, text);
        socket.Shutdown(SocketShutdown.Both);
    });

    public static async Task SayAsync(Socket socket, string text) => await socket.SendAsync(Encoding.Latin1.GetBytes(text), SocketFlags.None);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        _sockets.ForEach(socket => socket.Dispose());
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                _sockets.Add(socket);
                _ = PlayAsync(socket);
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // stopped
        }
    }

    private async Task PlayAsync(Socket socket)
    {
        try
        {
            var buffer = new byte[65_536];
            var head = "";
            while (!head.Contains("\r\n\r\n", StringComparison.Ordinal))
            {
                var length = await socket.ReceiveAsync(buffer, SocketFlags.None);
                if (length == 0)
                {
                    return;
                }
                head += Encoding.Latin1.GetString(buffer, 0, length);
            }
            Heads.Enqueue(head);
            await _script(socket);
            while (await socket.ReceiveAsync(buffer, SocketFlags.None) > 0)
            {
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // reset, or stopped
        }
    }
}
