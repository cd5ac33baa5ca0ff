using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EdgeGw.Generator;

/// <summary>A type marked [Row] to model.</summary>
internal static class RowParser
{
    public static RowModel Parse(GeneratorAttributeSyntaxContext context)
    {
        var type = (INamedTypeSymbol)context.TargetSymbol;
        var diagnostics = ImmutableArray.CreateBuilder<DiagnosticModel>();
        var location = LocationModel.From(type.Locations.FirstOrDefault());
        if (Fault((TypeDeclarationSyntax)context.TargetNode, type) is { } fault)
            diagnostics.Add(Parser.Problem(Diagnostics.BadRow, location, type.Name, fault));

        var constructor = type.InstanceConstructors
            .Where(c => c.DeclaredAccessibility != Accessibility.Private && !IsCopy(c, type))
            .OrderByDescending(c => c.Parameters.Length).FirstOrDefault();
        var byConstructor = constructor is { Parameters.Length: > 0 };
        if (constructor?.Parameters.FirstOrDefault(p => p.RefKind is RefKind.Ref or RefKind.Out) is { } reference)
            diagnostics.Add(Parser.Problem(Diagnostics.BadRow, location, type.Name, $"its constructor takes '{reference.Name}' by reference"));
        ImmutableArray<(ISymbol Symbol, ITypeSymbol Type)> found = byConstructor
            ? [.. constructor!.Parameters.Select(p => ((ISymbol)p, p.Type))]
            : [.. type.GetMembers().OfType<IPropertySymbol>()
                .Where(p => p is { IsStatic: false, IsIndexer: false, SetMethod.DeclaredAccessibility: Accessibility.Public or Accessibility.Internal })
                .Select(p => ((ISymbol)p, p.Type))];
        if (found.IsEmpty && diagnostics.Count == 0)
            diagnostics.Add(Parser.Problem(Diagnostics.BadRow, location, type.Name, "it has neither a constructor with parameters nor properties that can be set"));

        var members = ImmutableArray.CreateBuilder<RowMember>();
        foreach (var (symbol, memberType) in found)
        {
            if (RowTypes.Read(memberType, out var isNullable) is { } read)
                members.Add(new RowMember(symbol.Name, Column(symbol, type), read, isNullable));
            else
                diagnostics.Add(Parser.Problem(Diagnostics.BadRowMember, LocationModel.From(symbol.Locations.FirstOrDefault()), symbol.Name, type.Name, memberType.ToDisplayString()));
        }
        return new RowModel(
            type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString(),
            new(Declarations(type)), type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), byConstructor, new(members.ToImmutable()), new(diagnostics.ToImmutable()));
    }

    private static string? Fault(TypeDeclarationSyntax declaration, INamedTypeSymbol type)
    {
        if (type.IsAbstract || type.IsStatic)
            return "it is abstract or static";
        if (type.IsRefLikeType)
            return "it is a ref struct";
        if (type.IsFileLocal)
            return "it is local to its file";
        for (var t = type; t is not null; t = t.ContainingType)
        {
            if (t.IsGenericType)
                return "it is generic, or in a generic type";
        }
        for (SyntaxNode? node = declaration; node is TypeDeclarationSyntax each; node = node.Parent)
        {
            if (!each.Modifiers.Any(SyntaxKind.PartialKeyword))
                return $"'{each.Identifier.ValueText}' must be partial";
        }
        return null;
    }

    private static bool IsCopy(IMethodSymbol constructor, INamedTypeSymbol type)
        => constructor.Parameters.Length == 1 && SymbolEqualityComparer.Default.Equals(constructor.Parameters[0].Type, type);

    // [Column] on a record's parameter, or on the property it makes.
    private static string Column(ISymbol member, INamedTypeSymbol type)
        => Column(member) ?? type.GetMembers(member.Name).OfType<IPropertySymbol>().Select(Column).FirstOrDefault(c => c is not null) ?? member.Name;

    private static string? Column(ISymbol member)
        => member.GetAttributes().FirstOrDefault(a => a.AttributeClass?.ToDisplayString() == "EdgeGw.ColumnAttribute")?.ConstructorArguments.FirstOrDefault().Value as string;

    private static ImmutableArray<string> Declarations(INamedTypeSymbol type)
    {
        var declarations = new List<string>();
        for (INamedTypeSymbol? t = type; t is not null; t = t.ContainingType)
        {
            var kind = t switch
            {
                { IsRecord: true, IsValueType: true } => "record struct",
                { IsRecord: true } => "record",
                { TypeKind: TypeKind.Struct } => "struct",
                { TypeKind: TypeKind.Interface } => "interface",
                _ => "class",
            };
            declarations.Insert(0, $"partial {kind} @{t.Name}");
        }
        return [.. declarations];
    }
}
