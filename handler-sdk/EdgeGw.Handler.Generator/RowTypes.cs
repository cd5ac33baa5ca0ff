using Microsoft.CodeAnalysis;

namespace EdgeGw.Generator;

/// <summary>Which getter of Row gives which type.</summary>
internal static class RowTypes
{
    /// <summary>The getter, or null when no column becomes that type.</summary>
    public static string? Read(ITypeSymbol type, out bool isNullable)
    {
        isNullable = type.NullableAnnotation == NullableAnnotation.Annotated;
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            isNullable = true;
            type = nullable.TypeArguments[0];
        }
        if (Getter(type) is { } getter)
            return getter;
        if (type is not IArrayTypeSymbol { Rank: 1 } array)
            return null;
        var element = array.ElementType is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } item ? item.TypeArguments[0] : array.ElementType;
        return Getter(element) is { } read and not "GetJsonElement"
            ? $"GetArray<{array.ElementType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)}>"
            : null;
    }

    private static string? Getter(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_Boolean => "GetBoolean",
        SpecialType.System_Int16 => "GetInt16",
        SpecialType.System_Int32 => "GetInt32",
        SpecialType.System_Int64 => "GetInt64",
        SpecialType.System_Single => "GetSingle",
        SpecialType.System_Double => "GetDouble",
        SpecialType.System_Decimal => "GetDecimal",
        SpecialType.System_String => "GetString",
        SpecialType.System_DateTime => "GetDateTime",
        _ when type is IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_Byte } => "GetBytes",
        _ => type.OriginalDefinition.ToDisplayString() switch
        {
            "System.Guid" => "GetGuid",
            "System.DateTimeOffset" => "GetDateTimeOffset",
            "System.DateOnly" => "GetDateOnly",
            "System.TimeOnly" => "GetTimeOnly",
            "System.TimeSpan" => "GetTimeSpan",
            "System.Text.Json.JsonElement" => "GetJsonElement",
            _ => null,
        },
    };
}
