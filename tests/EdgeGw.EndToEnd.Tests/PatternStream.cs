namespace EdgeGw.EndToEnd.Tests;

/// <summary>Bytes of a known pattern, made on the fly: byte i is i modulo 251.</summary>
internal sealed class PatternStream(long length) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    /// <summary>Reads to the end and compares each byte; the number of bytes.</summary>
    public static async Task<long> VerifyAsync(Stream stream)
    {
        var buffer = new byte[65_536];
        long position = 0;
        for (int count; (count = await stream.ReadAsync(buffer)) > 0;)
        {
            for (var i = 0; i < count; i++, position++)
            {
                if (buffer[i] != (byte)(position % 251))
                {
                    Assert.Fail($"byte {position} is {buffer[i]}, not {position % 251}");
                }
            }
        }

        return position;
    }

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, length - _position);
        for (var i = 0; i < count; i++, _position++)
        {
            buffer[i] = (byte)(_position % 251);
        }

        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
