using Microsoft.Extensions.Logging;

namespace EdgeGw.Transport;

/// <summary>What the transport has to say.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(1, LogLevel.Error, "No connection can be accepted ({Error}); clients wait until it works again. If descriptors have run out, raise the limit (ulimit -n) or lower Limits:Connections.")]
    public static partial void AcceptFails(this ILogger log, string error);

    [LoggerMessage(2, LogLevel.Error, "An event of a connection failed.")]
    public static partial void EventFailed(this ILogger log, Exception exception);

    [LoggerMessage(3, LogLevel.Error, "All {Threads} threads are inside handlers that block, so connections wait; make those handlers asynchronous, or raise the number of threads.")]
    public static partial void OutOfThreads(this ILogger log, int threads);

    [LoggerMessage(4, LogLevel.Error, "A callback on the end of a connection failed.")]
    public static partial void CallbackFailed(this ILogger log, Exception exception);

    [LoggerMessage(5, LogLevel.Error, "No thread can be started beside {Threads}, so connections wait behind handlers that block; raise the system's limit of threads, or make those handlers asynchronous.")]
    public static partial void NoThread(this ILogger log, int threads, Exception exception);
}
