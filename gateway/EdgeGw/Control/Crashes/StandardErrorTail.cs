using System.Text;

namespace EdgeGw.Control.Crashes;

/// <summary>Passes a worker's standard error on to control's, whole lines at a time, and keeps its end. On a thread of its own: a read of a pipe blocks.</summary>
internal sealed class StandardErrorTail
{
    // A line longer than this is passed on in pieces.
    private const int LineBytes = 65_536;

    private readonly Stream _from;
    private readonly Stream _to;
    private readonly byte[] _tail;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _written;

    /// <summary>Begins to read; <paramref name="keep"/> bytes are kept.</summary>
    internal StandardErrorTail(Stream from, Stream to, int keep)
    {
        (_from, _to) = (from, to);
        _tail = new byte[keep];
        new Thread(Pass, 256 * 1024) { IsBackground = true, Name = "worker errors" }.Start();
    }

    /// <summary>Ends when nobody can write to it any more: the worker has ended, and so have children that it left behind.</summary>
    internal Task Ended => _ended.Task;

    /// <summary>The end of what was written, from the beginning of a line.</summary>
    internal string Text
    {
        get
        {
            lock (_tail)
            {
                var length = (int)Math.Min(_written, _tail.Length);
                var bytes = new byte[length];
                for (var i = 0; i < length; i++)
                {
                    bytes[i] = _tail[(_written - length + i) % _tail.Length];
                }
                var text = Encoding.UTF8.GetString(bytes);
                return _written > length && text.IndexOf('\n', StringComparison.Ordinal) is var end and >= 0 ? text[(end + 1)..] : text;
            }
        }
    }

    private void Pass()
    {
        var buffer = new byte[LineBytes];
        var used = 0;
        try
        {
            while (_from.Read(buffer, used, buffer.Length - used) is var count and > 0)
            {
                Keep(buffer.AsSpan(used, count));
                used += count;
                var lines = buffer.AsSpan(0, used).LastIndexOf((byte)'\n') + 1;
                var whole = lines > 0 ? lines : used == buffer.Length ? used : 0;
                Forward(buffer.AsSpan(0, whole));
                buffer.AsSpan(whole, used - whole).CopyTo(buffer);
                used -= whole;
            }
            Forward(buffer.AsSpan(0, used));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The pipe is gone: what came is all there is.
        }
        _from.Dispose();
        _ended.TrySetResult();
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        lock (_tail)
        {
            foreach (var value in bytes)
            {
                _tail[_written++ % _tail.Length] = value;
            }
        }
    }

    private void Forward(ReadOnlySpan<byte> lines)
    {
        try
        {
            _to.Write(lines);
            _to.Flush();
        }
        catch (IOException)
        {
            // Control's own standard error is gone; the worker must not be held up by that.
        }
    }
}
