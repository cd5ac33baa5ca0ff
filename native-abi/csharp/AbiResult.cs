namespace EdgeGw.Abi;

/// <summary>Mirror of <c>edgegw_result</c>: what a call came to. Zero and above is not an error.</summary>
public enum AbiResult
{
    /// <summary>Done.</summary>
    Ok = 0,
    /// <summary>Not done yet: the callback given will be called, exactly once.</summary>
    Pending = 1,
    /// <summary>Nothing (more) there.</summary>
    End = 2,
    /// <summary>An argument is out of its documented range; nothing was changed.</summary>
    InvalidArgument = -1,
    /// <summary>Not now: after completion, or while the same operation is pending.</summary>
    InvalidState = -2,
    /// <summary>Another thread is inside a call on the same exchange, or a bound is reached.</summary>
    Busy = -3,
    /// <summary>The client has gone, the deadline has passed, or the gateway is stopping.</summary>
    Cancelled = -4,
    /// <summary>A configured limit is exceeded.</summary>
    TooLarge = -5,
    /// <summary>This gateway does not offer it.</summary>
    Unsupported = -6,
    /// <summary>Memory or the handler's heap limit is exhausted.</summary>
    OutOfMemory = -7,
    /// <summary>The connection or a file failed.</summary>
    IoError = -8,
    /// <summary>Anything else; the gateway's log has the reason.</summary>
    Internal = -9,
    /// <summary>A service's backend does not answer, or the service is stopping.</summary>
    Unavailable = -10,
    /// <summary>A service's own timeout has passed; what the backend did with the call is not known.</summary>
    TimedOut = -11,
    /// <summary>A backend refused the call, or it broke a rule of the backend's.</summary>
    Refused = -12,
    /// <summary>No service of that name and kind is bound to this library.</summary>
    NotBound = -13,
}
