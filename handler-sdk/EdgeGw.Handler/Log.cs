using System.Runtime.CompilerServices;
using EdgeGw.Interop;

namespace EdgeGw;

/// <summary>How much a log line matters; the numbers of Microsoft.Extensions.Logging.</summary>
public enum LogLevel
{
    /// <summary>The finest.</summary>
    Trace = 0,
    /// <summary>For whoever writes the handler.</summary>
    Debug = 1,
    /// <summary>Normal course.</summary>
    Info = 2,
    /// <summary>Worth a look.</summary>
    Warning = 3,
    /// <summary>A request or a task failed.</summary>
    Error = 4,
    /// <summary>The handler cannot go on.</summary>
    Critical = 5,
}

/// <summary>
/// Lines into the gateway's log, with the handler's name and, from <see cref="Context.Log"/>, the request's id. Never blocks: when the
/// log's queue is full, the line is dropped and counted there. A line is cut at 16 KiB. Any thread.
/// </summary>
public sealed class Log
{
    private readonly LibraryInstance? _library;
    private readonly Exchange? _exchange;

    internal Log(LibraryInstance library) => _library = library;

    internal Log(Exchange exchange) => _exchange = exchange;

    private LibraryInstance Library => _library ?? _exchange!.Library;

    /// <summary>True when lines of this level are kept.</summary>
    public bool IsEnabled(LogLevel level) => Library.IsLogEnabled(level);

    /// <summary>Writes one line. The text is put together only when the level is kept.</summary>
    public void Write(LogLevel level, [InterpolatedStringHandlerArgument("", nameof(level))] ref LogMessage message)
    {
        if (message.Enabled)
            Library.WriteLog(level, _exchange, message.Take());
    }

    /// <summary>Writes one line, and the exception below it.</summary>
    public void Write(LogLevel level, string message, Exception? exception = null)
    {
        if (Library.IsLogEnabled(level))
            Library.WriteLog(level, _exchange, exception is null ? message : $"{message}\n{exception}");
    }

    /// <summary>Writes one line of level <see cref="LogLevel.Debug"/>.</summary>
    public void Debug(string message) => Write(LogLevel.Debug, message);

    /// <summary>Writes one line of level <see cref="LogLevel.Info"/>.</summary>
    public void Info(string message) => Write(LogLevel.Info, message);

    /// <summary>Writes one line of level <see cref="LogLevel.Warning"/>.</summary>
    public void Warning(string message, Exception? exception = null) => Write(LogLevel.Warning, message, exception);

    /// <summary>Writes one line of level <see cref="LogLevel.Error"/>.</summary>
    public void Error(string message, Exception? exception = null) => Write(LogLevel.Error, message, exception);
}

/// <summary>An interpolated string that is put together only when its line is kept.</summary>
[InterpolatedStringHandler]
public ref struct LogMessage
{
    private DefaultInterpolatedStringHandler _text;

    /// <summary>Called by the compiler.</summary>
    public LogMessage(int literalLength, int formattedCount, Log log, LogLevel level, out bool enabled)
    {
        ArgumentNullException.ThrowIfNull(log);
        Enabled = enabled = log.IsEnabled(level);
        if (enabled)
            _text = new DefaultInterpolatedStringHandler(literalLength, formattedCount, System.Globalization.CultureInfo.InvariantCulture);
    }

    internal bool Enabled { get; }

    /// <summary>Called by the compiler.</summary>
    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted<T>(T value, string? format) => _text.AppendFormatted(value, format);

    internal string Take() => _text.ToStringAndClear();
}
