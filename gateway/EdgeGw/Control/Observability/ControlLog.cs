using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using EdgeGw.Configuration;

namespace EdgeGw.Control.Observability;

/// <summary>Control's own log: JSON lines on standard error, the newest kept for <c>edgegw logs</c>. Any thread; never blocks.</summary>
internal sealed class ControlLog : IAsyncDisposable
{
    private static readonly string[] s_levels = ["Trace", "Debug", "Info", "Warning", "Error", "Critical"];

    private readonly Lock _lock = new();
    private readonly Queue<LogLine> _kept = new();
    private readonly List<Channel<LogLine>> _followers = [];
    private readonly Channel<byte[]> _queue;
    private readonly Task _writing;
    private readonly LogSettings _settings;
    private readonly TimeProvider _clock;
    private readonly int _least;
    private long _dropped;

    internal ControlLog(LogSettings settings, Stream output, TimeProvider clock)
    {
        _settings = settings;
        _clock = clock;
        _least = Math.Max(0, Array.FindIndex(s_levels, level => level.Equals(settings.Level, StringComparison.OrdinalIgnoreCase)));
        // Bounded by Log.Queue; a line beyond it is dropped and counted.
        _queue = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(Math.Max(settings.Queue, 1)) { SingleReader = true });
        _writing = WriteOutAsync(output);
    }

    /// <summary>Lines that standard error was too slow for.</summary>
    internal long Dropped => Interlocked.Read(ref _dropped);

    internal void Info(string message) => Write(2, message);

    internal void Warning(string message) => Write(3, message);

    internal void Error(string message) => Write(4, message);

    /// <summary>The newest lines, oldest first.</summary>
    internal IReadOnlyList<LogLine> Tail(int count)
    {
        lock (_lock)
        {
            return [.. _kept.TakeLast(count)];
        }
    }

    /// <summary>The newest lines and, without a gap, a channel of those to come. A reader that is too slow loses the oldest. End it with <see cref="Unfollow"/>.</summary>
    internal (IReadOnlyList<LogLine> Tail, Channel<LogLine> Lines) Follow(int tail)
    {
        var channel = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_lock)
        {
            _followers.Add(channel);
            return ([.. _kept.TakeLast(tail)], channel);
        }
    }

    internal void Unfollow(Channel<LogLine> lines)
    {
        lock (_lock)
        {
            _followers.Remove(lines);
        }
    }

    /// <summary>Writes out what is queued.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing;
    }

    private void Write(int level, string message)
    {
        if (level < _least)
        {
            return;
        }
        var now = _clock.GetUtcNow();
        var json = Format(now, s_levels[level], message);
        lock (_lock)
        {
            var line = new LogLine(now, "control", json);
            _kept.Enqueue(line);
            while (_kept.Count > _settings.Keep)
            {
                _kept.Dequeue();
            }
            _followers.ForEach(follower => follower.Writer.TryWrite(line));
        }
        if (!_queue.Writer.TryWrite(json))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    private static byte[] Format(DateTimeOffset now, string level, string message)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", now.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level", level);
            json.WriteString("source", "control");
            json.WriteString("message", message);
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private async Task WriteOutAsync(Stream output)
    {
        try
        {
            await foreach (var line in _queue.Reader.ReadAllAsync())
            {
                await output.WriteAsync(line);
                await output.FlushAsync();
            }
        }
        catch (IOException)
        {
            // Standard error is gone; the lines are still kept for the Admin API.
            _queue.Writer.TryComplete();
        }
    }
}
