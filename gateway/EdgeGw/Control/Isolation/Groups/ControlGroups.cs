using System.Globalization;
using System.Text;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Supervision;

namespace EdgeGw.Control.Isolation.Groups;

/// <summary>A control group (cgroups(7), version 2) for each isolated worker, where the gateway's own group is left to it: what the worker has forked ends with it, and the bound of memory counts all of them together.
/// Processes live in leaves only, so control and the shared worker have a leaf of their own.</summary>
internal sealed class ControlGroups
{
    private const string OwnLeaf = "edgegw";
    private const string WorkerPrefix = "edgegw-worker-";

    private static readonly TimeSpan s_empties = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMilliseconds(10);

    private readonly string _folder;
    private readonly ControlLog _log;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private readonly List<Task> _following = [];

    private ControlGroups(string folder, bool boundsMemory, ControlLog log, TimeProvider clock) => (_folder, BoundsMemory, _log, _clock) = (folder, boundsMemory, log, clock);

    /// <summary>Whether the kernel counts memory for them; without, they still keep together what belongs together.</summary>
    internal bool BoundsMemory { get; }

    /// <summary>Takes the group that this process is in, and makes the leaf for itself; null where there is none to be had, which is said when somebody has asked for it.</summary>
    /// <param name="wanted"><c>auto</c>: where systemd has delegated it; <c>on</c>: whoever made it; <c>off</c>.</param>
    /// <param name="own">The folder of the group that this process is in.</param>
    /// <param name="log">For what cannot be had.</param>
    /// <param name="clock">For pauses.</param>
    internal static ControlGroups? Take(string wanted, string? own, ControlLog log, TimeProvider clock)
    {
        if (wanted == "off")
        {
            return null;
        }
        // A program after an upgrade is in the leaf already.
        var folder = own is not null && Path.GetFileName(own) == OwnLeaf ? Path.GetDirectoryName(own) : own;
        if (folder is null || (wanted == "auto" && !OwnGroup.IsDelegated(folder)))
        {
            if (wanted == "on")
            {
                log.Warning("Isolated workers have no control groups (Worker:ControlGroups): this process is in none of cgroup v2.");
            }
            return null;
        }
        try
        {
            var leaf = Path.Combine(folder, OwnLeaf);
            if (own != leaf)
            {
                Directory.CreateDirectory(leaf);
                Put(leaf, Environment.ProcessId);
            }
            var memory = Enable(folder, "memory");
            if (!memory)
            {
                log.Warning($"The control group {folder} does not count memory: isolated workers are bounded by their own limits alone.");
            }
            var groups = new ControlGroups(folder, memory, log, clock);
            groups.RemoveEmpty();
            return groups;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Warning($"Isolated workers have no control groups (Worker:ControlGroups): {e.Message}");
            return null;
        }
    }

    /// <summary>Gives a worker that was just started a group, bounds it once it serves, and ends at its end whatever else is in it.</summary>
    internal void Follow(WorkerInstance worker, long? memoryBytes)
    {
        var folder = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{WorkerPrefix}{worker.Id}-{worker.ProcessId}"));
        try
        {
            lock (_lock)
            {
                Directory.CreateDirectory(folder);
                // Before it has loaded anything: its runtime alone takes longer to start than this.
                Put(folder, worker.ProcessId);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!worker.Exited.IsCompleted)
            {
                _log.Warning($"Worker {worker.Id} (process {worker.ProcessId}) has no control group: {e.Message}");
            }
            TryRemove(folder);
            return;
        }
        var following = FollowAsync(worker, folder, memoryBytes);
        lock (_lock)
        {
            _following.RemoveAll(task => task.IsCompleted);
            _following.Add(following);
        }
    }

    /// <summary>Ends when the groups of all workers that have ended are gone, or will not go.</summary>
    internal Task SettledAsync()
    {
        lock (_lock)
        {
            return Task.WhenAll(_following);
        }
    }

    private async Task FollowAsync(WorkerInstance worker, string folder, long? memoryBytes)
    {
        try
        {
            if (await worker.Ready && memoryBytes is { } bytes && BoundsMemory)
            {
                // Beyond what it has now, as the process's own limit is; at the bound all of the group dies, not one of it.
                var now = long.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "memory.current")), CultureInfo.InvariantCulture);
                Write(folder, "memory.oom.group", "1");
                Write(folder, "memory.max", (now + bytes).ToString(CultureInfo.InvariantCulture));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            if (!worker.Exited.IsCompleted)
            {
                _log.Warning($"The memory of worker {worker.Id} (process {worker.ProcessId}) is not bounded by its control group: {e.Message}");
            }
        }
        await worker.Exited;
        await EndAsync(folder);
    }

    private async Task EndAsync(string folder)
    {
        try
        {
            Write(folder, "cgroup.kill", "1");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log.Warning($"What a worker has left in {folder} is not ended: {e.Message}");
        }
        var started = _clock.GetTimestamp();
        while (!TryRemove(folder) && _clock.GetElapsedTime(started) < s_empties)
        {
            await Task.Delay(s_lookAgain, _clock); // the kernel says EBUSY until the last of them is gone
        }
        RemoveEmpty();
    }

    // Those of a control that was killed, and of workers that drain beyond an upgrade.
    private void RemoveEmpty()
    {
        lock (_lock)
        {
            foreach (var folder in Directory.GetDirectories(_folder, WorkerPrefix + "*"))
            {
                TryRemove(folder);
            }
        }
    }

    private static bool TryRemove(string folder)
    {
        try
        {
            Directory.Delete(folder);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // False where the kernel counts it elsewhere (cgroup v1), or processes that are not ours are beside the leaf.
    private static bool Enable(string folder, string controller)
    {
        if (!File.ReadAllText(Path.Combine(folder, "cgroup.controllers")).Split(' ', '\n').Contains(controller))
        {
            return false;
        }
        try
        {
            Write(folder, "cgroup.subtree_control", "+" + controller);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void Put(string folder, int process) => Write(folder, "cgroup.procs", process.ToString(CultureInfo.InvariantCulture));

    // One write(2) each, to a file that the kernel has made.
    private static void Write(string folder, string file, string value)
    {
        using var open = new FileStream(Path.Combine(folder, file), FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        open.Write(Encoding.ASCII.GetBytes(value));
    }
}
