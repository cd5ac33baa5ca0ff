using System.Net.Sockets;
using EdgeGw.ScriptedRoles.Interop;

namespace EdgeGw.ScriptedRoles;

/// <summary>Hands the listening sockets to whoever connects.</summary>
internal sealed class DescriptorOffer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly int[] _descriptors;

    internal DescriptorOffer(string path, int[] descriptors)
    {
        _descriptors = descriptors;
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _ = AcceptAsync();
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            using var peer = await _listener.AcceptAsync();
            DescriptorMessage.Send(peer, _descriptors);
        }
    }
}
