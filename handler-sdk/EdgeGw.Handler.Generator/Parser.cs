using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EdgeGw.Generator;

/// <summary>Symbols to model.</summary>
internal static class Parser
{
    private const string TokenMarks = "!#$%&'*+-.^_`|~";

    public static MethodModel ParseMethod(GeneratorAttributeSyntaxContext context)
    {
        var method = (IMethodSymbol)context.TargetSymbol;
        var diagnostics = ImmutableArray.CreateBuilder<DiagnosticModel>();
        var routes = ImmutableArray.CreateBuilder<RouteModel>();
        var location = LocationModel.From(method.Locations.FirstOrDefault());
        var name = Display(method);

        if (!method.IsStatic)
            diagnostics.Add(Problem(Diagnostics.NotStatic, location, name));
        if (IsGeneric(method))
            diagnostics.Add(Problem(Diagnostics.Generic, location, name));
        if (!IsAccessible(method))
            diagnostics.Add(Problem(Diagnostics.NotAccessible, location, name));
        var arguments = Arguments(method);
        if (arguments is null)
            diagnostics.Add(Problem(Diagnostics.WrongParameters, location, name));
        var returns = Returns(method);
        if (returns is null)
            diagnostics.Add(Problem(Diagnostics.WrongReturn, location, name, method.ReturnType.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)));

        foreach (var attribute in context.Attributes)
        {
            if (ParseRoute(method, attribute, diagnostics) is { } route && arguments is not null && returns is { } kind)
                routes.Add(route with { Call = Call(method), Arguments = arguments, Returns = kind });
        }
        return diagnostics.Count > 0
            ? new MethodModel(default, default, new(diagnostics.ToImmutable()))
            : new MethodModel(new(routes.ToImmutable()), SelfTests.Parse(method), default);
    }

    public static HookResult ParseHook(GeneratorAttributeSyntaxContext context, string attribute)
    {
        var method = (IMethodSymbol)context.TargetSymbol;
        var location = LocationModel.From(method.Locations.FirstOrDefault());
        var takesEnvironment = method.Parameters.Length == 1 && IsType(method.Parameters[0].Type, "HandlerEnvironment");
        var fits = method.IsStatic && !IsGeneric(method) && IsAccessible(method) && method.ReturnsVoid && !method.IsAsync
            && (method.Parameters.Length == 0 || takesEnvironment);
        return fits
            ? new HookResult(new HookModel(Call(method), takesEnvironment, location), null)
            : new HookResult(null, Problem(Diagnostics.BadHook, location, Display(method), $"[{attribute}]"));
    }

    public static IEnumerable<DiagnosticModel> CheckProject(ProjectModel project)
    {
        if (project.Name.Length is 0 or > 64 || !project.Name.All(c => c is '.' or '_' or '-' || (c < 128 && char.IsLetterOrDigit(c))))
        {
            yield return Problem(Diagnostics.BadName, null, "name", project.Name,
                "it is made of at most 64 ASCII letters, digits, '.', '_' and '-'; set <EdgeGwHandlerName> in the project");
        }
        if (project.Version.Length > 64)
            yield return Problem(Diagnostics.BadName, null, "version", project.Version, "it has at most 64 characters; set <Version> in the project");
    }

    public static DiagnosticModel Problem(string id, LocationModel? location, params string[] arguments)
        => new(id, location, new(ImmutableArray.Create(arguments)));

    private static RouteModel? ParseRoute(IMethodSymbol method, AttributeData attribute, ImmutableArray<DiagnosticModel>.Builder diagnostics)
    {
        var location = LocationModel.From(attribute.ApplicationSyntaxReference is { } reference
            ? Location.Create(reference.SyntaxTree, reference.Span)
            : null);
        if (attribute.ConstructorArguments.Any(a => a.Value is not string) || attribute.ConstructorArguments.Length is not (0 or 2))
            return null; // the compiler has said why
        var before = diagnostics.Count;
        var isGiven = attribute.ConstructorArguments.Length == 2;
        var (verb, pattern) = isGiven ? ((string)attribute.ConstructorArguments[0].Value!, (string)attribute.ConstructorArguments[1].Value!) : ("", "");
        var parsed = isGiven ? ParsePath(verb, pattern, location, diagnostics.Add) : null;

        var named = attribute.NamedArguments.ToDictionary(a => a.Key, a => a.Value.Value);
        var host = named.TryGetValue("Host", out var h) && h is string text ? text : "*";
        if (!IsHost(host))
            diagnostics.Add(Problem(Diagnostics.BadHost, location, host));
        long? Limit(string limit)
        {
            if (!named.TryGetValue(limit, out var value))
                return null;
            var number = Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture);
            if (number < 1)
                diagnostics.Add(Problem(Diagnostics.BadLimit, location, limit, Display(method), number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            return number;
        }
        var (deadline, body, concurrency) = (Limit("DeadlineMs"), Limit("MaxBodyBytes"), Limit("Concurrency"));
        if (diagnostics.Count > before)
            return null;
        var name = named.TryGetValue("Name", out var n) && n is string given ? given : Display(method);
        var route = new RouteModel("", "", host, name, (int?)deadline, body, (int?)concurrency, "", "", default, default, "", location);
        return parsed is null ? route : WithPath(route, verb, pattern, parsed);
    }

    /// <summary>Checks a method and a pattern, and says what is wrong.</summary>
    public static RoutePattern? ParsePath(string verb, string pattern, LocationModel? location, Action<DiagnosticModel> report)
    {
        var isMethod = verb == "*" || (verb.Length > 0 && verb.All(c => (c < 128 && char.IsLetterOrDigit(c)) || TokenMarks.IndexOf(c) >= 0));
        if (!isMethod)
            report(Problem(Diagnostics.BadMethod, location, verb));
        var parsed = RoutePattern.Parse(pattern, out var reason, out var unknownType);
        if (unknownType is not null)
            report(Problem(Diagnostics.UnknownConstraint, location, pattern, unknownType));
        else if (parsed is null)
            report(Problem(Diagnostics.BadPattern, location, pattern, reason ?? ""));
        return isMethod ? parsed : null;
    }

    /// <summary>A route with its method and path.</summary>
    public static RouteModel WithPath(RouteModel route, string verb, string pattern, RoutePattern parsed)
        => route with { Method = verb, Pattern = pattern, ParameterNames = new(parsed.Names), Shape = $"{route.Host.ToLowerInvariant()} {verb} {parsed.Shape}" };

    private static bool IsHost(string host)
    {
        if (host == "*")
            return true;
        var name = host.StartsWith("*.", StringComparison.Ordinal) ? host.Substring(2) : host;
        return name.Length is > 0 and <= 253 && name.Split('.').All(label =>
            label.Length is > 0 and <= 63 && label.All(c => c is '-' or '_' || (c < 128 && char.IsLetterOrDigit(c))));
    }

    /// <summary>What to pass, or null when the parameters do not fit.</summary>
    private static string? Arguments(IMethodSymbol method)
    {
        if (method.Parameters.Any(p => p.RefKind != RefKind.None))
            return null;
        var kinds = method.Parameters.Select(p => IsType(p.Type, "Context") ? 'c' : IsType(p.Type, "Request") ? 'r' : IsToken(p.Type) ? 't' : '?');
        return new string([.. kinds]) switch
        {
            "" => "",
            "c" => "context",
            "r" => "request",
            "cr" => "context, request",
            "t" => "context.CancellationToken",
            "ct" => "context, context.CancellationToken",
            "rt" => "request, context.CancellationToken",
            "crt" => "context, request, context.CancellationToken",
            _ => null,
        };
    }

    private static ReturnKind? Returns(IMethodSymbol method)
    {
        if (IsType(method.ReturnType, "Response"))
            return ReturnKind.Response;
        if (method.ReturnType is not INamedTypeSymbol { TypeArguments.Length: 1 } type || !IsType(type.TypeArguments[0], "Response"))
            return null;
        return type.ConstructedFrom.ToDisplayString() switch
        {
            "System.Threading.Tasks.Task<TResult>" => ReturnKind.Task,
            "System.Threading.Tasks.ValueTask<TResult>" => ReturnKind.ValueTask,
            _ => null,
        };
    }

    private static bool IsType(ITypeSymbol type, string name)
        => type.Name == name && type.ContainingType is null && type.ContainingNamespace is { Name: "EdgeGw", ContainingNamespace.IsGlobalNamespace: true };

    private static bool IsToken(ITypeSymbol type) => type.ToDisplayString() == "System.Threading.CancellationToken";

    private static bool IsGeneric(IMethodSymbol method)
    {
        for (var type = method.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.IsGenericType)
                return true;
        }
        return method.IsGenericMethod;
    }

    private static bool IsAccessible(ISymbol symbol)
    {
        for (ISymbol? s = symbol; s is IMethodSymbol or INamedTypeSymbol; s = s.ContainingType)
        {
            if (s.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal)
                || s is INamedTypeSymbol { IsFileLocal: true })
            {
                return false;
            }
        }
        return true;
    }

    private static string Call(IMethodSymbol method)
    {
        var name = method.Name;
        if (SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None)
            name = "@" + name;
        return $"{method.ContainingType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)}.{name}";
    }

    private static string Display(IMethodSymbol method) => $"{method.ContainingType.Name}.{method.Name}";
}
