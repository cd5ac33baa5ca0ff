using System.Text.Json;
using System.Threading.Channels;
using EdgeGw.Configuration;

namespace EdgeGw.Logging;

/// <summary>The log of a process: lines go through one bounded queue to one writer, which keeps the last ones and hands them to whoever follows. Writing never blocks: a full queue
/// drops the line and counts it.</summary>
internal sealed class LogHub : IAsyncDisposable
{
    private readonly Channel<LogLine> _queue;
    private readonly Stream? _output;
    private readonly Level _level;
    private readonly int _keep;
    private readonly Queue<LogLine> _kept = new();
    private readonly List<Channel<LogLine>> _followers = [];
    private readonly TimeProvider _time;
    private readonly Task _writer;
    private long _dropped;

    /// <summary>Starts the writer. <paramref name="output"/> gets JSON lines; null for none.</summary>
    public LogHub(LogSettings settings, Stream? output, TimeProvider time)
    {
        _output = output;
        _time = time;
        _keep = settings.Keep;
        _level = Enum.Parse<Level>(settings.Level, ignoreCase: true);
        // One reader; the bound is Log:Queue, and a full queue makes TryWrite say no.
        _queue = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(settings.Queue) { SingleReader = true });
        _writer = Task.Run(WriteAsync);
    }

    /// <summary>Lines that found the queue full.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Whether lines of a level are kept.</summary>
    public bool IsEnabled(Level level) => level >= _level;

    /// <summary>Writes a line; false when it was dropped.</summary>
    public bool Write(Level level, string source, string message, string? requestId = null)
    {
        if (!IsEnabled(level))
        {
            return true;
        }
        if (_queue.Writer.TryWrite(new LogLine(_time.GetUtcNow(), level, source, requestId, message)))
        {
            return true;
        }
        Interlocked.Increment(ref _dropped);
        return false;
    }

    /// <summary>The last lines, then, when asked to, each new one as it comes.</summary>
    public async IAsyncEnumerable<LogLine> ReadAsync(int tail, bool follow, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        // A follower that reads slowly loses the oldest lines, not the gateway's memory.
        var channel = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(1024) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });
        LogLine[] last;
        lock (_kept)
        {
            last = [.. _kept.TakeLast(tail)];
            if (follow)
            {
                _followers.Add(channel);
            }
        }
        try
        {
            foreach (var line in last)
            {
                yield return line;
            }
            if (follow)
            {
                await foreach (var line in channel.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
                {
                    yield return line;
                }
            }
        }
        finally
        {
            lock (_kept)
            {
                _followers.Remove(channel);
            }
        }
    }

    /// <summary>Writes what is queued and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writer.ConfigureAwait(false);
    }

    private async Task WriteAsync()
    {
        using var buffer = new MemoryStream();
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            buffer.SetLength(0);
            // As many lines as are there, in one write.
            while (buffer.Length < 64 * 1024 && _queue.Reader.TryRead(out var line))
            {
                JsonSerializer.Serialize(buffer, line, LogJson.Default.LogLine);
                buffer.WriteByte((byte)'\n');
                lock (_kept)
                {
                    _kept.Enqueue(line);
                    if (_kept.Count > _keep)
                    {
                        _kept.Dequeue();
                    }
                    foreach (var follower in _followers)
                    {
                        follower.Writer.TryWrite(line);
                    }
                }
            }
            try
            {
                _output?.Write(buffer.GetBuffer(), 0, (int)buffer.Length);
                _output?.Flush();
            }
            catch (IOException)
            {
                // Standard error is gone (a closed terminal, a full disk): the kept lines and the followers still have it.
            }
        }
        lock (_kept)
        {
            foreach (var follower in _followers)
            {
                follower.Writer.TryComplete();
            }
        }
    }
}
