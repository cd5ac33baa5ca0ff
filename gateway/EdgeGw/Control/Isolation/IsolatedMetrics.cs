using System.Globalization;
using System.Text;
using EdgeGw.Control.Observability;

namespace EdgeGw.Control.Isolation;

/// <summary>Prometheus text of the isolated workers: control's figures of each, and what their versions use, among the shared worker's lines of the same name.</summary>
internal static class IsolatedMetrics
{
    private const string Own = "edgegw_handler_";

    /// <summary>Control's own figures.</summary>
    internal static void Write(StringBuilder text, IReadOnlyList<IsolatedWorker> workers)
    {
        Series("edgegw_isolated_up", "gauge", "Whether the worker of a handler of its own is in service.", worker => worker.Serving is null ? 0 : 1);
        Series("edgegw_isolated_restarts_total", "counter", "Workers of one handler started after one that had died.", worker => worker.Restarts);
        Series("edgegw_isolated_resident_bytes", "gauge", "Resident memory of the worker of one handler.", worker => worker.Serving is { } serving ? ProcessFigures.Read(serving.ProcessId).RssBytes : 0);

        void Series(string name, string type, string help, Func<IsolatedWorker, long> value)
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
            foreach (var worker in workers)
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}{{handler=\"{worker.Handler.Name}\",version=\"{ControlMetrics.Escaped(worker.Handler.Version)}\"}} {value(worker)}\n");
            }
        }
    }

    /// <summary>The shared worker's text with the lines that the isolated ones have about their handlers: all lines of one name must stand together.</summary>
    internal static string Merge(string shared, IReadOnlyList<(int ProcessId, string Text)> isolated)
    {
        if (isolated.Count == 0)
        {
            return shared;
        }
        var more = isolated.SelectMany(worker => worker.Text.Split('\n').Where(line => line.StartsWith(Own, StringComparison.Ordinal)).Select(line => (Name: line[..line.IndexOf('{', StringComparison.Ordinal)], Line: line, worker.ProcessId)))
            .ToLookup(line => line.Name, line => line.Line.Insert(line.Name.Length + 1, string.Create(CultureInfo.InvariantCulture, $"pid=\"{line.ProcessId}\",")));
        var text = new StringBuilder(shared.Length * 2);
        foreach (var line in shared.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            text.Append(line).Append('\n');
            // The head of a series comes first, even of an empty one.
            if (line.StartsWith("# TYPE " + Own, StringComparison.Ordinal))
            {
                foreach (var added in more[line.Split(' ')[2]])
                {
                    text.Append(added).Append('\n');
                }
            }
        }
        return text.ToString();
    }
}
