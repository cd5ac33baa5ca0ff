using System.Text;
using System.Threading.Channels;

namespace EdgeGw.Cli.Tests;

/// <summary>Output that hands over each line when it is complete.</summary>
internal sealed class GatedWriter : TextWriter
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public override Encoding Encoding => Encoding.UTF8;

    public async Task<string> NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _lines.Reader.ReadAsync(patience.Token);
    }

    public override void Write(char value) => throw new NotSupportedException("it is written in lines");

    public override void WriteLine(string? value) => _lines.Writer.TryWrite(value!);
}
