using EdgeGw.Abi;
using StackExchange.Redis;

namespace EdgeGw.Services.Cache.Redis;

/// <summary>What the client library's exceptions mean to a handler.</summary>
internal sealed class RedisFaults(RedisConnection connection)
{
    private const string Replica = "is a replica and writes nothing: the setting host must name the primary";

    /// <summary>One sentence and a result; <c>code</c> is the first word of the server's answer, such as WRONGTYPE.</summary>
    public ServiceFault Of(Exception exception) => exception switch
    {
        RedisServerException refused => OfServer(refused.Message),
        RedisConnectionException { CommandStatus: CommandStatus.Sent } => Down("lost the connection before it answered; whether it did the call is not known"),
        RedisConnectionException replica when replica.Message.Contains("not eligible for replica", StringComparison.Ordinal) => Refused(Replica, "READONLY"),
        RedisConnectionException => Down(connection.Reason),
        RedisTimeoutException => new ServiceFault(AbiResult.TimedOut, $"The cache server {connection.Server} did not answer in time."),
        ObjectDisposedException => new ServiceFault(AbiResult.Unavailable, "The service is being replaced."),
        _ => new ServiceFault(AbiResult.Internal, $"The cache failed: {exception.Message}"),
    };

    private ServiceFault OfServer(string message)
    {
        var space = message.IndexOf(' ', StringComparison.Ordinal);
        var code = space > 0 ? message[..space] : message;
        return code switch
        {
            "ERR" when message.Contains("not an integer", StringComparison.Ordinal) => CacheFaults.NotANumber with { Code = code },
            "ERR" when message.Contains("overflow", StringComparison.Ordinal) => CacheFaults.Overflow with { Code = code },
            "ERR" => Refused($"refused the call: {message[(space + 1)..]}", code),
            "WRONGTYPE" => Refused("has something else than plain bytes under this key: a list, a hash or the like", code),
            "OOM" => Refused("has no memory left (maxmemory), and writes nothing", code),
            "MISCONF" => Refused("writes nothing, because it cannot save to its disk", code),
            "READONLY" => Refused(Replica, code),
            "NOPERM" => Refused("does not allow this to the user of this service (ACL)", code),
            "NOAUTH" or "WRONGPASS" => Down("does not accept the user and the password of this service, or asks for ones that are not set", code),
            "LOADING" => Down("is still loading its data", code),
            "MASTERDOWN" => Down("is a replica that has lost its primary", code),
            "BUSY" => Down("is busy with a script", code),
            "MOVED" or "ASK" or "CROSSSLOT" or "CLUSTERDOWN" => Refused("is part of a cluster, which this provider does not follow", code),
            _ => Refused($"refused the call: {message}", code),
        };
    }

    private ServiceFault Refused(string what, string code) => new(AbiResult.Refused, $"The cache server {connection.Server} {what}.", code);

    private ServiceFault Down(string what, string code = "") => new(AbiResult.Unavailable, $"The cache server {connection.Server} {what}.", code, BackendDown: true);
}
