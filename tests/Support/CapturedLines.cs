using System.Text;

namespace EdgeGw.Tests.Support;

/// <summary>The lines a process has written so far.</summary>
public sealed class CapturedLines
{
    private readonly StringBuilder _text = new();
    private readonly Task _reading;

    /// <summary>Reads on until the process closes the stream.</summary>
    public CapturedLines(TextReader reader) => _reading = Task.Run(async () =>
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_text)
            {
                _text.AppendLine(line);
            }
        }
    });

    /// <summary>Everything, once the process has ended.</summary>
    public async Task<string> AllAsync()
    {
        await _reading.WaitAsync(Eventually.Patience);
        return ToString();
    }

    /// <summary>Waits until a line contains <paramref name="text"/>; that line.</summary>
    public async Task<string> WaitForAsync(string text)
    {
        string? found = null;
        await Eventually.TrueAsync(
            () => Task.FromResult((found = ToString().Split('\n').FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal))) is not null),
            () => $"a line with \"{text}\" in:\n{this}");
        return found!;
    }

    /// <summary>Everything so far.</summary>
    public override string ToString()
    {
        lock (_text)
        {
            return _text.ToString();
        }
    }
}
