namespace EdgeGw.Generator;

/// <summary>A type that a row can become.</summary>
/// <param name="Namespace">Empty for the global one.</param>
/// <param name="Declarations">The types around it and itself, outermost first: <c>partial record Pet</c>.</param>
/// <param name="Type">Its fully qualified name.</param>
/// <param name="ByConstructor">Whether its members are the constructor's parameters; else they are properties to set.</param>
internal sealed record RowModel(
    string Namespace, EquatableArray<string> Declarations, string Type, bool ByConstructor, EquatableArray<RowMember> Members, EquatableArray<DiagnosticModel> Diagnostics);

/// <summary>A member and its column.</summary>
/// <param name="Name">The member.</param>
/// <param name="Column">The column it asks for.</param>
/// <param name="Read">The getter of Row, with its type arguments: <c>GetInt64</c>.</param>
/// <param name="IsNullable">Whether NULL is fine.</param>
internal sealed record RowMember(string Name, string Column, string Read, bool IsNullable);
