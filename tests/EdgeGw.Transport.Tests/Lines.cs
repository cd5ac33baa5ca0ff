using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EdgeGw.Transport.Tests;

/// <summary>What was logged.</summary>
internal sealed class Lines : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<string> _all = new();

    public IReadOnlyCollection<string> All => _all;

    public async Task WaitForAsync(string text) =>
        await Eventually.TrueAsync(() => Task.FromResult(_all.Any(line => line.Contains(text, StringComparison.Ordinal))), () => $"a line with '{text}' in {string.Join('\n', _all)}");

    public ILogger CreateLogger(string categoryName) => this;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _all.Enqueue($"{formatter(state, exception)} {exception}");

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
