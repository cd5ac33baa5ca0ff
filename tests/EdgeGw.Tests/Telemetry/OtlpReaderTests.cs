using System.Diagnostics;
using System.Diagnostics.Metrics;
using EdgeGw.Tests.Control;
using EdgeGw.Tests.Support.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace EdgeGw.Tests.Telemetry;

/// <summary>The collector of the tests reads what OpenTelemetry's own exporter sends, so that what it reads of the gateway is what any collector reads.</summary>
internal sealed class OtlpReaderTests
{
    private static Action<OtlpExporterOptions> To(Collector collector, string path) => options =>
    {
        options.Endpoint = new Uri(collector.Url + path);
        options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Headers = "X-Key=theirs";
    };

    [Test]
    public async Task Spans_of_OpenTelemetrys_exporter_are_read_as_they_were()
    {
        await using var collector = await Collector.StartAsync();
        using var source = new ActivitySource("theirs");
        string parent, child;
        using (var provider = Sdk.CreateTracerProviderBuilder().AddSource("theirs").AddOtlpExporter(To(collector, "/v1/traces")).Build())
        {
            using var outer = source.StartActivity("outer", ActivityKind.Server, new ActivityContext(ActivityTraceId.CreateFromString(SomeRequests.Trace), ActivitySpanId.CreateFromString("b7ad6b7169203331"), ActivityTraceFlags.Recorded, "a=b", isRemote: true))!;
            using (var inner = source.StartActivity("inner", ActivityKind.Client)!)
            {
                inner.SetTag("text", "t").SetTag("number", 7L).SetStatus(ActivityStatusCode.Error, "broken");
                (parent, child) = (outer.SpanId.ToString(), inner.SpanId.ToString());
            }
            outer.Stop();
            provider.ForceFlush();
        }
        await Eventually.TrueAsync(() => collector.Spans.Count == 2, "both have come");
        var spans = collector.Spans.ToDictionary(span => span.Name);
        using var scope = Assert.EnterMultipleScope();
        Assert.That((spans["outer"].TraceId, spans["outer"].SpanId, spans["outer"].ParentSpanId, spans["outer"].State, spans["outer"].Kind), Is.EqualTo((SomeRequests.Trace, parent, "b7ad6b7169203331", "a=b", 2)));
        Assert.That((spans["inner"].SpanId, spans["inner"].ParentSpanId, spans["inner"].Kind, spans["inner"].Status, spans["inner"].StatusMessage), Is.EqualTo((child, parent, 3, 2, "broken")));
        Assert.That((spans["inner"].Attributes["text"], spans["inner"].Attributes["number"]), Is.EqualTo(("t", "7")));
        Assert.That((spans["outer"].Flags & 0x301, spans["inner"].Flags & 0x301), Is.EqualTo((0x301u, 0x101u)));
        Assert.That(spans["outer"].End, Is.GreaterThan(spans["outer"].Start));
        Assert.That(spans["outer"].Resource.Keys, Does.Contain("service.name"));
    }

    [Test]
    public async Task Metrics_of_OpenTelemetrys_exporter_are_read_as_they_were()
    {
        await using var collector = await Collector.StartAsync();
        using var meter = new Meter("theirs");
        using (var provider = Sdk.CreateMeterProviderBuilder().AddMeter("theirs").AddOtlpExporter(To(collector, "/v1/metrics")).Build())
        {
            meter.CreateCounter<long>("c", "By", "counts").Add(5, new KeyValuePair<string, object?>("a", "b"));
            meter.CreateHistogram<double>("h", "s", "spreads", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2] }).Record(1.5);
            meter.CreateObservableGauge("g", () => 2.5);
            provider.ForceFlush();
        }
        await Eventually.TrueAsync(() => collector.Metrics.Count >= 3, "all have come");
        var metrics = collector.Metrics.DistinctBy(metric => metric.Name).ToDictionary(metric => metric.Name);
        var (count, spread, gauge) = (metrics["c"], metrics["h"], metrics["g"]);
        using var scope = Assert.EnterMultipleScope();
        Assert.That((count.Type, count.IsCumulative, count.IsMonotonic, count.Unit, count.Description, count.Points[0].Value, count.Points[0].Attributes["a"]), Is.EqualTo(("sum", true, true, "By", "counts", 5.0, "b")));
        Assert.That((spread.Type, spread.IsCumulative, spread.Points[0].Count, spread.Points[0].Value), Is.EqualTo(("histogram", true, 1ul, 1.5)));
        Assert.That((spread.Points[0].Buckets, spread.Points[0].Bounds), Is.EqualTo((new ulong[] { 0, 1, 0 }, new double[] { 1, 2 })));
        Assert.That((gauge.Type, gauge.Points[0].Value), Is.EqualTo(("gauge", 2.5)));
        Assert.That(count.Points[0].Time, Is.GreaterThan(count.Points[0].Start).And.GreaterThan(0));
    }
}
