using System.Net;
using System.Net.Sockets;

namespace EdgeGw.Services.Http;

/// <summary>Finds a name's addresses. Throws <see cref="SocketException"/> when there are none.</summary>
internal delegate Task<IPAddress[]> AddressLookup(string host, CancellationToken cancellationToken);

/// <summary>Opens the connections of a client. The very addresses that were checked are connected to, so a name that changes its addresses in between gains nothing.</summary>
/// <param name="rules">What may be connected to; null: whatever the client asks for, which is the operator's proxy.</param>
/// <param name="lookup">Finds addresses.</param>
/// <param name="patience">For all addresses of a name together.</param>
/// <param name="time">The clock.</param>
internal sealed class HostConnector(HostRules? rules, AddressLookup lookup, TimeSpan patience, TimeProvider time)
{
    /// <summary>Connects to one of a host's addresses, trying one after the other.</summary>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CancellationToken cancellationToken)
    {
        var found = IPAddress.TryParse(target.Host, out var literal) ? [literal] : await lookup(target.Host, cancellationToken).ConfigureAwait(false);
        var addresses = rules is null ? found : rules.Reachable(found, target.Host);
        Exception failure = new SocketException((int)SocketError.HostNotFound);
        foreach (var address in addresses)
        {
            // An address that does not answer must leave time for the next one.
            using var share = new CancellationTokenSource(patience / addresses.Count, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(share.Token, cancellationToken);
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, target.Port), both.Token).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                socket.Dispose();
                cancellationToken.ThrowIfCancellationRequested();
                failure = e is SocketException ? e : new TimeoutException();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        throw failure;
    }
}
