using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli;

/// <summary><c>edgegw logs</c>: what the gateway and the handlers wrote.</summary>
internal static class LogsCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with lines as they are written" };
        var tail = CliOptions.Count("--tail", "N", "How many of the newest lines", 0, 1_000_000, defaultValue: 100);
        var handler = new Option<string?>("--handler") { Description = "Lines of this handler only", HelpName = "NAME" };
        var command = new Command("logs", "Show the log of the gateway and its handlers") { follow, tail, handler };
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var json = gateway.Json(parse);
            await foreach (var line in client.GetLogsAsync(parse.GetValue(tail)!.Value, parse.GetValue(follow), parse.GetValue(handler), cancel))
                host.Out.WriteLine(json ? line : Format(line, host));
            return ExitCode.Done;
        });
        handler.CompletionSources.Add(gateway.HandlerNames);
        return command;
    }

    private static string Format(string line, CliHost host)
    {
        LogReply? entry = null;
        try
        {
            entry = JsonSerializer.Deserialize(line, CliJson.Default.LogReply);
        }
        catch (JsonException)
        {
            // Shown as it is: a line that cannot be read is still worth seeing.
        }
        if (entry is null)
            return Printable.Escape(line);
        var paint = host.Paint;
        var level = Printable.Escape(entry.Level).PadRight(8);
        var time = TimeZoneInfo.ConvertTime(entry.Time, host.Time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var request = string.IsNullOrEmpty(entry.RequestId) ? "" : " " + paint.Dim($"[{Printable.Escape(entry.RequestId)}]");
        return $"{paint.Dim(time)} {Color(entry.Level, level)} {paint.Bold(Printable.Escape(entry.Source))}: {Message(entry.Message)}{request}";

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
