namespace EdgeGw;

/// <summary>
/// Makes a static method answer requests. The method takes <see cref="Context"/>, <see cref="Request"/>, both in this order, or neither, and
/// then perhaps a <see cref="CancellationToken"/>; it returns <see cref="Response"/>, <see cref="Task{TResult}"/> or
/// <see cref="ValueTask{TResult}"/> of it. Many may stand on one method.
/// </summary>
/// <param name="method">An HTTP method such as <c>GET</c>, or <c>*</c> for any that no other route takes.</param>
/// <param name="pattern">The path: literals, <c>{name}</c>, <c>{name:int}</c> and a last <c>{*name}</c>.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class HandlerAttribute(string method, string pattern) : Attribute
{
    /// <summary>A route whose method and path the build gives: <c>EdgeGwMethod</c> and <c>EdgeGwPath</c> of the project. The gateway gives them to the source of an endpoint that it compiles itself.</summary>
    public HandlerAttribute() : this("", "")
    {
    }

    /// <summary>The HTTP method; empty when the build gives it.</summary>
    public string Method { get; } = method;

    /// <summary>The path's pattern; empty when the build gives it.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>A host, <c>*.example.com</c>, or <c>*</c> for any.</summary>
    public string Host { get; set; } = "*";

    /// <summary>The route's name in logs and metrics; class and method when not given.</summary>
    public string? Name { get; set; }

    /// <summary>Milliseconds until the gateway answers 504 in the handler's place. The gateway's own limit when not given.</summary>
    public int DeadlineMs { get; set; }

    /// <summary>The largest request body in bytes; a larger one is 413. The gateway's own limit when not given.</summary>
    public long MaxBodyBytes { get; set; }

    /// <summary>Requests of this route inside the handler at once. The gateway's own limit when not given.</summary>
    public int Concurrency { get; set; }
}

/// <summary>
/// Runs a static method once, before any request: <c>static void Name()</c> or <c>static void Name(HandlerEnvironment)</c>. An exception refuses
/// the library, with its message as the reason.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HandlerStartupAttribute : Attribute;

/// <summary>
/// Runs a static method in a throwaway process before each deploy, after startup: <c>static void Name()</c> or
/// <c>static void Name(HandlerEnvironment)</c>. An exception refuses the deploy, with its message as the reason.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HandlerSelfTestAttribute : Attribute;
