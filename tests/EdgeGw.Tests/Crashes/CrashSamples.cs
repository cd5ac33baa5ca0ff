using EdgeGw.Blame;
using EdgeGw.Control.Crashes;
using EdgeGw.Interop;
using EdgeGw.Pipeline;

namespace EdgeGw.Tests.Crashes;

/// <summary>Snapshots and reports to test with.</summary>
internal static class CrashSamples
{
    internal static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    internal static CrashSnapshot Snapshot(params (int Thread, ushort Version)[] calls) => CrashSnapshot.Empty with
    {
        Threads = [.. calls.Select(call => new BlameSlot { Thread = call.Thread, Call = call.Version == 0 ? 0 : BlameSlot.Compose(call.Version, CallPhase.Handle) })],
        Versions = new Dictionary<int, SnapshotVersion>
        {
            [1] = new("good", "1.0.0", new string('1', 64), 0x1000, 0x1100, 0x2000, 10),
            [2] = new("bad", "2.0.0", new string('2', 64), 0x3000, 0x3100, 0x4000, 20),
        },
    };

    internal static CrashSnapshot Dying(this CrashSnapshot snapshot, int thread, ulong instruction = 0, params ulong[] stack) => snapshot with
    {
        Fatal = new BlameFatal { Kind = 1, Thread = thread, Signal = 11, Instruction = instruction },
        Stack = stack.SelectMany(BitConverter.GetBytes).ToArray(),
    };

    internal static CrashSnapshot Pending(this CrashSnapshot snapshot, ushort version) => snapshot with
    {
        Requests = [.. snapshot.Requests, new SnapshotRequest(ExchangeId.Compose(1, version, 1), "id")],
    };

    internal static CrashReport Report(long id, double seconds, CrashSuspect? blamed, params CrashSuspect[] suspects) => new()
    {
        Id = id,
        Time = Now.AddSeconds(seconds),
        Worker = 1,
        Pid = 1,
        UptimeMs = 1,
        Epoch = 1,
        Signal = 11,
        Cause = "signal 11",
        Blamed = blamed,
        Suspects = suspects,
        NativeStackNote = "none",
    };

    internal static CrashSuspect Suspect(string handler, int version, CrashEvidence evidence = CrashEvidence.Thread, long taken = 1_000) =>
        new(handler, $"{version}.0.0", new string((char)('0' + version), 64), evidence, [], 1, 0, taken);
}
