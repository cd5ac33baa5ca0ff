using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeGw.Tests.Support;

/// <summary>A client that sends HTTP/2 frames as it is told (RFC 9113), and none of its own accord.</summary>
public sealed class Http2Frames : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>Types and flags.</summary>
    public const byte Headers = 1, Reset = 3, Settings = 4, Ping = 6, Continuation = 9, EndStream = 1, EndHeaders = 4;

    /// <summary>Connects and sends the preface.</summary>
    public static async Task<Http2Frames> OpenAsync(Uri address)
    {
        var client = new Http2Frames();
        await client._socket.ConnectAsync(IPAddress.Loopback, address.Port);
        await client._socket.SendAsync((byte[])[.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, 0, [])]);
        return client;
    }

    /// <summary>One frame.</summary>
    public static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(9));
        return frame;
    }

    /// <summary>A header block: GET of a path over http.</summary>
    public static byte[] Get(string path) => [0x82, 0x86, 0x44, (byte)path.Length, .. Encoding.ASCII.GetBytes(path), 0x41, 1, (byte)'x'];

    /// <summary>Sends the same again and again until the gateway has ended the connection.</summary>
    public async Task SendUntilRefusedAsync(Func<int, byte[]> next, CancellationToken cancellation = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Eventually.Patience);
        var reading = ReadAsync(limit.Token);
        try
        {
            for (var i = 0; !reading.IsCompleted; i++)
            {
                await _socket.SendAsync(next(i), limit.Token);
            }
        }
        catch (SocketException)
        {
            // It has.
        }
        await reading;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private async Task ReadAsync(CancellationToken cancellation)
    {
        var buffer = new byte[65_536];
        try
        {
            while (await _socket.ReceiveAsync(buffer, cancellation) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // A reset is an end as well.
        }
    }
}
