using System.Globalization;
using System.Text.Json;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Following;

/// <summary>A line of the log, for people.</summary>
internal static class LogText
{
    /// <summary>The line's document; null when it is none.</summary>
    public static LogReply? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, CliJson.Default.LogReply);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The line as it is shown. One that cannot be read is shown as it is: it is still worth seeing.</summary>
    public static string Format(string line, CliHost host)
    {
        if (Read(line) is not { } entry)
            return Printable.Escape(line);
        var time = TimeZoneInfo.ConvertTime(entry.Time, host.Time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        return $"{host.Paint.Dim(time)} {Format(entry, host)}";
    }

    /// <summary>An entry without its time.</summary>
    public static string Format(LogReply entry, CliHost host)
    {
        var paint = host.Paint;
        var level = Printable.Escape(entry.Level).PadRight(8);
        var request = string.IsNullOrEmpty(entry.RequestId) ? "" : " " + paint.Dim($"[{Printable.Escape(entry.RequestId)}]");
        return $"{Color(entry.Level, level)} {paint.Bold(Printable.Escape(entry.Source))}: {Message(entry.Message)}{request}";

        string Color(string name, string text) => name switch
        {
            "Error" or "Critical" => paint.Bad(text),
            "Warning" => paint.Busy(text),
            "Trace" or "Debug" => paint.Dim(text),
            _ => text,
        };
    }

    // A stack trace stays on its lines, each moved to the right so that no line of a message passes for an entry.
    private static string Message(string message) =>
        string.Join("\n    ", message.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(line => Printable.Escape(line.Replace('\t', ' '))));
}
