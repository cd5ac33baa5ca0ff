using System.Buffers.Binary;
using System.Net;
using EdgeGw.Configuration;
using EdgeGw.Pipeline.Accept;
using Microsoft.AspNetCore.Connections;

namespace EdgeGw.Worker.Defences;

/// <summary>Bounds the open connections, of all clients (<c>Limits:Connections</c>) and of each (<c>Limits:ConnectionsPerAddress</c>). One more is reset at once, before anything is spent on it:
/// it never waits behind those who hold the others open.</summary>
internal sealed class ConnectionGate(LimitSettings limits, TrustedProxies proxies)
{
    private static long s_refused;
    private static long s_refusedOfAddress;

    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, int> _ofAddress = [];
    private int _open;

    /// <summary>Connections reset because there were <c>Limits:Connections</c>.</summary>
    public static long Refused => Interlocked.Read(ref s_refused);

    /// <summary>Connections reset because their address had <c>Limits:ConnectionsPerAddress</c>.</summary>
    public static long RefusedOfAddress => Interlocked.Read(ref s_refusedOfAddress);

    /// <summary>Connections that it let in and that are open.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Lets connections through to what comes next.</summary>
    public ConnectionDelegate Middleware(ConnectionDelegate next) => connection =>
    {
        var isCounted = IsCounted(connection, out var address);
        if (!TryEnter(isCounted, address, out var reason))
        {
            connection.Abort(new ConnectionAbortedException(reason));
            return Task.CompletedTask;
        }
        return ServeAsync(next, connection, isCounted, address);
    };

    private async Task ServeAsync(ConnectionDelegate next, ConnectionContext connection, bool isCounted, UInt128 address)
    {
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            Leave(isCounted, address);
        }
    }

    // A proxy's connections are many clients'.
    private bool IsCounted(ConnectionContext connection, out UInt128 key)
    {
        key = default;
        if (limits.ConnectionsPerAddress == 0 || connection.RemoteEndPoint is not IPEndPoint { Address: var address } || proxies.Trusts(address))
        {
            return false;
        }
        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        key = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        if (!address.IsIPv4MappedToIPv6 && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6)
        {
            key = key >> 64 << 64; // one client has a network of 64 bits
        }
        return true;
    }

    private bool TryEnter(bool isCounted, UInt128 address, out string reason)
    {
        lock (_lock)
        {
            if (_open >= limits.Connections)
            {
                Interlocked.Increment(ref s_refused);
                reason = "There are as many connections as Limits:Connections allows.";
                return false;
            }
            if (isCounted)
            {
                var count = _ofAddress.GetValueOrDefault(address);
                if (count >= limits.ConnectionsPerAddress)
                {
                    Interlocked.Increment(ref s_refusedOfAddress);
                    reason = "The client's address has as many connections as Limits:ConnectionsPerAddress allows.";
                    return false;
                }
                _ofAddress[address] = count + 1;
            }
            _open++;
            reason = "";
            return true;
        }
    }

    private void Leave(bool isCounted, UInt128 address)
    {
        lock (_lock)
        {
            _open--;
            if (!isCounted)
            {
                return;
            }
            if (_ofAddress[address] == 1)
            {
                _ofAddress.Remove(address);
            }
            else
            {
                _ofAddress[address]--;
            }
        }
    }
}
