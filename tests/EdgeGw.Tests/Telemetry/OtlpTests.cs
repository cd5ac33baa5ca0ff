using CsCheck;
using EdgeGw.Control.Telemetry;
using EdgeGw.Tests.Support.Telemetry;

namespace EdgeGw.Tests.Telemetry;

/// <summary>What is written, read again by the published numbers.</summary>
internal sealed class OtlpTests
{
    private static readonly OtlpResource s_resource = new("edgegw", "1.0.0");
    private static readonly DateTimeOffset s_now = DateTimeOffset.UnixEpoch.AddDays(20_000);

    private static List<ReceivedMetric> Send(string text) =>
        [.. ReceivedMetric.Read(OtlpMetrics.Write(s_resource, PrometheusFamily.Parse(text), name => s_now.AddHours(name.StartsWith("edgegw_control_", StringComparison.Ordinal) ? -2 : -1), s_now)!.Value.ToArray())];

    [Test]
    public void A_histogram_has_the_requests_of_each_bucket_alone()
    {
        var metric = Send("""
            # HELP edgegw_request_duration_seconds From the request's head to the end of its handler.
            # TYPE edgegw_request_duration_seconds histogram
            edgegw_request_duration_seconds_bucket{handler="a",le="0.001"} 3
            edgegw_request_duration_seconds_bucket{handler="a",le="0.002"} 3
            edgegw_request_duration_seconds_bucket{handler="a",le="+Inf"} 10
            edgegw_request_duration_seconds_sum{handler="a"} 0.25
            edgegw_request_duration_seconds_count{handler="a"} 10
            edgegw_request_duration_seconds_bucket{handler="b",le="0.001"} 0
            edgegw_request_duration_seconds_bucket{handler="b",le="0.002"} 0
            edgegw_request_duration_seconds_bucket{handler="b",le="+Inf"} 0
            edgegw_request_duration_seconds_sum{handler="b"} 0
            edgegw_request_duration_seconds_count{handler="b"} 0
            """).Single();
        var (a, b) = (metric.Points[0], metric.Points[1]);
        using var scope = Assert.EnterMultipleScope();
        Assert.That((metric.Type, metric.Unit, metric.IsCumulative, metric.Points.Count), Is.EqualTo(("histogram", "s", true, 2)));
        Assert.That((a.Count, a.Value), Is.EqualTo((10ul, 0.25)));
        Assert.That(a.Buckets, Is.EqualTo(new ulong[] { 3, 0, 7 }));
        Assert.That(a.Bounds, Is.EqualTo(new[] { 0.001, 0.002 }));
        Assert.That((a.Attributes["handler"], a.Attributes.Count, b.Attributes["handler"], b.Count), Is.EqualTo(("a", 1, "b", 0ul)));
        Assert.That(a.Start, Is.EqualTo((ulong)s_now.AddHours(-1).ToUnixTimeMilliseconds() * 1_000_000));
    }

    [Test]
    public void Counters_gauges_and_labels_come_as_they_are()
    {
        var metrics = Send("""
            # HELP edgegw_control_changes_total Changes.
            # TYPE edgegw_control_changes_total counter
            edgegw_control_changes_total{action="de\\pl\"oy",outcome="a\nb, c=\"d\"}"} 5
            # HELP edgegw_cpu_seconds Time.
            # TYPE edgegw_cpu_seconds gauge
            edgegw_cpu_seconds -1.5
            # HELP edgegw_nothing None.
            # TYPE edgegw_nothing gauge
            """.Replace("a\nb", "a\\nb", StringComparison.Ordinal));
        using var scope = Assert.EnterMultipleScope();
        Assert.That(metrics.Select(metric => metric.Name), Is.EqualTo(new[] { "edgegw_control_changes_total", "edgegw_cpu_seconds" }), "one without a value is not sent");
        Assert.That((metrics[0].Type, metrics[0].IsMonotonic, metrics[0].Description, metrics[0].Points[0].Value), Is.EqualTo(("sum", true, "Changes.", 5.0)));
        Assert.That((metrics[0].Points[0].Attributes["action"], metrics[0].Points[0].Attributes["outcome"]), Is.EqualTo(("de\\pl\"oy", "a\nb, c=\"d\"}")));
        Assert.That((metrics[1].Type, metrics[1].Points[0].Value, metrics[1].Points[0].Start), Is.EqualTo(("gauge", -1.5, 0ul)));
    }

    [Test]
    public void What_is_written_is_read_as_it_was() => Gen.Select(Gen.String, Gen.Long, Gen.Double, Gen.Long.Array).Sample((text, number, real, many) =>
    {
        var to = new ProtoWriter();
        var inner = to.Begin(1);
        to.Text(2, text);
        to.Integer(3, number);
        to.Double(300, real);
        to.Packed(5, many);
        to.End(inner);
        to.Fixed(6, 7u);
        var read = ProtoMessage.Read(to.Written.Span);
        var message = read.Message(1)!;
        return message.Text(2) == System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text)) && (long)message.Number(3) == number && message.Real(300).Equals(real)
            && message.Fixed64s(5).Select(one => (long)one).SequenceEqual(many) && read.Number(6) == 7;
    });

    [Test]
    public void No_text_makes_the_reader_of_metrics_throw() => Gen.String[Gen.Char["#{}\"\\= \n,abTYPEHELP01.-"], 0, 80].Sample(text =>
    {
        _ = OtlpMetrics.Write(s_resource, PrometheusFamily.Parse("# TYPE a counter\na 1\n" + text), _ => s_now, s_now);
        return true;
    });

    [Test]
    public void A_request_that_is_not_traced_is_no_span() =>
        Assert.That(ReceivedSpan.Read(OtlpTraces.Write(s_resource, [SomeRequests.Traced() with { Trace = null }, SomeRequests.Traced()]).ToArray()).Select(span => span.Attributes.GetValueOrDefault("edgegw.request_id")).OfType<string>().Count(), Is.EqualTo(1));
}
