using System.IO.Pipes;
using System.Text;
using EdgeGw.Control.Crashes;

namespace EdgeGw.Tests.Crashes;

/// <summary>A worker's standard error reaches control's, and its end is kept.</summary>
public sealed class StandardErrorTailTests
{
    [Test]
    public async Task Whole_lines_are_passed_on_and_the_end_is_kept()
    {
        using var to = new MemoryStream();
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        var tail = new StandardErrorTail(new AnonymousPipeClientStream(PipeDirection.In, pipe.ClientSafePipeHandle), to, 32);
        var text = string.Concat(Enumerable.Range(0, 100).Select(i => $"line {i}\n")) + "no end";
        foreach (var piece in text.Chunk(7))
        {
            await pipe.WriteAsync(Encoding.UTF8.GetBytes(piece));
        }
        await pipe.DisposeAsync();
        await tail.Ended;
        Assert.That(Encoding.UTF8.GetString(to.ToArray()), Is.EqualTo(text));
        Assert.That(tail.Text, Is.EqualTo("line 97\nline 98\nline 99\nno end"));
    }

    [Test]
    public async Task A_control_whose_own_standard_error_is_gone_goes_on_reading()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        var tail = new StandardErrorTail(new AnonymousPipeClientStream(PipeDirection.In, pipe.ClientSafePipeHandle), new Broken(), 1024);
        await pipe.WriteAsync("one\ntwo\n"u8.ToArray());
        await pipe.DisposeAsync();
        await tail.Ended;
        Assert.That(tail.Text, Is.EqualTo("one\ntwo\n"));
    }

    private sealed class Broken : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("gone");
    }
}
