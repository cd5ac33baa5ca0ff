using System.Collections.Concurrent;

namespace EdgeGw.Control.Changes;

/// <summary>Changes by action (<c>deploy</c>, <c>undeploy</c>, <c>service</c>, <c>rollback</c>, <c>quarantine</c>, <c>apply</c>) and outcome, for the metrics.</summary>
internal sealed class ChangeCounts
{
    private readonly ConcurrentDictionary<(string Action, string Outcome), long> _counts = new();

    internal IEnumerable<KeyValuePair<(string Action, string Outcome), long>> All => _counts.OrderBy(pair => pair.Key);

    internal void Made(string action) => Add(action, "made");

    internal void Refused(string action) => Add(action, "refused");

    private void Add(string action, string outcome) => _counts.AddOrUpdate((action, outcome), 1, (_, count) => count + 1);
}
