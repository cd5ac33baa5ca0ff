using System.Globalization;
using EdgeGw.Configuration;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Storage;
using EdgeGw.Control.Systemd;
using EdgeGw.Control.Upgrading;

namespace EdgeGw.Control.Supervision;

/// <summary>How control comes by its listening sockets, so that no client is refused: from the program before in this very process, from a worker that outlived the control before, or by
/// binding.</summary>
internal sealed class Takeover
{
    private Takeover(ListenSockets sockets, int nextId, WorkerInstance? adopted, IReadOnlyList<WorkerInstance> left)
    {
        foreach (var worker in left.Where(worker => !worker.IsIsolated && Orphans.IsIsolated(worker.ProcessId)))
        {
            worker.IsIsolated = true;
        }
        Sockets = sockets;
        NextId = nextId;
        Adopted = adopted;
        Left = [.. left.Where(worker => !worker.IsIsolated)];
        LeftIsolated = [.. left.Where(worker => worker.IsIsolated)];
    }

    /// <summary>The listening sockets.</summary>
    internal ListenSockets Sockets { get; }

    /// <summary>The first worker id that no other worker has.</summary>
    internal int NextId { get; }

    /// <summary>The worker in service, of this program's version; null when one is to be started.</summary>
    internal WorkerInstance? Adopted { get; }

    /// <summary>Workers that are to end once another one serves.</summary>
    internal IReadOnlyList<WorkerInstance> Left { get; }

    /// <summary>Workers of one deployment each, which are to end once their successors serve.</summary>
    internal IReadOnlyList<WorkerInstance> LeftIsolated { get; }

    /// <summary>Finds or binds the sockets. Throws <see cref="ControlStartException"/> with a sentence.</summary>
    internal static async Task<Takeover> StartAsync(
        StateDirectory state, IReadOnlyList<ListenAddress> addresses, GatewaySettings settings, Succession? succession, ControlLog log, TimeProvider clock)
    {
        var orphans = Orphans.Find(state);
        var record = WorkerRecord.Read(state);
        var nextId = Math.Max(record?.Id ?? 0, HighestId(state, orphans)) + 1;
        if (succession is not null && ListenSockets.Adopt(addresses, succession.Listeners) is { } inherited)
        {
            var keepErrors = settings.Crashes.TailBytes;
            var adopted = succession.Worker is { } serving
                ? WorkerInstance.Adopt(serving.Id, new WorkerProcess.Inherited(serving.Pid), WorkerChannels.Adopt(serving.Channels, keepErrors), serving.Epoch, state, clock)
                : null;
            var replaced = succession.Replaced.Select(left =>
                WorkerInstance.Adopt(left.Id, new WorkerProcess.Inherited(left.Pid), WorkerChannels.Adopt(left.Channels, keepErrors), left.Epoch, state, clock)).ToList();
            var known = replaced.Append(adopted).Select(worker => worker?.ProcessId ?? 0).ToHashSet();
            log.Info($"Goes on in the place of the program before, with its {inherited.Sockets.Count} listening sockets{(adopted is null ? "" : $" and worker {adopted.Id} (process {adopted.ProcessId})")}.");
            return new Takeover(inherited, nextId, adopted, [.. replaced, .. Adopt(orphans.Where(orphan => !known.Contains(orphan.ProcessId)), state, clock)]);
        }
        using var passed = PassedSockets.Receive(Environment.GetEnvironmentVariable, Environment.ProcessId);
        // systemd's own sockets come before those of an earlier worker: it is the one who holds them open for longer than any of us.
        if (passed.Count == 0 && record is not null && orphans.Contains((record.Id, record.Pid)))
        {
            var handles = Orphans.TakeSockets(state, record.Id);
            if (ListenSockets.Adopt(addresses, record.Listen, handles) is { } adopted)
            {
                log.Info($"Took {adopted.Sockets.Count} listening sockets over from worker {record.Id} (process {record.Pid}), which serves until its successor is ready.");
                return new Takeover(adopted, nextId, null, Adopt(orphans, state, clock));
            }
        }

        // Those that are left listen elsewhere or do not answer: they go first, or the ports would be taken.
        foreach (var (id, processId) in orphans)
        {
            log.Info($"Stopping worker {id} (process {processId}), which an earlier control left behind.");
            await Orphans.StopAsync(state, id, processId, settings.Worker.StopTimeoutMs, log, clock);
        }
        RemoveSockets(state);
        return new Takeover(ListenSockets.Bind(addresses, "--listen", passed), nextId, null, []);
    }

    private static IReadOnlyList<WorkerInstance> Adopt(IEnumerable<(int Id, int ProcessId)> orphans, StateDirectory state, TimeProvider clock) =>
        [.. orphans.Select(orphan => WorkerInstance.Adopt(orphan.Id, new WorkerProcess.Orphaned(orphan.ProcessId, () => Orphans.Lives(orphan.Id, orphan.ProcessId, state), clock), null, 0, state, clock))];

    private static int HighestId(StateDirectory state, IReadOnlyList<(int Id, int ProcessId)> orphans) =>
        Directory.GetFiles(state.Run, "worker-*")
            .Select(path => Path.GetFileNameWithoutExtension(path)["worker-".Length..])
            .Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Concat(orphans.Select(orphan => orphan.Id))
            .DefaultIfEmpty()
            .Max();

    private static void RemoveSockets(StateDirectory state)
    {
        foreach (var path in Directory.GetFiles(state.Run, "worker-*"))
        {
            File.Delete(path);
        }
    }
}
