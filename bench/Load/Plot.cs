using System.Globalization;
using System.Text;

namespace EdgeGw.Load;

/// <summary>Medians as bars with the least and the most as whiskers: two plots side by side in one SVG, in the reader's own colours of text.</summary>
internal static class Plot
{
    private const int Names = 190;
    private const int Width = 300;
    private const int Values = 70;
    private const int Row = 26;
    private const int Head = 30;

    /// <summary>CPU per request, and p99 at half load.</summary>
    public static string Bars(IReadOnlyList<Measured> measured)
    {
        var (width, height) = (Names + (2 * (Width + Values)), Head + (measured.Count * Row) + 10);
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>");
        for (var i = 0; i < measured.Count; i++)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Names - 8}\" y=\"{Head + (i * Row) + 16}\" text-anchor=\"end\">{System.Net.WebUtility.HtmlEncode(measured[i].Name)}</text>");
        }
        Column(svg, "server CPU, µs per request", Names, measured, round => round.CpuMicroseconds);
        Column(svg, "p99 at half load, ms", Names + Width + Values, measured, round => round.Half.P99);
        return svg.AppendLine("</svg>").ToString();
    }

    private static void Column(StringBuilder svg, string title, int left, IReadOnlyList<Measured> measured, Func<Round, double> figure)
    {
        var most = measured.Max(server => server.Rounds.Max(figure));
        double X(double value) => left + (value / most * Width);
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{left}\" y=\"18\" font-weight=\"bold\">{title}</text>");
        for (var i = 0; i < measured.Count; i++)
        {
            var values = measured[i].Rounds.Select(figure).Order().ToArray();
            var (median, top) = (Report.Median(values), Head + (i * Row));
            svg.AppendLine(CultureInfo.InvariantCulture, $"<rect x=\"{left}\" y=\"{top + 4}\" width=\"{X(median) - left:0.0}\" height=\"16\" fill=\"{(i == 0 ? "#0b6e4f" : "#9aa5b1")}\"/>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<path d=\"M{X(values[0]):0.0} {top + 12}H{X(values[^1]):0.0}\" stroke=\"#333\"/>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{X(values[^1]) + 5:0.0}\" y=\"{top + 16}\">{median:0.00}</text>");
        }
    }
}
