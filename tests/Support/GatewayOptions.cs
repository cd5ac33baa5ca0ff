namespace EdgeGw.Tests.Support;

/// <summary>How a test wants its gateway.</summary>
public sealed record GatewayOptions
{
    /// <summary>Traffic listeners; port 0 picks a free one.</summary>
    public IReadOnlyList<string> Listen { get; init; } = ["http://127.0.0.1:0"];

    /// <summary>More switches of <c>edgegw run</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Settings as environment variables: <c>EDGEGW_LIMITS__DEADLINEMS</c>.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>A state directory to start on; null makes a new one that is removed at the end.</summary>
    public string? State { get; init; }

    /// <summary>The program; the published one unless the test exchanges it.</summary>
    public string Program { get; init; } = Repository.GatewayBinary;

    /// <summary>The configuration file's content; null for none.</summary>
    public string? Configuration { get; init; }
}
