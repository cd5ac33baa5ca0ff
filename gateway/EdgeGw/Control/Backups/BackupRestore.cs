using System.Diagnostics;
using EdgeGw.Control.Storage;
using EdgeGw.Control.Supervision;
using EdgeGw.Interop;

namespace EdgeGw.Control.Backups;

/// <summary>What a restore came to.</summary>
/// <param name="Contents">What the backup says of itself.</param>
/// <param name="Root">The state directory.</param>
/// <param name="Replaced">Where the state before is now; null when there was none.</param>
/// <param name="HasSecretsKey">Whether the key of the secrets is there.</param>
internal sealed record RestoreOutcome(BackupContents Contents, string Root, string? Replaced, bool HasSecretsKey);

/// <summary>Puts a backup in the place of a state directory on which no gateway runs: everything is unpacked and compared in a fresh folder beside it, which then takes its name.</summary>
internal static class BackupRestore
{
    // What a backup does not have, and what goes on to be needed. Services keep their data there.
    private const string Data = "data";

    // What taking the lock makes.
    private static readonly string[] s_made = ["lock", "epochs", "artifacts", "crashes", "run"];

    /// <summary>Restores. Throws <see cref="BackupException"/>, and <see cref="ControlStartException"/> when a gateway runs there.</summary>
    /// <param name="path">The state directory, which need not exist.</param>
    /// <param name="from">The archive.</param>
    /// <param name="replace">Whether there may be a state already.</param>
    /// <param name="maxBytes">The most that may come out of the archive.</param>
    internal static RestoreOutcome Run(string path, Stream from, bool replace, long maxBytes)
    {
        // What the name leads to is exchanged, not the name.
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var root = Directory.Exists(path) ? Directory.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
        var beside = $"{root}.restore-{Guid.NewGuid().ToString("N")[..8]}";
        var old = $"{root}.replaced-{Guid.NewGuid().ToString("N")[..8]}";
        using var state = StateDirectory.Open(root);
        RefuseWhileServed(state);
        var isUsed = Directory.EnumerateFileSystemEntries(root).Any(entry => !s_made.Contains(Path.GetFileName(entry)) || (Directory.Exists(entry) && Directory.EnumerateFileSystemEntries(entry).Any()));
        if (isUsed && !replace)
        {
            throw new BackupException($"'{root}' is not empty: restore into another directory with --state, or put this in its place with --replace; what is there is kept beside it.");
        }
        try
        {
            Files.CreateDirectory(beside);
            var contents = BackupReader.Unpack(from, beside, maxBytes);
            // Keys that are on this machine are still those of what was restored; one out of the backup goes first.
            foreach (var key in BackupNames.Keys.Where(key => !contents.Has(key) && File.Exists(Path.Combine(root, key))))
            {
                File.Copy(Path.Combine(root, key), Path.Combine(beside, key));
            }
            SyncAll(beside);
            Exchange(root, beside, old);
            if (!isUsed)
            {
                Directory.Delete(old, recursive: true);
            }
            return new RestoreOutcome(contents, root, isUsed ? old : null, File.Exists(Path.Combine(root, BackupNames.SecretsKey)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"'{root}' cannot be restored: {Files.Reason(e).TrimEnd('.')}. Nothing was changed.");
        }
        finally
        {
            if (Directory.Exists(beside))
            {
                Directory.Delete(beside, recursive: true);
            }
        }
    }

    // A worker outlives a control that was killed, and has the data of services open.
    private static void RefuseWhileServed(StateDirectory state)
    {
        if (WorkerRecord.Read(state) is { Pid: > 0 } worker && IsWorkerOf(worker.Pid, state.Root))
        {
            throw new BackupException($"A worker (process {worker.Pid}) still serves with the state in '{state.Root}': start 'edgegw run' and stop it, or end that process, then restore.");
        }
    }

    private static bool IsWorkerOf(int id, string root)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return File.ReadAllText($"/proc/{id}/cmdline").Split('\0').Contains(root);
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Renames; when one fails, those before it are taken back. Where power is lost in between, everything is there under one of the names.
    private static void Exchange(string root, string beside, string old)
    {
        var done = new Stack<(string From, string To)>();
        try
        {
            Move(root, old);
            if (Directory.Exists(Path.Combine(old, Data)))
            {
                Move(Path.Combine(old, Data), Path.Combine(beside, Data));
            }
            Move(beside, root);
        }
        catch
        {
            while (done.TryPop(out var move))
            {
                Directory.Move(move.To, move.From);
            }
            throw;
        }
        ControlPosix.SyncDirectory(Path.GetDirectoryName(root)!);

        void Move(string from, string to)
        {
            Directory.Move(from, to);
            done.Push((from, to));
        }
    }

    private static void SyncAll(string folder)
    {
        foreach (var below in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories))
        {
            ControlPosix.SyncDirectory(below);
        }
        ControlPosix.SyncDirectory(folder);
    }
}
