using System.Globalization;
using System.Text.Json;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Following;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Dev;

/// <summary>What a session shows, of several things that go on at once: each line whole, with its time.</summary>
internal sealed class DevConsole(CliHost host)
{
    private readonly Lock _gate = new();

    private string Now => host.Paint.Dim(host.Time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture));

    /// <summary>A line.</summary>
    public void Say(string text)
    {
        lock (_gate)
            host.Out.WriteLine($"{Now} {text}");
    }

    /// <summary>Lines that belong together, written by somebody else.</summary>
    public void Say(Action write)
    {
        lock (_gate)
            write();
    }

    /// <summary>What failed, with the lines that say why; the one before serves on.</summary>
    public void Failed(IEnumerable<string> lines, string sentence)
    {
        lock (_gate)
        {
            foreach (var line in lines)
                host.Out.WriteLine("  " + line);
            host.Out.WriteLine($"{Now} {host.Paint.Bad("✗")} {Printable.Escape(sentence)}");
        }
    }

    /// <summary>A line of the access log: a request that was answered.</summary>
    public void Request(string line)
    {
        AccessReply? request = null;
        try
        {
            request = JsonSerializer.Deserialize(line, CliJson.Default.AccessReply);
        }
        catch (JsonException)
        {
            // No request: shown as it is.
        }
        Say(request is null ? Printable.Escape(line) : $"{Printable.Escape($"{request.Method} {request.Target}")} {Status(request.Status)} {host.Paint.Dim(Human.Time(request.Us / 1_000.0))}");
    }

    /// <summary>What happened in the gateway, when it is of this handler or kills.</summary>
    public void Event(EventReply happened, Func<string, bool> isHandler)
    {
        if (happened.Type == "log")
        {
            if (LogText.Read(happened.Data) is { } entry && (isHandler(entry.Source) || entry.Level is "Error" or "Critical"))
                Say(LogText.Format(entry, host));
        }
        else if (happened.Type is "crash" or "quarantine")
        {
            Say(EventText.Format(happened, host));
        }
    }

    private string Status(int status)
    {
        var text = status.ToString(CultureInfo.InvariantCulture);
        return status switch { >= 500 => host.Paint.Bad(text), >= 400 => host.Paint.Busy(text), _ => host.Paint.Good(text) };
    }
}
