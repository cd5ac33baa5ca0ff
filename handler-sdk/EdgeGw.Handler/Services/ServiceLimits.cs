namespace EdgeGw;

/// <summary>How much a library reads of its services into memory at once. To be set at startup (<see cref="HandlerEnvironment.Limits"/>).</summary>
public sealed class ServiceLimits
{
    /// <summary>Rows that <see cref="Sql.QueryAsync"/> collects before it fails; checked after each page. 100,000 unless set.</summary>
    public int QueryRows { get; set; } = 100_000;

    /// <summary>Bytes of another server's answer that are read as a whole before it fails. 16 MiB unless set.</summary>
    public int HttpBodyBytes { get; set; } = 16 * 1024 * 1024;
}
