namespace EdgeGw.Cli.Dev;

/// <summary>Waits for changes of source files: told by the system where it can, looking itself all the same, since networks and containers tell nothing.</summary>
internal sealed class SourceWatch : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookWithoutNotice = TimeSpan.FromMilliseconds(250);

    // An editor that saves writes several times, and 'save all' several files.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(50);
    private const int MostLooksForQuiet = 40;

    private readonly IReadOnlyList<string> _folders;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _noticed = new(0, 1);
    private readonly List<FileSystemWatcher> _watchers = [];

    /// <summary>Begins to watch all that is below some folders.</summary>
    public SourceWatch(IReadOnlyList<string> folders, TimeProvider clock)
    {
        _folders = folders;
        _clock = clock;
        try
        {
            foreach (var folder in folders)
                _watchers.Add(Watch(folder));
        }
        catch (IOException)
        {
            // The user's inotify instances are used up: every folder is looked at instead.
            _watchers.ForEach(watcher => watcher.Dispose());
            _watchers.Clear();
        }
    }

    /// <summary>The files now.</summary>
    public SourceTree Read() => SourceTree.Read(_folders);

    /// <summary>Waits until the files are others than <paramref name="known"/> and nobody writes any more; gives when that was noticed first.</summary>
    public async Task<long> ChangeAsync(SourceTree known, CancellationToken cancel)
    {
        var now = Read();
        while (now.ChangedSince(known).Count == 0)
        {
            await NoticeAsync(cancel);
            now = Read();
        }
        var noticed = _clock.GetTimestamp();
        for (var looks = 0; looks < MostLooksForQuiet; looks++)
        {
            await Task.Delay(Quiet, _clock, cancel);
            var next = Read();
            if (next.ChangedSince(now).Count == 0)
                break;
            now = next;
        }
        return noticed;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watchers.ForEach(watcher => watcher.Dispose());
        _noticed.Dispose();
    }

    private async Task NoticeAsync(CancellationToken cancel)
    {
        using var look = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var notice = _noticed.WaitAsync(look.Token);
        await Task.WhenAny(notice, Task.Delay(_watchers.Count == 0 ? LookWithoutNotice : Look, _clock, look.Token));
        await look.CancelAsync();
        await notice.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
    }

    private FileSystemWatcher Watch(string folder)
    {
        var watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size };
        watcher.Changed += (_, _) => Notice();
        watcher.Created += (_, _) => Notice();
        watcher.Deleted += (_, _) => Notice();
        watcher.Renamed += (_, _) => Notice();
        watcher.Error += (_, _) => Notice();
        watcher.EnableRaisingEvents = true;
        return watcher;
    }

    private void Notice()
    {
        try
        {
            if (_noticed.CurrentCount == 0)
                _noticed.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // Somebody else has said it at the same moment, or nobody waits any more.
        }
    }
}
