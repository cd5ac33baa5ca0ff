using System.Globalization;
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

    /// <summary>What happened in the gateway, when it is of this handler or kills.</summary>
    public void Event(EventReply happened, Func<string?, bool> isHandler)
    {
        switch (happened.Type)
        {
            case "log" when LogText.Read(happened.Data) is { } entry:
                if (isHandler(entry.Source) || entry.Level is "Error" or "Critical")
                    Say(LogText.Format(entry, host));
                break;
            case "request" when EventText.Read(happened, CliJson.Default.RequestReply) is { } request:
                if (isHandler(request.Handler))
                    Say(RequestText.Format(request, host));
                break;
            case "crash" or "quarantine":
                Say(EventText.Format(happened, host));
                break;
        }
    }
}
