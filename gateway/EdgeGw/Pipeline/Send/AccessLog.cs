using System.Buffers;
using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using EdgeGw.Configuration;
using EdgeGw.Pipeline.Accept;

namespace EdgeGw.Pipeline.Send;

/// <summary>What one access log line says.</summary>
internal readonly record struct AccessRecord(
    long UnixMilliseconds, string Method, string Target, string Protocol, string? Host, IPAddress? Client, int Status, long BytesSent, long Microseconds, RequestIdValue RequestId, string? Handler, string? Version, string? Route);

/// <summary>The access log: sampled, formatted and written off the request's thread.</summary>
internal sealed class AccessLog : IAsyncDisposable
{
    private const int BatchBytes = 64 * 1024;

    // Lines are written in batches by the clock: waiting for each line would allocate, and wake a thread, once per line. No line is a reason to wake at all.
    private static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(50);

    private readonly AccessLogSettings _settings;
    private readonly Stream _output;
    private readonly Channel<AccessRecord> _queue;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writer;
    private readonly uint _threshold;
    private uint _sequence;
    private long _dropped;

    /// <summary>Starts the writer.</summary>
    public AccessLog(AccessLogSettings settings, Stream output)
    {
        _settings = settings;
        _output = output;
        _threshold = (uint)Math.Clamp(settings.Sample * uint.MaxValue, 0, uint.MaxValue);
        // One reader; the bound is AccessLog:Queue, and a full queue makes TryWrite say no.
        _queue = Channel.CreateBounded<AccessRecord>(new BoundedChannelOptions(settings.Queue) { SingleReader = true });
        _writer = settings.Enabled ? Task.Run(WriteAsync) : Task.CompletedTask;
    }

    /// <summary>Lines that found the queue full.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Whether this answer is to be logged: asked before anything is gathered for it.</summary>
    public bool Wants(int status)
    {
        if (!_settings.Enabled)
        {
            return false;
        }
        // An additive sequence over the golden ratio is spread evenly: of a hundred answers at 1 %, one. A lost update only skips a step.
        return status >= 500 || (_sequence += 0x9E3779B9u) <= _threshold && _threshold > 0;
    }

    /// <summary>Queues a line.</summary>
    public void Write(in AccessRecord record)
    {
        if (!_queue.Writer.TryWrite(record))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Writes what is queued and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _writer.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task WriteAsync()
    {
        var buffer = new ArrayBufferWriter<byte>(2 * BatchBytes);
        using var json = new Utf8JsonWriter(buffer);
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            await Task.Delay(s_gather, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (_queue.Reader.TryRead(out var record))
            {
                json.Reset(buffer);
                Format(json, record);
                json.Flush();
                buffer.Write("\n"u8);
                if (buffer.WrittenCount > BatchBytes)
                {
                    Flush(buffer);
                }
            }
            Flush(buffer);
        }
    }

    private void Flush(ArrayBufferWriter<byte> buffer)
    {
        if (buffer.WrittenCount == 0)
        {
            return;
        }
        try
        {
            _output.Write(buffer.WrittenSpan);
            _output.Flush();
        }
        catch (IOException)
        {
            Interlocked.Increment(ref _dropped); // standard output is gone; serving goes on
        }
        buffer.ResetWrittenCount();
    }

    private static void Format(Utf8JsonWriter json, in AccessRecord record)
    {
        json.WriteStartObject();
        json.WriteString("time", DateTimeOffset.FromUnixTimeMilliseconds(record.UnixMilliseconds));
        Span<byte> text = stackalloc byte[64];
        if (record.RequestId.Text is { } fromClient)
        {
            json.WriteString("requestId", fromClient);
        }
        else
        {
            record.RequestId.Format(text);
            json.WriteString("requestId", text[..RequestIdValue.Digits]);
        }
        if (record.Client is not null && record.Client.TryFormat(text, out var length))
        {
            json.WriteString("client", text[..length]);
        }
        json.WriteString("method", record.Method);
        json.WriteString("target", record.Target);
        json.WriteString("protocol", record.Protocol);
        json.WriteString("host", record.Host);
        json.WriteNumber("status", record.Status);
        json.WriteNumber("bytes", record.BytesSent);
        json.WriteNumber("us", record.Microseconds);
        if (record.Handler is not null)
        {
            json.WriteString("handler", record.Handler);
            json.WriteString("version", record.Version);
            json.WriteString("route", record.Route);
        }
        json.WriteEndObject();
    }
}
