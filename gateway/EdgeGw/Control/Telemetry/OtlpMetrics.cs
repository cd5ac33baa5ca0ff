using System.Globalization;

namespace EdgeGw.Control.Telemetry;

/// <summary>Makes OTLP metrics of what <c>/metrics</c> says: gauges, cumulative sums, cumulative histograms, with the same names and labels. The field numbers are those of opentelemetry-proto 1.9,
/// opentelemetry/proto/metrics/v1/metrics.proto.</summary>
internal static class OtlpMetrics
{
    // ScopeMetrics
    private const int Metrics = 2;
    // Metric
    private const int Name = 1;
    private const int Description = 2;
    private const int Unit = 3;
    private const int Gauge = 5;
    private const int Sum = 7;
    private const int Histogram = 9;
    // Gauge, Sum, Histogram
    private const int DataPoints = 1;
    private const int Temporality = 2;
    private const int IsMonotonic = 3;
    private const int Cumulative = 2;
    // NumberDataPoint, HistogramDataPoint
    private const int Start = 2;
    private const int Time = 3;
    private const int AsDouble = 4;
    private const int AsInt = 6;
    private const int NumberAttributes = 7;
    private const int Count = 4;
    private const int SumOfAll = 5;
    private const int BucketCounts = 6;
    private const int Bounds = 7;
    private const int HistogramAttributes = 9;

    /// <summary>An ExportMetricsServiceRequest; null when there is nothing to send.</summary>
    /// <param name="resource">Who sends it.</param>
    /// <param name="families">What is sent.</param>
    /// <param name="startOf">When a metric began to count, by its name.</param>
    /// <param name="now">Now.</param>
    internal static ReadOnlyMemory<byte>? Write(OtlpResource resource, IReadOnlyList<PrometheusFamily> families, Func<string, DateTimeOffset> startOf, DateTimeOffset now)
    {
        var told = families.Where(family => family.Samples.Count > 0).ToList();
        return told.Count == 0 ? null : resource.Write(to =>
        {
            foreach (var family in told)
            {
                Write(to, family, OtlpResource.Nanoseconds(startOf(family.Name)), OtlpResource.Nanoseconds(now));
            }
        });
    }

    private static void Write(ProtoWriter to, PrometheusFamily family, long start, long now)
    {
        var metric = to.Begin(Metrics);
        to.Text(Name, family.Name);
        to.Text(Description, family.Help);
        to.Text(Unit, UnitOf(family.Name));
        var kind = to.Begin(family.Type switch { "histogram" => Histogram, "counter" => Sum, _ => Gauge });
        if (family.Type == "histogram")
        {
            // One after the other, as they were written: the buckets of a series, its sum, its count.
            foreach (var series in family.Samples.GroupBy(sample => string.Join('\n', sample.Labels.Where(label => label.Key != "le").Select(label => $"{label.Key}={label.Value}"))))
            {
                WriteHistogram(to, family.Name, [.. series], start, now);
            }
        }
        else
        {
            foreach (var sample in family.Samples)
            {
                WriteNumber(to, sample, family.Type == "counter" ? start : 0, now);
            }
        }
        if (family.Type is "histogram" or "counter")
        {
            to.Integer(Temporality, Cumulative);
        }
        if (family.Type == "counter")
        {
            to.Integer(IsMonotonic, 1);
        }
        to.End(kind);
        to.End(metric);
    }

    private static void WriteNumber(ProtoWriter to, PrometheusSample sample, long start, long now)
    {
        var point = to.Begin(DataPoints);
        if (start > 0)
        {
            to.Fixed(Start, start);
        }
        to.Fixed(Time, now);
        if (long.TryParse(sample.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            to.Fixed(AsInt, whole);
        }
        else
        {
            to.Double(AsDouble, sample.Number);
        }
        Labels(to, NumberAttributes, sample.Labels);
        to.End(point);
    }

    private static void WriteHistogram(ProtoWriter to, string name, IReadOnlyList<PrometheusSample> series, long start, long now)
    {
        var buckets = series.Where(sample => sample.Name == name + "_bucket").ToList();
        var point = to.Begin(DataPoints);
        to.Fixed(Start, start);
        to.Fixed(Time, now);
        to.Fixed(Count, (long)(series.FirstOrDefault(sample => sample.Name == name + "_count")?.Number ?? 0));
        to.Double(SumOfAll, series.FirstOrDefault(sample => sample.Name == name + "_sum")?.Number ?? 0);
        // A bucket of Prometheus has those below it too.
        to.Packed(BucketCounts, [.. buckets.Select((bucket, i) => (long)(bucket.Number - (i == 0 ? 0 : buckets[i - 1].Number)))]);
        // The last one has no upper bound.
        to.Packed(Bounds, [.. buckets.SkipLast(1).Select(bucket => double.Parse(bucket.Labels.First(label => label.Key == "le").Value, CultureInfo.InvariantCulture))]);
        Labels(to, HistogramAttributes, series[0].Labels.Where(label => label.Key != "le"));
        to.End(point);
    }

    private static void Labels(ProtoWriter to, int field, IEnumerable<KeyValuePair<string, string>> labels)
    {
        foreach (var (key, value) in labels)
        {
            OtlpResource.Attribute(to, field, key, value);
        }
    }

    // In UCUM.
    private static string UnitOf(string name) => name.Contains("_seconds", StringComparison.Ordinal) ? "s" : name.Contains("_bytes", StringComparison.Ordinal) ? "By" : "1";
}
