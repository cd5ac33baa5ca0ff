using System.Net.Sockets;
using System.Security.Authentication;
using EdgeGw.Abi;
using Npgsql;

namespace EdgeGw.Services.Database.Postgres;

/// <summary>What failures of Npgsql mean to a handler. PostgreSQL's own sentences and SQLSTATEs are passed on; what Npgsql says of the connection is not, it may name users and files.</summary>
internal sealed class PostgresFaults(string server)
{
    /// <summary>A failure of a statement on an open session.</summary>
    public ServiceFault OfStatement(Exception exception) => exception switch
    {
        // The session is gone, which says nothing of the server: the next call finds out.
        PostgresException { SqlState: "57P01" or "57P02" or "57P05" } gone => new ServiceFault(AbiResult.Unavailable, $"{server} ended the connection: {Sentence(gone)}", gone.SqlState),
        PostgresException { SqlState: "08P01" } => new ServiceFault(AbiResult.Refused, $"{server} took the statement for a breach of its protocol.", "08P01"),
        PostgresException { SqlState: ['0', '8', ..] } gone => new ServiceFault(AbiResult.Unavailable, $"{server} ended the connection: {Sentence(gone)}", gone.SqlState),
        PostgresException refused => new ServiceFault(AbiResult.Refused, $"The database refused the statement: {Sentence(refused)}", refused.SqlState),
        OperationCanceledException => new ServiceFault(AbiResult.Cancelled, "The statement was cancelled.", "57014"),
        NpgsqlException { InnerException: TimeoutException } => new ServiceFault(AbiResult.Unavailable, $"{server} does not answer.", "08006"),
        NpgsqlException or InvalidOperationException => new ServiceFault(AbiResult.Unavailable, $"The connection to {server} broke.", "08006"),
        NotSupportedException => new ServiceFault(AbiResult.Refused, "The database service has no such statement: COPY is not offered.", "0A000"),
        _ => new ServiceFault(AbiResult.Internal, $"The database failed: {exception.Message}"),
    };

    /// <summary>A failure to open a session.</summary>
    public ServiceFault OfOpening(Exception exception) => exception switch
    {
        PostgresException { SqlState: "53300" } full => new ServiceFault(AbiResult.Unavailable, $"{server} has no connection left: {Sentence(full)}", full.SqlState),
        PostgresException refused => new ServiceFault(AbiResult.Unavailable, $"{server} refuses the connection: {Sentence(refused)}", refused.SqlState, BackendDown: true),
        OperationCanceledException => new ServiceFault(AbiResult.Cancelled, "The call was cancelled before a connection was there.", "57014"),
        NpgsqlException { InnerException: AuthenticationException } => Down("could not be trusted: the certificate is not the one expected"),
        NpgsqlException { InnerException: SocketException socket } => Down($"cannot be reached: {Reason(socket)}"),
        NpgsqlException { InnerException: TimeoutException } or TimeoutException => Down("does not answer"),
        NpgsqlException { InnerException: null } npgsql when npgsql.Message.Contains("SSL", StringComparison.Ordinal) => Down("offers no TLS, and this service asks for it (setting tls)"),
        NpgsqlException { InnerException: null } npgsql when npgsql.Message.Contains("password", StringComparison.OrdinalIgnoreCase) => Down("asks for a password, and this service has none (setting password)"),
        NpgsqlException { Message: var message } when message.Contains("pool has been exhausted", StringComparison.Ordinal) =>
            new ServiceFault(AbiResult.Busy, "All connections of this service are in use."),
        _ => Down("could not be spoken to"),
    };

    private ServiceFault Down(string what) => new(AbiResult.Unavailable, $"{server} {what}.", "08001", BackendDown: true);

    private static string Reason(SocketException socket) => socket.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "it refuses connections",
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => "its name is not known",
        SocketError.TimedOut => "it does not answer",
        SocketError.NetworkUnreachable or SocketError.HostUnreachable => "there is no way to it",
        // A Unix socket that is not there, among others.
        SocketError.AddressNotAvailable => "there is nothing at this address",
        SocketError.AccessDenied => "the system does not let this process connect to it",
        _ => "the connection failed",
    };

    private static string Sentence(PostgresException exception) => exception.MessageText.TrimEnd('.', '\n', ' ').ReplaceLineEndings(" ") + ".";
}
