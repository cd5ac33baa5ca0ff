using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EdgeGw.Generator;

/// <summary>The services that a library uses: what it asks its Context for, and what its attributes name.</summary>
internal static class Services
{
    private static readonly ImmutableHashSet<string> Kinds = ["database", "cache", "storage", "http"];

    /// <summary>By its spelling alone: <c>….Database(…)</c>, <c>….Http</c>.</summary>
    public static bool IsCandidate(SyntaxNode node) => node switch
    {
        MemberAccessExpressionSyntax access => Kind(access.Name.Identifier.ValueText) is not null,
        MemberBindingExpressionSyntax binding => Kind(binding.Name.Identifier.ValueText) is not null,
        _ => false,
    };

    public static ServiceUse? Find(GeneratorSyntaxContext context, CancellationToken stop)
    {
        var symbol = context.SemanticModel.GetSymbolInfo(context.Node, stop).Symbol;
        if (symbol is not { ContainingType: { Name: "Context", ContainingNamespace: { Name: "EdgeGw", ContainingNamespace.IsGlobalNamespace: true } } }
            || Kind(symbol.Name) is not { } kind)
        {
            return null;
        }
        if (symbol is not IMethodSymbol method)
            return new ServiceUse(kind, "default", null);
        var argument = (context.Node.Parent as InvocationExpressionSyntax)?.ArgumentList.Arguments.FirstOrDefault()?.Expression;
        var constant = argument is null
            ? context.Node.Parent is InvocationExpressionSyntax ? new Optional<object?>(method.Parameters[0].ExplicitDefaultValue) : default
            : context.SemanticModel.GetConstantValue(argument, stop);
        return constant is { HasValue: true, Value: string name }
            ? new ServiceUse(kind, name, IsName(name) ? null : LocationModel.From(argument?.GetLocation()))
            : new ServiceUse(kind, "", LocationModel.From((argument ?? context.Node).GetLocation()));
    }

    public static EquatableArray<ServiceUse> Declared(Compilation compilation)
        => new([.. compilation.Assembly.GetAttributes()
            .Where(a => a is { AttributeClass.Name: "UsesServiceAttribute", ConstructorArguments.Length: 2 })
            .Select(a => new ServiceUse(a.ConstructorArguments[0].Value as string ?? "", a.ConstructorArguments[1].Value as string ?? "",
                LocationModel.From(a.ApplicationSyntaxReference is { } place ? Location.Create(place.SyntaxTree, place.Span) : null)))]);

    /// <summary>Each use once, in an order of their own.</summary>
    public static EquatableArray<ServiceUse> Distinct(ImmutableArray<ServiceUse> uses)
        => new([.. uses.Distinct().OrderBy(u => u.Kind, StringComparer.Ordinal).ThenBy(u => u.Name, StringComparer.Ordinal)]);

    /// <summary>The manifest's lines, in order, each once.</summary>
    public static IReadOnlyList<string> Needed(IReadOnlyList<ServiceUse> used, IReadOnlyList<ServiceUse> declared, List<DiagnosticModel> problems)
    {
        foreach (var use in used.Where(u => u.Name.Length == 0 && !declared.Any(d => d.Kind == u.Kind)))
            problems.Add(Parser.Problem(Diagnostics.ServiceNotConstant, use.Location, use.Kind));
        var named = used.Where(u => u.Name.Length > 0).Concat(declared).ToList();
        foreach (var use in named.Where(u => !Kinds.Contains(u.Kind) || !IsName(u.Name)))
            problems.Add(Parser.Problem(Diagnostics.BadService, use.Location, $"{use.Kind}:{use.Name}"));
        return [.. named.Select(u => $"{u.Kind}:{u.Name}").Distinct().OrderBy(s => s, StringComparer.Ordinal)];
    }

    private static string? Kind(string member) => member switch
    {
        "Database" => "database",
        "Cache" => "cache",
        "Storage" => "storage",
        "Http" => "http",
        _ => null,
    };

    private static bool IsName(string name)
        => name.Length is > 0 and <= 64 && name.All(c => c is '.' or '_' or '-' || (c < 128 && char.IsLetterOrDigit(c)));
}
