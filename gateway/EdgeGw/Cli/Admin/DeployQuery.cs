using System.Globalization;
using System.Text;

namespace EdgeGw.Cli.Admin;

/// <summary>The options of a deploy; null leaves a choice to the gateway.</summary>
internal sealed record DeployQuery
{
    public string? Name { get; init; }
    public string? Host { get; init; }
    public string? Prefix { get; init; }
    public bool Wait { get; init; }
    public bool Force { get; init; }
    public bool DryRun { get; init; }
    public int? DrainMs { get; init; }
    public int? DeadlineMs { get; init; }
    public int? HardDeadlineMs { get; init; }
    public int? Concurrency { get; init; }
    public int? TotalConcurrency { get; init; }
    public int? ServiceCallsPerSecond { get; init; }
    public long? MaxBodyBytes { get; init; }
    public long? HeapBytes { get; init; }
    public string? Isolation { get; init; }
    public long? MemoryBytes { get; init; }
    public int? CpuSeconds { get; init; }
    public int? OpenFiles { get; init; }
    public double? Canary { get; init; }
    public int? PromoteAfterMs { get; init; }
    public IReadOnlyList<string> Set { get; init; } = [];
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>Empty, or <c>?name=...</c> with every value escaped.</summary>
    public string ToQueryString()
    {
        var text = new StringBuilder();
        Add("name", Name);
        Add("host", Host);
        Add("prefix", Prefix);
        Add("wait", Wait ? "true" : null);
        Add("force", Force ? "true" : null);
        Add("dryRun", DryRun ? "true" : null);
        Add("drainMs", Invariant(DrainMs));
        Add("deadlineMs", Invariant(DeadlineMs));
        Add("hardDeadlineMs", Invariant(HardDeadlineMs));
        Add("concurrency", Invariant(Concurrency));
        Add("totalConcurrency", Invariant(TotalConcurrency));
        Add("serviceCallsPerSecond", Invariant(ServiceCallsPerSecond));
        Add("maxBodyBytes", Invariant(MaxBodyBytes));
        Add("heapBytes", Invariant(HeapBytes));
        Add("isolation", Isolation);
        Add("memoryBytes", Invariant(MemoryBytes));
        Add("cpuSeconds", Invariant(CpuSeconds));
        Add("openFiles", Invariant(OpenFiles));
        Add("canary", Canary?.ToString(CultureInfo.InvariantCulture));
        Add("promoteAfterMs", Invariant(PromoteAfterMs));
        foreach (var pair in Set)
            Add("set", pair);
        foreach (var pair in Services)
            Add("service", pair);
        return text.ToString();

        void Add(string key, string? value)
        {
            if (value is not null)
                text.Append(text.Length == 0 ? '?' : '&').Append(key).Append('=').Append(Uri.EscapeDataString(value));
        }

        static string? Invariant(long? value) => value?.ToString(CultureInfo.InvariantCulture);
    }
}
