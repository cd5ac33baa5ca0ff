namespace EdgeGw.Transport.Tests;

/// <summary>The two ends of a connection.</summary>
internal static class Peers
{
    /// <summary>Sends back what comes, to the client's end.</summary>
    public static async Task EchoAsync(ConnectionContext connection)
    {
        while (true)
        {
            var read = await connection.Transport.Input.ReadAsync().ConfigureAwait(false);
            foreach (var piece in read.Buffer)
            {
                connection.Transport.Output.Write(piece.Span);
            }
            connection.Transport.Input.AdvanceTo(read.Buffer.End);
            await connection.Transport.Output.FlushAsync().ConfigureAwait(false);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    public static async Task SendAsync(this Socket socket, string text) => Assert.That(await socket.SendAsync(Encoding.ASCII.GetBytes(text)), Is.EqualTo(text.Length));

    /// <summary>So many bytes, or fewer at the other side's end.</summary>
    public static async Task<byte[]> ReceiveAsync(this Socket socket, int count)
    {
        var bytes = new byte[count];
        var received = 0;
        using var patience = new CancellationTokenSource(Eventually.Patience);
        while (received < count && await socket.ReceiveAsync(bytes.AsMemory(received), patience.Token) is var more and > 0)
        {
            received += more;
        }
        return bytes[..received];
    }

    public static async Task<string> ReceiveTextAsync(this Socket socket, int count) => Encoding.ASCII.GetString(await socket.ReceiveAsync(count));

    /// <summary>Everything to the other side's end.</summary>
    public static async Task<byte[]> ReceiveAllAsync(this Socket socket)
    {
        using var all = new MemoryStream();
        while (await socket.ReceiveAsync(65536) is { Length: > 0 } more)
        {
            all.Write(more);
        }
        return all.ToArray();
    }

    public static byte[] Pattern(int length, int seed = 0)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
