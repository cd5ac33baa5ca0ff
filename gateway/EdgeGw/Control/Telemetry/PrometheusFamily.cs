using System.Globalization;
using System.Text;

namespace EdgeGw.Control.Telemetry;

/// <summary>All lines of one metric of our own Prometheus text (version 0.0.4 of the format), so that what is sent over OTLP is what <c>/metrics</c> says.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
/// <param name="Help">What it means.</param>
internal sealed record PrometheusFamily(string Name, string Type, string Help)
{
    /// <summary>The lines.</summary>
    public List<PrometheusSample> Samples { get; } = [];

    /// <summary>Reads a text. What is not of the form that the gateway writes is passed over.</summary>
    internal static IReadOnlyList<PrometheusFamily> Parse(string text)
    {
        var families = new Dictionary<string, PrometheusFamily>();
        var helps = new Dictionary<string, string>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal) && line.Split(' ', 4) is [_, _, var helped, var help])
            {
                helps[helped] = help;
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal) && line.Split(' ', 4) is [_, _, var name, var type])
            {
                families.TryAdd(name, new PrometheusFamily(name, type, helps.GetValueOrDefault(name, "")));
            }
            else if (PrometheusSample.TryParse(line) is { } sample && (families.GetValueOrDefault(sample.Name) ?? families.GetValueOrDefault(OfHistogram(sample.Name))) is { } family)
            {
                family.Samples.Add(sample);
            }
        }
        return [.. families.Values];
    }

    private static string OfHistogram(string name) => name.LastIndexOf('_') is > 0 and var cut && name[cut..] is "_bucket" or "_sum" or "_count" ? name[..name.LastIndexOf('_')] : name;
}

/// <summary>One line.</summary>
/// <param name="Name">The name, as it stands in the line.</param>
/// <param name="Labels">Its labels, in order.</param>
/// <param name="Value">Its value, as written.</param>
internal sealed record PrometheusSample(string Name, IReadOnlyList<KeyValuePair<string, string>> Labels, string Value)
{
    /// <summary>The value.</summary>
    public double Number => double.Parse(Value, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>Reads a line; null when it is none.</summary>
    internal static PrometheusSample? TryParse(string line)
    {
        var brace = line.IndexOf('{', StringComparison.Ordinal);
        var space = line.LastIndexOf(' ');
        if (line.StartsWith('#') || space <= 0 || brace > space)
        {
            return null;
        }
        var value = line[(space + 1)..];
        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
        {
            return null;
        }
        if (brace < 0)
        {
            return new PrometheusSample(line[..space], [], value);
        }
        return ReadLabels(line.AsSpan(brace + 1, space - brace - 1)) is { } labels ? new PrometheusSample(line[..brace], labels, value) : null;
    }

    // name="value",name="value"} with \\, \" and \n in values.
    private static List<KeyValuePair<string, string>>? ReadLabels(ReadOnlySpan<char> text)
    {
        var labels = new List<KeyValuePair<string, string>>();
        var value = new StringBuilder();
        while (text.Length > 0 && text[0] != '}')
        {
            var equals = text.IndexOf("=\"");
            if (equals <= 0)
            {
                return null;
            }
            var name = text[..equals].TrimStart(',').ToString();
            text = text[(equals + 2)..];
            value.Clear();
            while (text.Length > 0 && text[0] != '"')
            {
                var isEscaped = text[0] == '\\' && text.Length > 1;
                var c = isEscaped ? text[1] : text[0];
                value.Append(isEscaped && c == 'n' ? '\n' : c);
                text = text[(isEscaped ? 2 : 1)..];
            }
            if (text.Length == 0)
            {
                return null;
            }
            text = text[1..];
            labels.Add(new(name, value.ToString()));
        }
        return text.Length > 0 ? labels : null;
    }
}
