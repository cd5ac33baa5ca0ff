namespace EdgeGw.Interop;

/// <summary>A service bound to this library. Lives as long as the library.</summary>
/// <param name="Kind">"database", "cache", "storage" or "http".</param>
/// <param name="Name">What the library calls it.</param>
/// <param name="Id">The gateway's number for it.</param>
/// <param name="Tables">The functions.</param>
internal sealed record Service(string Kind, string Name, ulong Id, ServiceTables Tables)
{
    /// <summary>For sentences: "database 'main'".</summary>
    public override string ToString() => $"{Kind} '{Name}'";
}
