using EdgeGw.Interop;

namespace EdgeGw.Bodies;

/// <summary>
/// How one kind of body is written. Each kind is a class with one instance, reached only by the method of <see cref="Response"/> that makes it: the
/// AOT compiler leaves out the kinds that a handler does not use.
/// </summary>
internal abstract class ResponseBody
{
    /// <summary>The media type when the response has none of its own.</summary>
    public abstract ReadOnlySpan<byte> ContentType { get; }

    /// <summary>Writes the body; done when it returns unless something had to wait.</summary>
    public abstract ValueTask WriteAsync(Exchange exchange, int status, object? value, object? extra);
}
