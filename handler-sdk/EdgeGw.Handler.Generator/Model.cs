using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace EdgeGw.Generator;

/// <summary>What a method returns.</summary>
internal enum ReturnKind
{
    Response,
    Task,
    ValueTask,
}

/// <summary>One [Handler] attribute on one method that can work.</summary>
/// <param name="Call">The fully qualified method.</param>
/// <param name="Arguments">What to pass, as written in the dispatch.</param>
/// <param name="Returns">What comes back.</param>
/// <param name="ParameterNames">The path parameters, in the pattern's order.</param>
/// <param name="Shape">Equal for routes that conflict.</param>
internal sealed record RouteModel(
    string Method,
    string Pattern,
    string Host,
    string Name,
    int? DeadlineMs,
    long? MaxBodyBytes,
    int? Concurrency,
    string Call,
    string Arguments,
    ReturnKind Returns,
    EquatableArray<string> ParameterNames,
    string Shape,
    LocationModel? Location);

/// <summary>One [SelfTest] attribute as it is written; <see cref="SelfTests"/> finds the route that it asks.</summary>
/// <param name="Method">The method it names, or null.</param>
internal sealed record SelfTestUse(string? Method, string Path, string? Body, string? ContentType, int Status, string? Contains, LocationModel? Location);

/// <summary>One [SelfTest] attribute: a request, and what it must be answered.</summary>
internal sealed record SelfTestModel(string Method, string Path, string Host, string? Body, string? ContentType, int Status, string? Contains);

/// <summary>A method to call at startup or for the self-test.</summary>
/// <param name="Call">The fully qualified method.</param>
/// <param name="TakesEnvironment">Whether it takes the HandlerEnvironment.</param>
internal sealed record HookModel(string Call, bool TakesEnvironment, LocationModel? Location);

/// <summary>What one attributed method came to: routes, or reasons why not. A route without a method and a pattern gets those of the project.</summary>
internal sealed record MethodModel(EquatableArray<RouteModel> Routes, EquatableArray<SelfTestUse> SelfTests, EquatableArray<DiagnosticModel> Diagnostics);

/// <summary>What one hook came to.</summary>
internal sealed record HookResult(HookModel? Hook, DiagnosticModel? Diagnostic);

/// <summary>A service that the library uses, or, with a location, one whose name is not known.</summary>
/// <param name="Kind">"database", "cache", "storage" or "http".</param>
/// <param name="Name">Its name; empty when it is not a constant.</param>
internal sealed record ServiceUse(string Kind, string Name, LocationModel? Location);

/// <summary>What the project says of itself.</summary>
/// <param name="Services">The services that its attributes name.</param>
/// <param name="Method">The method of a [Handler] that names none; empty when there is none.</param>
/// <param name="Path">The path of a [Handler] that names none.</param>
internal sealed record ProjectModel(string Name, string Version, string Sdk, bool IsHandlerProject, EquatableArray<ServiceUse> Services, string Method, string Path);

/// <summary>A diagnostic as a value.</summary>
internal sealed record DiagnosticModel(string Id, LocationModel? Location, EquatableArray<string> Arguments)
{
    public Diagnostic ToDiagnostic() => Diagnostic.Create(Diagnostics.ById(Id), Location?.ToLocation(), [.. Arguments]);
}

/// <summary>A place in the source as a value.</summary>
internal sealed record LocationModel(string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static LocationModel? From(Location? location)
        => location?.SourceTree is { } tree ? new LocationModel(tree.FilePath, location.SourceSpan, location.GetLineSpan().Span) : null;

    public Location ToLocation() => Location.Create(Path, Span, Lines);
}
