namespace EdgeGw;

/// <summary>
/// A request that the handler on the same method must answer as it says. Before each deploy the gateway sends it to the new library, in a throwaway process and without a socket; another
/// answer refuses the deploy. There are no services there: a request that needs one cannot be a self-test. Many may stand on one method.
/// <c>[SelfTest("/hello/Ada", Contains = "Hello, Ada")]</c>
/// </summary>
/// <param name="path">The path with its query, percent-encoded where it needs to be, without the prefix that a deploy may add.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class SelfTestAttribute(string path) : Attribute
{
    /// <summary>The path with its query.</summary>
    public string Path { get; } = path;

    /// <summary>The HTTP method; the handler's when not given, and GET for one that takes any.</summary>
    public string? Method { get; set; }

    /// <summary>The request's body; none when not given.</summary>
    public string? Body { get; set; }

    /// <summary>The body's <c>Content-Type</c>.</summary>
    public string? ContentType { get; set; }

    /// <summary>The status of the answer.</summary>
    public int Status { get; set; } = 200;

    /// <summary>Text that the answer's body must hold; anything when not given.</summary>
    public string? Contains { get; set; }
}
