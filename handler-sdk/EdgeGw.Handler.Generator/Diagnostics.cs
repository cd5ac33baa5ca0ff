using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace EdgeGw.Generator;

/// <summary>What cannot work, each in one sentence that says what to do.</summary>
internal static class Diagnostics
{
    public const string NotStatic = "EDGEGW001";
    public const string WrongParameters = "EDGEGW002";
    public const string WrongReturn = "EDGEGW003";
    public const string Generic = "EDGEGW004";
    public const string NotAccessible = "EDGEGW005";
    public const string BadMethod = "EDGEGW006";
    public const string BadPattern = "EDGEGW007";
    public const string UnknownConstraint = "EDGEGW008";
    public const string Duplicate = "EDGEGW009";
    public const string BadHost = "EDGEGW010";
    public const string BadLimit = "EDGEGW011";
    public const string NoHandlers = "EDGEGW012";
    public const string BadName = "EDGEGW013";
    public const string BadHook = "EDGEGW014";
    public const string SecondHook = "EDGEGW015";
    public const string ServiceNotConstant = "EDGEGW016";
    public const string BadService = "EDGEGW017";
    public const string BadRow = "EDGEGW018";
    public const string BadRowMember = "EDGEGW019";
    public const string SelfTestElsewhere = "EDGEGW020";
    public const string SelfTestStatus = "EDGEGW021";
    public const string SelfTestAlone = "EDGEGW022";
    public const string NoEndpoint = "EDGEGW023";

    private static readonly ImmutableDictionary<string, DiagnosticDescriptor> All = new[]
    {
        Error(NotStatic, "A handler is static", "'{0}' must be static to be a handler"),
        Error(WrongParameters, "A handler takes Context and Request",
            "'{0}' must take (Context, Request), (Request), (Context) or nothing, and then perhaps a CancellationToken"),
        Error(WrongReturn, "A handler returns Response", "'{0}' must return Response, Task<Response> or ValueTask<Response>, not {1}"),
        Error(Generic, "A handler is not generic", "'{0}' must not be generic, nor be in a generic type: nothing would say which types to use"),
        Error(NotAccessible, "A handler is public or internal", "'{0}' and the types around it must be public or internal, so that generated code can call it"),
        Error(BadMethod, "A route has an HTTP method", "'{0}' is not an HTTP method; use a token such as GET, or * for any"),
        Error(BadPattern, "A route has a pattern", "The pattern '{0}' cannot work: {1}"),
        Error(UnknownConstraint, "A parameter's type is known", "The pattern '{0}' asks for the unknown type '{1}'; the types are int, long, guid, bool and alpha"),
        Error(Duplicate, "A route is declared once", "{0} {1} is declared twice: '{2}' has the same host, method and shape (parameter names do not count)"),
        Error(BadHost, "A route's host is a host", "'{0}' is not a host; use a name such as api.example.com, *.example.com, or * for any"),
        Error(BadLimit, "A route's limit is positive", "{0} of '{1}' is {2}, but must be at least 1; leave it out to use the gateway's"),
        Error(NoHandlers, "A handler project has handlers", "This project has no method with [Handler], so that there is nothing to serve"),
        Error(BadName, "A handler library has a name and a version",
            "The {0} '{1}' cannot be used: {2}"),
        Error(BadHook, "Startup and self-test are simple methods",
            "'{0}' must be a static, public or internal, non-generic method 'void M()' or 'void M(HandlerEnvironment)' to be {1}"),
        Error(SecondHook, "Startup and self-test exist once", "There is more than one {0} in this project; '{1}' is one too many"),
        Error(ServiceNotConstant, "A service's name is known at compile time",
            "The name of this {0} is not a constant, so that the manifest cannot say what the library needs; write [assembly: UsesService(\"{0}\", \"…\")] for each name it may have"),
        Error(BadService, "A service has a kind and a name",
            "'{0}' is not a service; the kinds are database, cache, storage and http, and a name is made of 1 to 64 ASCII letters, digits, '.', '_' and '-'"),
        Error(BadRow, "A row becomes a partial type", "'{0}' cannot be made of a row: {1}"),
        Error(BadRowMember, "A column becomes a type that is known",
            "'{0}' of '{1}' is {2}, which no column becomes; use a number, bool, string, byte[], Guid, a date or time type, JsonElement, a nullable of these, or an array"),
        Error(SelfTestElsewhere, "A self-test asks for its own route", "The self-test '{0}' is answered by no route of its method ({1}); it is written as a request asks, such as /orders/7?full=1"),
        Error(SelfTestStatus, "A self-test expects a status", "The self-test '{0}' expects the status {1}, which is not between 200 and 599"),
        Error(SelfTestAlone, "A self-test stands beside a route", "'{0}' has [SelfTest] and no [Handler], so that nothing would be tested"),
        Error(NoEndpoint, "A route has a method and a path",
            "[Handler] of '{0}' names no method and path, and the project gives none; write [Handler(\"GET\", \"/path\")], or set <EdgeGwMethod> and <EdgeGwPath> in the project"),
    }.ToImmutableDictionary(d => d.Id);

    public static DiagnosticDescriptor ById(string id) => All[id];

    private static DiagnosticDescriptor Error(string id, string title, string message)
        => new(id, title, message, "EdgeGw", DiagnosticSeverity.Error, isEnabledByDefault: true, customTags: WellKnownDiagnosticTags.CompilationEnd);
}
