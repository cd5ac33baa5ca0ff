using System.Net.Sockets;
using System.Security.Authentication;
using EdgeGw.Abi;

namespace EdgeGw.Services.Http;

/// <summary>What failures of requests to other servers mean to a handler.</summary>
internal static class HttpFaults
{
    /// <summary>One sentence and a code. None means that the service is down.</summary>
    /// <param name="exception">What the client threw.</param>
    /// <param name="server">Who was asked, as the beginning of a sentence.</param>
    public static ServiceFault Of(Exception exception, string server)
    {
        // The client wraps what happens while it connects.
        for (var e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case ServiceException known:
                    return known.Fault;
                case AuthenticationException:
                    return new(AbiResult.Unavailable, $"{server} could not be talked to over TLS: {Sentence(e)}", "tls");
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery }:
                    return new(AbiResult.Unavailable, $"{server} has no address: its name could not be resolved.", "name");
                case SocketException socket when exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError }:
                    return new(AbiResult.Unavailable, $"{server} could not be connected to: {Sentence(socket)}", "connect");
                case TimeoutException:
                    return new(AbiResult.Unavailable, $"{server} could not be connected to in time.", "connect");
            }
        }
        return Error(exception) switch
        {
            HttpRequestError.NameResolutionError => new(AbiResult.Unavailable, $"{server} has no address: its name could not be resolved.", "name"),
            HttpRequestError.ConnectionError => new(AbiResult.Unavailable, $"{server} could not be connected to: {Sentence(exception)}", "connect"),
            HttpRequestError.SecureConnectionError => new(AbiResult.Unavailable, $"{server} could not be talked to over TLS: {Sentence(exception)}", "tls"),
            HttpRequestError.ProxyTunnelError => new(AbiResult.Unavailable, $"{server} could not be reached through the proxy: {Sentence(exception)}", "proxy"),
            HttpRequestError.ConfigurationLimitExceeded => new(AbiResult.TooLarge, $"{server} answered with a head that is longer than this service takes (setting maxHeadBytes).", "head-too-large"),
            HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.VersionNegotiationError =>
                new(AbiResult.IoError, $"{server} answered with what is no valid HTTP: {Sentence(exception)}", "protocol"),
            HttpRequestError.ResponseEnded => new(AbiResult.IoError, $"{server} closed the connection before its answer was complete.", "connection-lost"),
            _ when exception is HttpRequestException or IOException or ObjectDisposedException =>
                new(AbiResult.IoError, $"The connection to {Inside(server)} was lost: {Sentence(Innermost(exception))}", "connection-lost"),
            _ => new(AbiResult.Internal, $"The request to {Inside(server)} failed: {Sentence(exception)}"),
        };
    }

    private static HttpRequestError Error(Exception exception) => exception switch
    {
        HttpRequestException request => request.HttpRequestError,
        HttpIOException io => io.HttpRequestError,
        _ => HttpRequestError.Unknown,
    };

    private static Exception Innermost(Exception exception) => exception.InnerException is { } inner ? Innermost(inner) : exception;

    private static string Inside(string server) => server.StartsWith("The ", StringComparison.Ordinal) ? "the " + server[4..] : server;

    // It may quote what the server sent.
    private static string Sentence(Exception exception) => string.Concat(exception.Message.Where(c => !char.IsControl(c))).TrimEnd('.', ' ') + ".";
}
