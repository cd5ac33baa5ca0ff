using System.Text.Json;
using EdgeGw.Control.Storage;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Epochs;

/// <summary>The epochs on disk. An epoch is written first as a candidate, which no start ever reads, and becomes the desired state by one rename.
/// One change at a time writes (the change queue); any thread reads.</summary>
internal sealed class EpochStore
{
    /// <summary>The end of a candidate's name; the worker is shown it before it is desired.</summary>
    internal const string CandidateSuffix = ".candidate";

    private readonly string _folder;
    private readonly IDurableFiles _files;
    private volatile IReadOnlyList<EpochConfig> _history;
    private long _highest;

    private EpochStore(string folder, IDurableFiles files, IReadOnlyList<EpochConfig> history, long highest)
    {
        _folder = folder;
        _files = files;
        _history = history;
        _highest = highest;
    }

    /// <summary>The kept epochs, oldest first.</summary>
    internal IReadOnlyList<EpochConfig> History => _history;

    /// <summary>The desired state; null before the first deploy.</summary>
    internal EpochConfig? Current => _history is [.., var last] ? last : null;

    /// <summary>The desired epoch's file, or empty before the first deploy.</summary>
    internal string CurrentPath => Current is { } current ? PathOf(current.Number) : "";

    /// <summary>The number of the next epoch: one that no file ever had.</summary>
    internal long NextNumber => _highest + 1;

    /// <summary>Reads what a folder holds. Leftovers of interrupted writes are removed and damaged files set aside; each is a sentence for <paramref name="report"/>.</summary>
    internal static EpochStore Open(string folder, IDurableFiles files, Action<string> report)
    {
        var read = EpochReader.Read(folder, files, report);
        return new EpochStore(folder, files, read.Epochs, read.Highest);
    }

    /// <summary>An epoch's file.</summary>
    internal string PathOf(long number) => Path.Combine(_folder, EpochReader.FileName(number));

    /// <summary>Writes an epoch that is not desired yet; returns its path.</summary>
    internal string Prepare(EpochConfig epoch)
    {
        var path = PathOf(epoch.Number) + CandidateSuffix;
        _files.Write(path, JsonSerializer.SerializeToUtf8Bytes(epoch, EpochJson.Default.EpochConfig));
        return path;
    }

    /// <summary>Makes a prepared epoch the desired state. When it throws, the state is the one before.</summary>
    internal void Commit(EpochConfig epoch)
    {
        var path = PathOf(epoch.Number);
        _files.Rename(path + CandidateSuffix, path);
        try
        {
            _files.SyncDirectory(_folder);
        }
        catch
        {
            // The name may or may not survive a power cut; the caller is told that nothing changed, so take it back.
            _files.Delete(path);
            throw;
        }
        _highest = epoch.Number;
        _history = [.. _history, epoch];
    }

    /// <summary>Forgets a prepared epoch.</summary>
    internal void Abandon(EpochConfig epoch) => _files.Delete(PathOf(epoch.Number) + CandidateSuffix);

    /// <summary>Removes all but the newest <paramref name="keep"/> epochs; the desired one always stays.</summary>
    internal void Prune(int keep)
    {
        var history = _history;
        var excess = history.Count - Math.Max(keep, 1);
        if (excess <= 0)
        {
            return;
        }
        _history = [.. history.Skip(excess)];
        foreach (var epoch in history.Take(excess))
        {
            _files.Delete(PathOf(epoch.Number));
        }
    }
}
