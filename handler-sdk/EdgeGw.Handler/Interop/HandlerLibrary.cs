using System.ComponentModel;

namespace EdgeGw.Interop;

/// <summary>What the source generator derives from the attributes of one project. Not for use by hand.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class HandlerLibrary
{
    /// <summary>The manifest, as UTF-8 JSON (docs/manifest.md).</summary>
    public abstract ReadOnlySpan<byte> Manifest { get; }

    /// <summary>What is known of each route, by its index in the manifest.</summary>
    public abstract ReadOnlySpan<HandlerRoute> Routes { get; }

    /// <summary>Runs the handler of a route.</summary>
    public abstract ValueTask<Response> Invoke(uint route, Context context, Request request);

    /// <summary>Runs the method marked <see cref="HandlerStartupAttribute"/>, if there is one.</summary>
    public virtual void Startup(HandlerEnvironment environment)
    {
    }

    /// <summary>Runs the method marked <see cref="HandlerSelfTestAttribute"/>, if there is one.</summary>
    public virtual void SelfTest(HandlerEnvironment environment)
    {
    }
}

/// <summary>One route as the generator knows it. Not for use by hand.</summary>
/// <param name="ParameterNames">The path parameters' names, in the pattern's order.</param>
/// <param name="IsAsync">The handler returns a task. One that does not is called when the whole body is there.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record HandlerRoute(string[] ParameterNames, bool IsAsync);
