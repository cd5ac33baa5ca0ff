using System.Globalization;
using EdgeGw.Configuration;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Storage;
using EdgeGw.Control.Systemd;

namespace EdgeGw.Control.Supervision;

/// <summary>How control comes by its listening sockets: from a worker that outlived the control before, so that no client is refused, or by binding.</summary>
internal sealed class Takeover
{
    private readonly IReadOnlyList<(int Id, int ProcessId)> _orphans;

    private Takeover(ListenSockets sockets, int nextId, IReadOnlyList<(int Id, int ProcessId)> orphans)
    {
        Sockets = sockets;
        NextId = nextId;
        _orphans = orphans;
    }

    /// <summary>The listening sockets.</summary>
    internal ListenSockets Sockets { get; }

    /// <summary>The first worker id that no other worker has.</summary>
    internal int NextId { get; }

    /// <summary>Finds or binds the sockets. Throws <see cref="ControlStartException"/> with a sentence.</summary>
    internal static async Task<Takeover> StartAsync(
        StateDirectory state, IReadOnlyList<ListenAddress> addresses, GatewaySettings settings, ControlLog log, TimeProvider clock)
    {
        using var passed = PassedSockets.Receive(Environment.GetEnvironmentVariable, Environment.ProcessId);
        var orphans = Orphans.Find(state);
        var record = WorkerRecord.Read(state);
        var nextId = Math.Max(record?.Id ?? 0, HighestId(state, orphans)) + 1;
        // systemd's own sockets come before those of an earlier worker: it is the one who holds them open for longer than any of us.
        if (passed.Count == 0 && record is not null && orphans.Contains((record.Id, record.Pid)))
        {
            var handles = Orphans.TakeSockets(state, record.Id);
            if (ListenSockets.Adopt(addresses, record.Listen, handles) is { } adopted)
            {
                log.Info($"Took {adopted.Sockets.Count} listening sockets over from worker {record.Id} (process {record.Pid}), which serves until its successor is ready.");
                return new Takeover(adopted, nextId, orphans);
            }
        }

        // Those that are left listen elsewhere or do not answer: they go first, or the ports would be taken.
        foreach (var (id, processId) in orphans)
        {
            log.Info($"Stopping worker {id} (process {processId}), which an earlier control left behind.");
            await Orphans.StopAsync(state, id, processId, settings.Worker.StopTimeoutMs, log, clock);
        }
        RemoveSockets(state);
        return new Takeover(ListenSockets.Bind(addresses, "--listen", passed), nextId, []);
    }

    /// <summary>Stops the workers of the control before. Once our own worker serves, or when control ends.</summary>
    internal Task StopOrphansAsync(StateDirectory state, GatewaySettings settings, ControlLog log, TimeProvider clock) =>
        Task.WhenAll(_orphans.Select(orphan => Orphans.StopAsync(state, orphan.Id, orphan.ProcessId, settings.Worker.StopTimeoutMs, log, clock)));

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
