namespace EdgeGw.Services;

/// <summary>The operations of a kind of service as the headers of the ABI name them: <c>get_many</c>. Made once.</summary>
internal static class OperationNames<T> where T : struct, Enum
{
    private static readonly string[] s_names = [.. Enum.GetNames<T>().Select(InSnakeCase)];

    /// <summary>The name of the operation with that number; operations are numbered from 0.</summary>
    public static string Of(int operation) => s_names[operation];

    private static string InSnakeCase(string name) => string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
