namespace EdgeGw.Control.Changes;

/// <summary>Who makes a change of the desired state or of the catalog: set where a request or a job begins, and flows with it. What nobody asked for (a quarantine) the gateway does itself.</summary>
internal static class ChangeAuthor
{
    /// <summary>The name of the gateway itself.</summary>
    internal const string Gateway = "gateway";

    private static readonly AsyncLocal<string?> s_name = new();

    /// <summary>The name of the one that acts here.</summary>
    internal static string Name
    {
        get => s_name.Value ?? Gateway;
        set => s_name.Value = value;
    }
}
