using System.Diagnostics.CodeAnalysis;

namespace EdgeGw;

/// <summary>
/// An answer that is an error: thrown anywhere in a handler, it becomes <c>application/problem+json</c> (RFC 9457) with the request's id. The message
/// is the problem's <c>detail</c>, except for the errors that are nobody's business but the author's (<see cref="Internal"/>,
/// <see cref="Database"/>, <see cref="Cache"/>, <see cref="Storage"/>): theirs goes to the log only.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "Reads as what it is: throw new HandlerError.NotFound(…).")]
public abstract class HandlerError : Exception
{
    private protected HandlerError(int status, string message, Exception? inner = null) : base(message, inner) => Status = status;

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>True when the message is for the log only.</summary>
    internal virtual bool IsPrivate => false;

    /// <summary>Headers that belong to the error.</summary>
    internal virtual Response AddHeaders(Response response) => response;

    /// <summary>400: the request cannot be understood.</summary>
    public sealed class BadRequest(string message, Exception? inner = null) : HandlerError(400, message, inner);

    /// <summary>422: the request is well-formed, but its content is not acceptable. Rendered with an <c>errors</c> member.</summary>
    public sealed class Validation : HandlerError
    {
        /// <summary>One field is wrong.</summary>
        public Validation(string field, string message) : this([new(field, message)])
        {
        }

        /// <summary>Several fields are wrong; a field may come more than once.</summary>
        public Validation(IEnumerable<KeyValuePair<string, string>> errors) : base(422, "The request's content is not valid.")
            => Errors = [.. errors];

        /// <summary>Fields and what is wrong with each.</summary>
        public IReadOnlyList<KeyValuePair<string, string>> Errors { get; }
    }

    /// <summary>401: who asks is not known.</summary>
    /// <param name="message">The detail.</param>
    /// <param name="challenge">The <c>WWW-Authenticate</c> header (RFC 9110 asks for one).</param>
    public sealed class Unauthorized(string message = "Authentication is needed.", string challenge = "Bearer") : HandlerError(401, message)
    {
        internal override Response AddHeaders(Response response) => response.WithHeader("WWW-Authenticate", challenge);
    }

    /// <summary>403: who asks may not.</summary>
    public sealed class Forbidden(string message = "This is not allowed.") : HandlerError(403, message);

    /// <summary>404: there is no such thing.</summary>
    public sealed class NotFound(string message = "There is no such resource.") : HandlerError(404, message);

    /// <summary>405: not with this method.</summary>
    /// <param name="allow">The <c>Allow</c> header: <c>GET, PUT</c>.</param>
    public sealed class MethodNotAllowed(string allow) : HandlerError(405, $"The methods allowed here are: {allow}.")
    {
        internal override Response AddHeaders(Response response) => response.WithHeader("Allow", allow);
    }

    /// <summary>409: the resource is in a state that forbids it.</summary>
    public sealed class Conflict(string message, Exception? inner = null) : HandlerError(409, message, inner);

    /// <summary>413: the body is too large.</summary>
    public sealed class PayloadTooLarge(string message = "The body is larger than this route accepts.") : HandlerError(413, message);

    /// <summary>500: something is wrong here. The message goes to the log only.</summary>
    public sealed class Internal(string message, Exception? inner = null) : HandlerError(500, message, inner)
    {
        internal override bool IsPrivate => true;
    }

    /// <summary>502: the database failed. The message goes to the log only.</summary>
    public sealed class Database(string message, Exception? inner = null) : HandlerError(502, message, inner)
    {
        internal override bool IsPrivate => true;
    }

    /// <summary>502: the cache failed. The message goes to the log only.</summary>
    public sealed class Cache(string message, Exception? inner = null) : HandlerError(502, message, inner)
    {
        internal override bool IsPrivate => true;
    }

    /// <summary>502: the object store failed. The message goes to the log only.</summary>
    public sealed class Storage(string message, Exception? inner = null) : HandlerError(502, message, inner)
    {
        internal override bool IsPrivate => true;
    }

    /// <summary>503: not now.</summary>
    /// <param name="message">The detail.</param>
    /// <param name="retryAfter">When to come again, in whole seconds (rounded up): the <c>Retry-After</c> header. Null: no header.</param>
    /// <param name="inner">What is behind it.</param>
    public sealed class ServiceUnavailable(string message = "The service cannot answer now.", TimeSpan? retryAfter = null, Exception? inner = null)
        : HandlerError(503, message, inner)
    {
        internal override Response AddHeaders(Response response) => retryAfter is { } wait
            ? response.WithHeader("Retry-After", ((long)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture))
            : response;
    }

    /// <summary>504: something that this handler needs took too long.</summary>
    public sealed class GatewayTimeout(string message = "A service did not answer in time.", Exception? inner = null) : HandlerError(504, message, inner);
}
