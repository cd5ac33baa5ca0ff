using System.Net.Security;
using EdgeGw.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace EdgeGw.Worker;

/// <summary>Streams of HTTP/2 share a connection and end at the same time: sending each one's frames by itself costs more than all the rest of a small request.</summary>
internal static class GatheredSends
{
    /// <summary>For connections that are HTTP/2.</summary>
    public static ConnectionDelegate Middleware(ConnectionDelegate next) => connection =>
    {
        connection.Features.Get<IGatheredSendsFeature>()?.GatherSends();
        return next(connection);
    };

    /// <summary>For connections over TLS, of which some are HTTP/2.</summary>
    public static ConnectionDelegate TlsMiddleware(ConnectionDelegate next)
    {
        var gathered = Middleware(next);
        return connection => connection.Features.Get<ISslStreamFeature>()?.SslStream.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2 ? gathered(connection) : next(connection);
    }
}
