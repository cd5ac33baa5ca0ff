namespace EdgeGw.Cli.Admin;

/// <summary>A line of the access log (docs/configuration.md): a request that was answered.</summary>
internal sealed record AccessReply
{
    public string Method { get; set; } = "";
    public string Target { get; set; } = "";
    public int Status { get; set; }
    public long Us { get; set; }
}
