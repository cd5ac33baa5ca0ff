using Microsoft.Extensions.Logging;

namespace EdgeGw.Transport;

/// <summary>What the transport has to say.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(1, LogLevel.Error, "No connection can be accepted (errno {Error}: descriptors or memory have run out); clients wait until some are free.")]
    public static partial void AcceptExhausted(this ILogger log, int error);

    [LoggerMessage(2, LogLevel.Error, "An event of a connection failed.")]
    public static partial void EventFailed(this ILogger log, Exception exception);

    [LoggerMessage(3, LogLevel.Error, "All {Threads} threads are inside handlers that block, so connections wait; make those handlers asynchronous, or raise the number of threads.")]
    public static partial void OutOfThreads(this ILogger log, int threads);
}
