using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>What a failed call becomes.</summary>
internal static class ServiceFailure
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <param name="call">The call.</param>
    /// <param name="result">Negative, or what is no answer to a call.</param>
    /// <param name="sentence">The gateway's; for the log, since it may name hosts.</param>
    /// <param name="code">The backend's.</param>
    /// <param name="isOpen">Whether the call was one on something open, and refused at once: there EDGEGW_BUSY means that another one is under way.</param>
    public static Exception Of(ServiceCall call, AbiResult result, string sentence, string code, bool isOpen)
    {
        var service = call.Service;
        var message = sentence.Length > 0 ? sentence : $"The {service} answered {result}.";
        return result switch
        {
            AbiResult.Busy when isOpen => new InvalidOperationException($"The {service} is at work on this: await the previous call first."),
            AbiResult.Busy => new HandlerError.ServiceUnavailable($"The {service} has too much to do at the moment.", RetryAfter, Inner(sentence)),
            AbiResult.Unavailable => new HandlerError.ServiceUnavailable($"The {service} cannot be reached at the moment.", RetryAfter, Inner(sentence)),
            AbiResult.TimedOut => new HandlerError.GatewayTimeout($"The {service} did not answer in time; whether it did its work is not known.", Inner(sentence)),
            AbiResult.Cancelled => new OperationCanceledException($"The request was cancelled while it waited for the {service}.", Token(call.Exchange)),
            AbiResult.InvalidArgument => new ArgumentException(sentence.Length > 0 ? sentence : $"The {service} does not take this: an argument is out of its range."),
            AbiResult.InvalidState => new InvalidOperationException(
                sentence.Length > 0 ? sentence : $"The {service} takes no call for this: it was closed, or the request is over."),
            AbiResult.NotBound => new InvalidOperationException(sentence.Length > 0 ? sentence : $"The {service} is not bound to this handler any more."),
            AbiResult.OutOfMemory => new InsufficientMemoryException(message),
            _ => Exception(service, message, code, result == AbiResult.Refused),
        };
    }

    private static ServiceException Exception(Service service, string message, string code, bool isRefused) => service.Kind switch
    {
        "database" => new DatabaseException(message, code, isRefused),
        "cache" => new CacheException(message, code, isRefused),
        "storage" => new StorageException(message, code, isRefused),
        _ => new HttpOutException(message, code, isRefused),
    };

    private static InvalidOperationException? Inner(string sentence) => sentence.Length > 0 ? new InvalidOperationException(sentence) : null;

    // The request may be over at this moment.
    private static CancellationToken Token(Exchange exchange) => exchange.Id == 0 ? new CancellationToken(canceled: true) : exchange.CancellationToken;
}
