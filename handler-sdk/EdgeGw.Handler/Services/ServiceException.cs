namespace EdgeGw;

/// <summary>
/// A service refused a call, or failed at it. Not handled, it is 502 for the client, and its message is in the log only. A service that cannot answer
/// now is <see cref="HandlerError.ServiceUnavailable"/> instead, and one that takes too long <see cref="HandlerError.GatewayTimeout"/>.
/// </summary>
public abstract class ServiceException : HandlerError
{
    private protected ServiceException(string message, string code, bool isRefused) : base(502, message)
    {
        Code = code;
        IsRefused = isRefused;
    }

    /// <summary>The backend's own code; empty when it gave none.</summary>
    public string Code { get; }

    /// <summary>True when the backend refused the call, or the call broke a rule of the backend's: it was understood, and changed nothing.</summary>
    public bool IsRefused { get; }

    internal sealed override bool IsPrivate => true;
}

/// <summary>A statement failed.</summary>
public sealed class DatabaseException : ServiceException
{
    internal DatabaseException(string message, string code, bool isRefused) : base(message, code, isRefused)
    {
    }

    /// <summary>The SQLSTATE (ISO/IEC 9075; appendix A of PostgreSQL's manual), such as <c>23505</c>; empty when there is none.</summary>
    public string SqlState => Code;

    /// <summary>True when a row of the same unique key is there already (23505).</summary>
    public bool IsUniqueViolation => Code == "23505";

    /// <summary>True when the transaction lost against another one and may succeed if it is run again (class 40).</summary>
    public bool IsTransient => Code.StartsWith("40", StringComparison.Ordinal);
}

/// <summary>The cache refused a call, or failed at it.</summary>
public sealed class CacheException : ServiceException
{
    internal CacheException(string message, string code, bool isRefused) : base(message, code, isRefused)
    {
    }
}

/// <summary>The object store refused a call, or failed at it.</summary>
public sealed class StorageException : ServiceException
{
    internal StorageException(string message, string code, bool isRefused) : base(message, code, isRefused)
    {
    }
}

/// <summary>A request to another server was not allowed, or failed.</summary>
public sealed class HttpOutException : ServiceException
{
    internal HttpOutException(string message, string code, bool isRefused) : base(message, code, isRefused)
    {
    }
}
