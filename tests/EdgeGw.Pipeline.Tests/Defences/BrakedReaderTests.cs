using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using CsCheck;
using EdgeGw.Worker.Defences;

namespace EdgeGw.Pipeline.Tests.Defences;

/// <summary>What an HTTP/2 client sends, when it resets streams.</summary>
internal sealed class BrakedReaderTests
{
    private const byte Data = 0, ResetStream = 3;
    private const int PerSecond = 10;

    private static readonly Gen<byte[]> s_frame = Gen.Select(Gen.Bool.Select(isReset => isReset ? ResetStream : Data), Gen.Byte.Array[0, 40], Frame);

    [Test]
    public void Wherever_it_is_cut_every_byte_arrives_and_only_resets_beyond_the_rate_take_time() =>
        Gen.Select(s_frame.List[0, 60], Gen.Int[1, 50].List[1, 200]).SampleAsync(async (frames, cuts) =>
        {
            byte[] sent = [.. new byte[24], .. frames.SelectMany(frame => frame)];
            var resets = frames.Count(frame => frame[3] == ResetStream);
            var clock = new JumpingClock();
            var (received, reader) = await PassAsync(sent, cuts, clock);
            var least = TimeSpan.FromSeconds(Math.Max(0, resets - PerSecond - 1) / (double)PerSecond);
            return received.AsSpan().SequenceEqual(sent) && reader.HasWaited == resets > PerSecond && clock.Jumped >= least && (resets <= PerSecond) == (clock.Jumped == TimeSpan.Zero);
        }, iter: 2_000, threads: 2).GetAwaiter().GetResult();

    [Test]
    public async Task What_is_given_ends_at_the_reset_that_is_one_too_many()
    {
        var pipe = new Pipe();
        var reader = new BrakedReader(pipe.Reader, PerSecond, new JumpingClock(), static () => { });
        await pipe.Writer.WriteAsync((byte[])[.. new byte[24], .. Enumerable.Repeat(Frame(ResetStream, [0, 0, 0, 8]), 30).SelectMany(frame => frame)]);
        var first = await reader.ReadAsync();
        // The head of the eleventh is seen, what is behind it waits.
        Assert.That(first.Buffer.Length, Is.EqualTo(24 + (PerSecond * 13) + 9));
        reader.AdvanceTo(first.Buffer.End);
        Assert.That(reader.TryRead(out _), Is.False, "nothing is given while it waits");
    }

    [Test]
    public async Task A_read_that_consumes_nothing_gives_the_same_again_and_counts_it_once()
    {
        var pipe = new Pipe();
        var reader = new BrakedReader(pipe.Reader, PerSecond, new JumpingClock(), static () => { });
        await pipe.Writer.WriteAsync((byte[])[.. new byte[24], .. Enumerable.Repeat(Frame(ResetStream, [0, 0, 0, 8]), PerSecond).SelectMany(frame => frame)]);
        for (var i = 0; i < 5; i++)
        {
            var read = await reader.ReadAsync();
            Assert.That(read.Buffer.Length, Is.EqualTo(24 + (PerSecond * 13)));
            reader.AdvanceTo(read.Buffer.Start);
        }
        Assert.That(reader.HasWaited, Is.False);
    }

    private static async Task<(byte[] Received, BrakedReader Reader)> PassAsync(byte[] sent, List<int> cuts, TimeProvider clock)
    {
        var pipe = new Pipe(new PipeOptions(minimumSegmentSize: 16));
        var reader = new BrakedReader(pipe.Reader, PerSecond, clock, static () => { });
        for (var (at, i) = (0, 0); at < sent.Length; i++)
        {
            var next = Math.Min(cuts[i % cuts.Count], sent.Length - at);
            await pipe.Writer.WriteAsync(sent.AsMemory(at, next));
            at += next;
        }
        await pipe.Writer.CompleteAsync();
        var received = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await reader.ReadAsync();
            // Never quite all of it, so that the same bytes come again.
            var taken = read.Buffer.Length > 1 && !read.IsCompleted ? read.Buffer.Slice(0, read.Buffer.Length - 1) : read.Buffer;
            foreach (var memory in taken)
            {
                received.Write(memory.Span);
            }
            reader.AdvanceTo(taken.End, read.Buffer.End);
            if (read.IsCompleted && taken.Length == read.Buffer.Length)
            {
                return (received.WrittenSpan.ToArray(), reader);
            }
        }
    }

    private static byte[] Frame(byte type, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = type;
        payload.CopyTo(frame, 9);
        return frame;
    }

    // Whoever waits has waited at once.
    private sealed class JumpingClock : TimeProvider
    {
        private long _now;

        public TimeSpan Jumped => TimeSpan.FromTicks(_now);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _now += Math.Max(0, dueTime.Ticks);
            ThreadPool.UnsafeQueueUserWorkItem(_ => callback(state), null);
            return new Timer();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
