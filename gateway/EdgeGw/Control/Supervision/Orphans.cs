using System.Globalization;
using System.Net.Sockets;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Storage;
using EdgeGw.Interop;
using EdgeGw.Worker;

namespace EdgeGw.Control.Supervision;

/// <summary>Workers of this state directory that outlived the control process that started them.</summary>
internal static class Orphans
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(20);
    private const int AnswerTimeoutMs = 2_000;

    /// <summary>Id and process id of each that lives, as their command lines say; so a process id in an old file is never believed.</summary>
    internal static IReadOnlyList<(int Id, int ProcessId)> Find(StateDirectory state)
    {
        var found = new List<(int, int)>();
        foreach (var folder in Directory.Exists("/proc") ? Directory.GetDirectories("/proc") : [])
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var processId) && WorkerId(processId, state) is { } id)
            {
                found.Add((id, processId));
            }
        }
        return found;
    }

    /// <summary>The listening sockets that a worker holds, in the order of its record; none when it does not hand them over. The caller owns them.</summary>
    internal static IReadOnlyList<SafeSocketHandle> TakeSockets(StateDirectory state, int id)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = AnswerTimeoutMs };
            socket.Connect(new UnixDomainSocketEndPoint(state.WorkerDescriptors(id)));
            return DescriptorPassing.Receive(socket);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return [];
        }
    }

    /// <summary>Removes the libraries that workers which live no more have copied. At start only.</summary>
    internal static void RemoveCopies(StateDirectory state)
    {
        if (Directory.Exists(state.Copies))
        {
            var living = Find(state).Select(worker => state.WorkerCopies(worker.Id)).ToHashSet();
            foreach (var folder in Directory.GetDirectories(state.Copies).Where(folder => !living.Contains(folder)))
            {
                RemoveFolder(folder);
            }
        }
    }

    /// <summary>Removes those of a worker that has ended.</summary>
    internal static void RemoveCopies(StateDirectory state, int id) => RemoveFolder(state.WorkerCopies(id));

    /// <summary>Whether a worker serves one deployment alone.</summary>
    internal static bool IsIsolated(int processId)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/cmdline")).Split('\0').Contains("--only");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether a worker's process lives.</summary>
    internal static bool Lives(int id, int processId, StateDirectory state) => WorkerId(processId, state) == id;

    /// <summary>Lets a worker finish what is under way and end; kills it when it does not within the time given.</summary>
    internal static async Task StopAsync(StateDirectory state, int id, int processId, int timeoutMs, ControlLog log, TimeProvider clock)
    {
        using (var client = new WorkerClient(state.WorkerSocket(id), CancellationToken.None))
        {
            var asked = await client.StopAsync(new StopOrder(timeoutMs));
            var started = clock.GetTimestamp();
            while (asked && WorkerId(processId, state) == id && clock.GetElapsedTime(started) < TimeSpan.FromMilliseconds(timeoutMs + 2_000L))
            {
                await Task.Delay(s_poll, clock);
            }
        }
        if (WorkerId(processId, state) == id)
        {
            log.Warning($"Worker {id} (process {processId}) of an earlier control did not end and was killed.");
            ControlPosix.Kill(processId);
            while (WorkerId(processId, state) == id)
            {
                await Task.Delay(s_poll, clock);
            }
        }
        File.Delete(state.WorkerSocket(id));
        File.Delete(state.WorkerDescriptors(id));
        File.Delete(state.WorkerLiveness(id));
    }

    // edgegw worker --id 3 --state DIR ...; null for any other process. A process that has ended has no command line.
    private static int? WorkerId(int processId, StateDirectory state)
    {
        try
        {
            var arguments = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/cmdline")).Split('\0');
            return Array.IndexOf(arguments, "worker") > 0 && Value(arguments, "--state") == state.Root
                && int.TryParse(Value(arguments, "--id"), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Value(string[] arguments, string option) =>
        Array.IndexOf(arguments, option) is var at and >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : null;

    private static void RemoveFolder(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be removed now is tried again at the next start.
        }
    }
}
