using EdgeGw.Blame;
using EdgeGw.Pipeline;

namespace EdgeGw.Control.Crashes;

/// <summary>Who could have killed the worker.</summary>
internal static class CrashSuspects
{
    private const uint NothingSeen = 0;

    /// <summary>Everybody, the likeliest first.</summary>
    internal static IReadOnlyList<CrashSuspect> Of(CrashSnapshot snapshot)
    {
        var evidence = new Dictionary<int, CrashEvidence>();
        var died = snapshot.Fatal.Kind == NothingSeen ? default : snapshot.Threads.FirstOrDefault(slot => slot.Thread == snapshot.Fatal.Thread);
        if (snapshot.Unfinished != 0)
        {
            evidence[snapshot.Unfinished] = CrashEvidence.Thread;
        }
        else if (died.Call != 0)
        {
            evidence[Version(died.Call)] = CrashEvidence.Thread;
        }
        else if (snapshot.Fatal.Kind != NothingSeen && died.Thread == 0 && CrashStack.FirstVersion(snapshot) is { } ordinal)
        {
            // A thread of a library's own. On the gateway's, what is left on the stack of calls that have returned would accuse whoever was called last.
            evidence[ordinal] = CrashEvidence.Code;
        }
        foreach (var slot in snapshot.Threads.Where(slot => slot.Call != 0))
        {
            evidence.TryAdd(Version(slot.Call), CrashEvidence.Call);
        }
        if (died.LastCall != 0)
        {
            evidence.TryAdd(Version(died.LastCall), CrashEvidence.Last);
        }
        foreach (var request in snapshot.Requests)
        {
            evidence.TryAdd(ExchangeId.Version(request.Exchange), CrashEvidence.Request);
        }
        return [.. evidence.Select(pair => Suspect(snapshot, pair.Key, pair.Value)).OrderBy(suspect => suspect.Evidence).ThenByDescending(suspect => suspect.Calls)
            .ThenByDescending(suspect => suspect.Requests).ThenBy(suspect => suspect.Handler, StringComparer.Ordinal)];
    }

    /// <summary>The one who did it: known by its thread or its code; else the only one that could have, by the strongest evidence there is. Null when there are several.</summary>
    internal static CrashSuspect? Blamed(IReadOnlyList<CrashSuspect> suspects) =>
        suspects is [{ Evidence: CrashEvidence.Thread or CrashEvidence.Code } certain, ..] ? certain
        : Strongest(suspects) is [var only] ? only : null;

    /// <summary>Those with the strongest evidence that there is.</summary>
    internal static IReadOnlyList<CrashSuspect> Strongest(IReadOnlyList<CrashSuspect> suspects) =>
        [.. suspects.TakeWhile(suspect => suspect.Evidence == suspects[0].Evidence)];

    private static CrashSuspect Suspect(CrashSnapshot snapshot, int ordinal, CrashEvidence evidence)
    {
        var version = snapshot.Versions.GetValueOrDefault(ordinal) ?? new SnapshotVersion($"version {ordinal}", "", "", 0, 0, 0, 0);
        var calls = snapshot.Threads.Where(slot => slot.Call != 0 && Version(slot.Call) == ordinal).ToList();
        return new CrashSuspect(
            version.Name, version.Version, version.Sha256, evidence, [.. calls.Select(slot => Phase(slot.Call)).Distinct()], calls.Count,
            snapshot.Requests.Count(request => ExchangeId.Version(request.Exchange) == ordinal), version.Requests);
    }

    private static int Version(uint call) => (ushort)call;

    private static string Phase(uint call) => ((CallPhase)(call >> 16)).ToString().ToLowerInvariant();
}
