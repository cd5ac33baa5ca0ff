namespace EdgeGw.Configuration;

/// <summary>Bounds of the catalog.</summary>
internal sealed class CatalogSettings
{
    /// <summary>Domains.</summary>
    public int MaxDomains { get; set; } = 1_000;
    /// <summary>Collections.</summary>
    public int MaxCollections { get; set; } = 10_000;
    /// <summary>Endpoints.</summary>
    public int MaxEndpoints { get; set; } = 10_000;
    /// <summary>Source files of one endpoint, and shared files of one collection.</summary>
    public int MaxFiles { get; set; } = 100;
    /// <summary>Bytes of those files together.</summary>
    public int MaxSourceBytes { get; set; } = 1_048_576;
    /// <summary>Versions kept of each endpoint, with their libraries.</summary>
    public int KeepVersions { get; set; } = 20;
    /// <summary>Entries kept in the log of deployments.</summary>
    public int KeepDeployments { get; set; } = 10_000;
}
