using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace EdgeGw.Generator;

/// <summary>[SelfTest] attributes: each belongs to a route of the method that it stands on.</summary>
internal static class SelfTests
{
    /// <summary>Reads those of a method. A path that none of its routes answers is named.</summary>
    public static EquatableArray<SelfTestModel> Parse(IMethodSymbol method, IReadOnlyList<RouteModel> routes, ImmutableArray<DiagnosticModel>.Builder diagnostics)
    {
        var tests = ImmutableArray.CreateBuilder<SelfTestModel>();
        foreach (var attribute in method.GetAttributes().Where(IsSelfTest))
        {
            if (attribute.ConstructorArguments.Length != 1 || attribute.ConstructorArguments[0].Value is not string path)
                continue; // the compiler has said why
            var location = Place(attribute);
            var named = attribute.NamedArguments.ToDictionary(a => a.Key, a => a.Value.Value);
            var verb = Text("Method");
            var route = routes.FirstOrDefault(r => (verb is null || r.Method == verb || r.Method == "*") && RoutePattern.Parse(r.Pattern, out _, out _)?.Matches(path) == true);
            var status = named.TryGetValue("Status", out var s) && s is int number ? number : 200;
            if (route is null)
            {
                diagnostics.Add(Parser.Problem(Diagnostics.SelfTestElsewhere, location, verb is null ? path : $"{verb} {path}", string.Join(", ", routes.Select(r => $"{r.Method} {r.Pattern}"))));
                continue;
            }
            if (status is < 200 or > 599)
                diagnostics.Add(Parser.Problem(Diagnostics.SelfTestStatus, location, path, status.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            tests.Add(new SelfTestModel(verb ?? (route.Method == "*" ? "GET" : route.Method), path, route.Host, Text("Body"), Text("ContentType"), status, Text("Contains")));

            string? Text(string key) => named.TryGetValue(key, out var value) ? value as string : null;
        }
        return new(tests.ToImmutable());
    }

    /// <summary>One that stands on a method without a route.</summary>
    public static DiagnosticModel? Stray(GeneratorAttributeSyntaxContext context)
    {
        var method = (IMethodSymbol)context.TargetSymbol;
        return method.GetAttributes().Any(a => a.AttributeClass?.Name == "HandlerAttribute")
            ? null
            : Parser.Problem(Diagnostics.SelfTestAlone, LocationModel.From(method.Locations.FirstOrDefault()), $"{method.ContainingType.Name}.{method.Name}");
    }

    private static bool IsSelfTest(AttributeData attribute)
        => attribute.AttributeClass is { Name: "SelfTestAttribute", ContainingNamespace: { Name: "EdgeGw", ContainingNamespace.IsGlobalNamespace: true } };

    private static LocationModel? Place(AttributeData attribute)
        => LocationModel.From(attribute.ApplicationSyntaxReference is { } reference ? Location.Create(reference.SyntaxTree, reference.Span) : null);
}
