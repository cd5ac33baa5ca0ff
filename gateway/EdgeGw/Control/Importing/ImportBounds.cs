namespace EdgeGw.Control.Importing;

/// <summary>How large an OpenAPI document may be.</summary>
/// <param name="MaxBytes">Bytes of its text.</param>
/// <param name="MaxNodes">Values, lists and mappings in it.</param>
/// <param name="MaxOperations">Operations in it.</param>
internal sealed record ImportBounds(long MaxBytes, int MaxNodes, int MaxOperations);
