using System.Globalization;

namespace EdgeGw.EndToEnd.Tests.Defences;

/// <summary>One figure of <c>/metrics</c>.</summary>
internal static class Metric
{
    /// <summary>The value of a series, by its name with its labels; 0 when it is not there. A name alone counts all its series together.</summary>
    public static async Task<double> OfAsync(Gateway gateway, string series) => (await gateway.Control.GetStringAsync("/metrics")).Split('\n')
        .Where(line => line.StartsWith(series + " ", StringComparison.Ordinal) || (!series.Contains('{', StringComparison.Ordinal) && line.StartsWith(series + "{", StringComparison.Ordinal)))
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
