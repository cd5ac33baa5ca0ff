namespace EdgeGw.Configuration;

/// <summary>OpenAPI documents that are imported.</summary>
internal sealed class ImportSettings
{
    /// <summary>Bytes of a document.</summary>
    public int MaxBytes { get; set; } = 16_777_216;
    /// <summary>Values, lists and mappings of a document.</summary>
    public int MaxNodes { get; set; } = 1_000_000;
    /// <summary>Operations of a document.</summary>
    public int MaxOperations { get; set; } = 1_000;
}
