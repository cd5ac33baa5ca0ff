using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace EdgeGw.Generator;

/// <summary>[SelfTest] attributes: each belongs to a route of the method that it stands on.</summary>
internal static class SelfTests
{
    /// <summary>Reads those of a method.</summary>
    public static EquatableArray<SelfTestUse> Parse(IMethodSymbol method)
    {
        var tests = ImmutableArray.CreateBuilder<SelfTestUse>();
        foreach (var attribute in method.GetAttributes().Where(IsSelfTest))
        {
            if (attribute.ConstructorArguments.Length != 1 || attribute.ConstructorArguments[0].Value is not string path)
                continue; // the compiler has said why
            var named = attribute.NamedArguments.ToDictionary(a => a.Key, a => a.Value.Value);
            var status = named.TryGetValue("Status", out var s) && s is int number ? number : 200;
            tests.Add(new SelfTestUse(Text("Method"), path, Text("Body"), Text("ContentType"), status, Text("Contains"), Place(attribute)));

            string? Text(string key) => named.TryGetValue(key, out var value) ? value as string : null;
        }
        return new(tests.ToImmutable());
    }

    /// <summary>Gives each the route of its method that answers it. A path that none of them answers is named.</summary>
    public static IEnumerable<SelfTestModel> Find(EquatableArray<SelfTestUse> uses, IReadOnlyList<RouteModel> routes, List<DiagnosticModel> problems)
    {
        if (routes.Count == 0)
            yield break; // of a route that cannot work nothing more is said
        foreach (var test in uses)
        {
            var route = routes.FirstOrDefault(r => (test.Method is null || r.Method == test.Method || r.Method == "*") && RoutePattern.Parse(r.Pattern, out _, out _)?.Matches(test.Path) == true);
            if (route is null)
            {
                problems.Add(Parser.Problem(Diagnostics.SelfTestElsewhere, test.Location, test.Method is null ? test.Path : $"{test.Method} {test.Path}", string.Join(", ", routes.Select(r => $"{r.Method} {r.Pattern}"))));
                continue;
            }
            if (test.Status is < 200 or > 599)
                problems.Add(Parser.Problem(Diagnostics.SelfTestStatus, test.Location, test.Path, test.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            yield return new SelfTestModel(test.Method ?? (route.Method == "*" ? "GET" : route.Method), test.Path, route.Host, test.Body, test.ContentType, test.Status, test.Contains);
        }
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
