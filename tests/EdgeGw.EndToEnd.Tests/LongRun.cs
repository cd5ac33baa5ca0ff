using System.Globalization;
using System.Text;

namespace EdgeGw.EndToEnd.Tests;

/// <summary>Some tests have a long form, for figures: <c>./build.sh test</c> runs the short one, the Cake target Soak the long one (LONG_RUN=1), which leaves its series in bench/results.</summary>
internal static class LongRun
{
    public static bool IsAsked => Environment.GetEnvironmentVariable("LONG_RUN") is "1";

    /// <summary>Figures in the order in which they were taken: the first is the place on the x axis.</summary>
    public sealed class Series(string x, params string[] names)
    {
        private const int Width = 900;
        private const int Height = 320;
        private const int Left = 60;
        private const int Bottom = 40;
        private static readonly string[] s_colours = ["#1f77b4", "#d62728", "#2ca02c"];

        private readonly List<double[]> _rows = [];

        public void Add(double place, params double[] values) => _rows.Add([place, .. values]);

        public double Last(int series) => _rows[^1][series + 1];

        /// <summary>The highest of the first rows.</summary>
        public double Highest(int series, int rows) => _rows.Take(rows).Max(row => row[series + 1]);

        public string Summary() => string.Join(", ", names.Select((name, i) =>
            string.Create(CultureInfo.InvariantCulture, $"{name} first {_rows[0][i + 1]:0.#}, highest {_rows.Max(row => row[i + 1]):0.#}, last {Last(i):0.#}")));

        /// <summary>Leaves a table and a plot, when this is a long run.</summary>
        public void Write(string file, string title)
        {
            if (IsAsked)
            {
                File.WriteAllText(Repository.Path($"bench/results/{file}.csv"), Csv());
                File.WriteAllText(Repository.Path($"docs/images/{file}.svg"), Svg(title));
            }
        }

        private string Csv() => $"{x},{string.Join(',', names)}\n" + string.Concat(_rows.Select(row => string.Join(',', row.Select(value => value.ToString("0.##", CultureInfo.InvariantCulture))) + "\n"));

        // One scale for all: what the figures have in common is that none is far above the others.
        private string Svg(string title)
        {
            var (last, top) = (_rows.Max(row => row[0]), _rows.Max(row => row.Skip(1).Max()) * 1.1);
            var svg = new StringBuilder();
            svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">\n");
            svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/><text x=\"{Left}\" y=\"18\" font-size=\"14\">{title}</text>\n");
            for (var i = 0; i <= 4; i++)
            {
                var y = Y(top * i / 4);
                svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - 10}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\" stroke=\"#ddd\"/><text x=\"{Left - 6}\" y=\"{y + 4:0.#}\" text-anchor=\"end\">{top * i / 4:0}</text>\n");
                svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(last * i / 4):0.#}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">{last * i / 4:0}</text>\n");
            }
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Width / 2}\" y=\"{Height - 6}\" text-anchor=\"middle\">{x}</text>\n");
            for (var i = 0; i < names.Length; i++)
            {
                var points = string.Join(' ', _rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{X(row[0]):0.#},{Y(row[i + 1]):0.#}")));
                svg.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{s_colours[i]}\" stroke-width=\"1.2\" points=\"{points}\"/><text x=\"{Left + 10 + (i * 200)}\" y=\"38\" fill=\"{s_colours[i]}\">{names[i]}</text>\n");
            }
            return svg.Append("</svg>\n").ToString();

            double X(double value) => Left + ((Width - 10 - Left) * value / last);

            double Y(double value) => Height - Bottom - ((Height - Bottom - 50) * value / top);
        }
    }
}
