using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using EdgeGw.Configuration;
using EdgeGw.Pipeline.Accept;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace EdgeGw.Worker.Defences;

/// <summary>Slows HTTP/2 clients that reset streams faster than <c>Limits:Http2ResetsPerSecond</c> (CVE-2023-44487, "rapid reset"), trusted proxies left out, for their resets are many clients'.
/// Slowed rather than ended: one that is ended comes back at once, with all its streams to spend again.</summary>
internal sealed class ResetBrake(LimitSettings limits, TrustedProxies proxies, TimeProvider clock)
{
    private static long s_braked;

    /// <summary>Connections slowed.</summary>
    public static long Braked => Interlocked.Read(ref s_braked);

    /// <summary>For connections that are HTTP/2.</summary>
    public ConnectionDelegate Middleware(ConnectionDelegate next) => connection =>
    {
        if (limits.Http2ResetsPerSecond > 0 && !(connection.RemoteEndPoint is IPEndPoint { Address: var address } && proxies.Trusts(address)))
        {
            var transport = connection.Transport;
            connection.Transport = new Duplex(new BrakedReader(transport.Input, limits.Http2ResetsPerSecond, clock, static () => Interlocked.Increment(ref s_braked)), transport.Output);
        }
        return next(connection);
    };

    /// <summary>For connections over TLS, of which some are HTTP/2.</summary>
    public ConnectionDelegate TlsMiddleware(ConnectionDelegate next)
    {
        var braked = Middleware(next);
        return connection => connection.Features.Get<ISslStreamFeature>()?.SslStream.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2 ? braked(connection) : next(connection);
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
