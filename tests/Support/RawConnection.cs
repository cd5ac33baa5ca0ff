using System.Net.Sockets;
using System.Text;

namespace EdgeGw.Tests.Support;

/// <summary>A TCP connection that sends exactly the bytes it is given: for requests that no client library would send.</summary>
public sealed class RawConnection : IDisposable
{
    private readonly Socket _socket;

    private RawConnection(Socket socket) => _socket = socket;

    /// <summary>Connects.</summary>
    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port);
        return new(socket);
    }

    /// <summary>Sends one request and reads until the server closes.</summary>
    public static async Task<string> ExchangeAsync(Uri address, string request)
    {
        using var connection = await OpenAsync(address);
        await connection.SendAsync(request);
        return await connection.ReadToEndAsync();
    }

    /// <summary>Sends text as Latin-1, so that each character is one byte.</summary>
    public async Task SendAsync(string text) => await _socket.SendAsync(Encoding.Latin1.GetBytes(text), SocketFlags.None);

    /// <summary>Reads until the server closes or resets.</summary>
    public Task<string> ReadToEndAsync() => ReadUntilAsync(null);

    /// <summary>Reads until what was read contains <paramref name="marker"/>, or to the end; all that was read.</summary>
    public async Task<string> ReadUntilAsync(string? marker)
    {
        using var limit = new CancellationTokenSource(Eventually.Patience);
        var text = new StringBuilder();
        var buffer = new byte[16_384];
        try
        {
            while (marker is null || !text.ToString().Contains(marker, StringComparison.Ordinal))
            {
                var length = await _socket.ReceiveAsync(buffer, SocketFlags.None, limit.Token);
                if (length == 0)
                {
                    break;
                }

                text.Append(Encoding.Latin1.GetString(buffer, 0, length));
            }
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset)
        {
            // A reset ends the connection as well.
        }

        return text.ToString();
    }

    /// <summary>Goes away at once, with a reset.</summary>
    public void Abort()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
