using System.Buffers;
using EdgeGw.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace EdgeGw.Worker;

/// <summary>Looks at the first bytes of a plain connection: those that begin with the HTTP/2 preface (RFC 9113, section 3.4) go to the HTTP/2 server, all others on to HTTP/1.1.</summary>
internal sealed class Http2Preface(ConnectionDelegate next, HandedOverListenerFactory http2, LimitSettings limits)
{
    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Takes a new connection.</summary>
    public Task OnConnectionAsync(ConnectionContext connection)
    {
        // Most clients send with the handshake's last packet or just after it; those whose first bytes are here already need no further wait.
        return connection.Transport.Input.TryRead(out var result) && Decide(connection, result.Buffer) is { } isHttp2
            ? (isHttp2 ? http2.HandOverAsync(connection) : next(connection))
            : WaitAsync(connection);
    }

    private async Task WaitAsync(ConnectionContext connection)
    {
        if (await SniffAsync(connection).ConfigureAwait(false) is { } isHttp2)
        {
            await (isHttp2 ? http2.HandOverAsync(connection) : next(connection)).ConfigureAwait(false);
        }
    }

    // Null when the connection is over.
    private async Task<bool?> SniffAsync(ConnectionContext connection)
    {
        // Kestrel's own clock for the request head begins after this; a client that sends nothing is bounded here.
        // So is one that has sent nothing yet when the worker stops: Kestrel asks for an end, and nobody else listens at this point.
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        timeout.CancelAfter(limits.KeepAliveTimeoutMs);
        bool? isHttp2 = null;
        try
        {
            while (isHttp2 is null)
            {
                var result = await connection.Transport.Input.ReadAsync(timeout.Token).ConfigureAwait(false);
                isHttp2 = Decide(connection, result.Buffer) ?? (result.IsCompleted ? false : null);
            }
        }
        catch (OperationCanceledException)
        {
            // It has sent nothing for Limits:KeepAliveTimeoutMs, or the worker is stopping. An orderly end, not a reset: a client that was just about to send knows that nothing was begun,
            // and tries again.
            return null;
        }
        catch (IOException)
        {
            return null; // reset before the first byte
        }
        return isHttp2;
    }

    // Whatever the answer, nothing is consumed: the server behind sees the connection from its first byte.
    private static bool? Decide(ConnectionContext connection, in ReadOnlySequence<byte> buffer)
    {
        Span<byte> head = stackalloc byte[Preface.Length];
        var length = (int)Math.Min(buffer.Length, head.Length);
        buffer.Slice(0, length).CopyTo(head);
        var matches = head[..length].SequenceEqual(Preface[..length]);
        var undecided = matches && length < Preface.Length;
        connection.Transport.Input.AdvanceTo(buffer.Start, undecided ? buffer.End : buffer.Start);
        return undecided ? null : matches;
    }
}
