using EdgeGw.Configuration;
using EdgeGw.Tests.Control;
using EdgeGw.Tests.Support.Telemetry;

namespace EdgeGw.Tests.Telemetry;

/// <summary>What control sends to a collector.</summary>
internal sealed class TelemetryExportTests
{
    private static Action<GatewaySettings> To(string url) => settings => settings.Telemetry = new()
    {
        OtlpEndpoint = url,
        OtlpHeaders = ["X-Key=k1"],
        TraceIntervalMs = 100,
        MetricIntervalMs = 1_000,
        ServiceName = "shop",
    };

    [Test]
    public async Task A_traced_request_becomes_spans_of_the_gateway_the_handler_and_its_service_calls()
    {
        await using var collector = await Collector.StartAsync();
        await using var control = await RunningControl.StartAsync(To(collector.Url));
        control.Tell(SomeRequests.Traced(status: 503));
        await Eventually.TrueAsync(() => collector.Spans.Count == 4, "the spans have come");
        var spans = collector.Spans.ToDictionary(span => span.Name);
        var (server, handler, query, send) = (spans["GET /pets/{id}"], spans["handler pets"], spans["query database:main"], spans["send http:default"]);
        var began = (ulong)SomeRequests.Began.ToUnixTimeMilliseconds() * 1_000_000;

        using var scope = Assert.EnterMultipleScope();
        Assert.That(collector.Spans.Select(span => span.TraceId), Is.All.EqualTo(SomeRequests.Trace));
        Assert.That((server.ParentSpanId, handler.ParentSpanId, query.ParentSpanId, send.ParentSpanId), Is.EqualTo(("b7ad6b7169203331", server.SpanId, handler.SpanId, handler.SpanId)));
        Assert.That((server.Kind, handler.Kind, query.Kind), Is.EqualTo((2, 1, 3)), "server, internal, client");
        Assert.That((server.Start - began, server.End - began, handler.Start - began, handler.End - began, send.Start - began, send.End - began), Is.EqualTo((0ul, 12_500_000ul, 1_500_000ul, 11_500_000ul, 6_000_000ul, 10_000_000ul)));
        Assert.That((server.State, server.Flags & 0x301, handler.Flags & 0x301), Is.EqualTo(("congo=t61rcWkgMzE", 0x301u, 0x101u)), "sampled; the parent is known to be remote, or not to be");
        Assert.That((server.Status, server.StatusMessage, query.Status, send.Status), Is.EqualTo((2, "no such table", 0, 2)));
        Assert.That(server.Attributes, Is.SupersetOf(new Dictionary<string, string>
        {
            ["http.request.method"] = "GET",
            ["http.route"] = "/pets/{id}",
            ["url.path"] = "/pets/5",
            ["url.scheme"] = "https",
            ["http.response.status_code"] = "503",
            ["server.address"] = "api.example.com",
            ["server.port"] = "8080",
            ["client.address"] = "192.0.2.1",
            ["network.protocol.version"] = "2",
            ["error.type"] = "503",
            ["edgegw.request_id"] = "r1",
        }));
        Assert.That((handler.Attributes["edgegw.handler"], handler.Attributes["edgegw.handler.version"], send.Attributes["server.address"], send.Attributes["error.type"]), Is.EqualTo(("pets", "1.2.0", "api.example.com", "timedout")));
        Assert.That((server.Resource["service.name"], server.Resource.ContainsKey("service.instance.id")), Is.EqualTo(("shop", true)));
        Assert.That(collector.Requests, Has.Some.EqualTo(("/v1/traces", "k1")), "with the header of the settings");
    }

    [Test]
    public async Task The_metrics_that_are_sent_are_those_that_are_shown()
    {
        await using var collector = await Collector.StartAsync();
        await using var control = await RunningControl.StartAsync(To(collector.Url));
        await Eventually.TrueAsync(() => collector.Metrics.Count(metric => metric.Name == "edgegw_control_worker_up") >= 2, "metrics have come twice");
        var shown = (await control.Http.GetStringAsync("/metrics")).Split('\n').Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]);
        var twice = collector.Metrics.Where(metric => metric.Name == "edgegw_control_worker_restarts_total").ToList();
        var up = collector.Metrics.Last(metric => metric.Name == "edgegw_control_worker_up");
        using var scope = Assert.EnterMultipleScope();
        Assert.That(collector.Metrics.Select(metric => metric.Name).Distinct(), Is.SubsetOf(shown));
        Assert.That((up.Type, up.Points.Single().Value), Is.EqualTo(("gauge", 1.0)));
        Assert.That((twice[0].Type, twice[0].IsCumulative, twice[0].IsMonotonic), Is.EqualTo(("sum", true, true)));
        Assert.That(twice[1].Points[0].Start, Is.EqualTo(twice[0].Points[0].Start), "the count goes on");
        Assert.That(twice[1].Points[0].Time, Is.GreaterThan(twice[0].Points[0].Time));
    }

    [Test]
    public async Task A_collector_that_does_not_take_anything_is_said_once_and_gets_what_waited_when_it_does()
    {
        await using var collector = await Collector.StartAsync();
        collector.Status = 503;
        await using var control = await RunningControl.StartAsync(settings =>
        {
            To(collector.Url)(settings);
            (settings.Telemetry.Metrics, settings.Telemetry.Queue, settings.Telemetry.Batch) = (false, 3, 1);
        });
        control.Tell(SomeRequests.Traced("r0"));
        await Eventually.TrueAsync(() => collector.Requests.Count >= 1, "it was tried");
        for (var i = 1; i < 10; i++)
        {
            control.Tell(SomeRequests.Traced($"r{i}"));
        }
        await Eventually.TrueAsync(async () => collector.Requests.Count >= 3 && await CountAsync(control, "dropped_total") == 6, "it was tried several times, and the oldest are given up");
        collector.Status = 200;
        await Eventually.TrueAsync(() => control.LogText().Contains("takes traces again", StringComparison.Ordinal) && collector.Spans.Count == 16, "what was kept has come");
        var ids = collector.Spans.Select(span => span.Attributes.GetValueOrDefault("edgegw.request_id")).OfType<string>();
        Assert.That(ids, Is.EqualTo(new[] { "r0", "r7", "r8", "r9" }), "the batch that was tried, and the newest");
        Assert.That(control.LogText().Split("does not take traces: it answered 503").Length - 1, Is.EqualTo(1), control.LogText());
    }

    [Test]
    public async Task A_gateway_without_anybody_behind_the_address_serves_and_stops_as_ever()
    {
        string url;
        await using (var gone = await Collector.StartAsync())
        {
            url = gone.Url;
        }
        await using var control = await RunningControl.StartAsync(To(url));
        control.Tell(SomeRequests.Traced());
        await Eventually.TrueAsync(() => control.LogText().Contains("does not take traces", StringComparison.Ordinal), "it was said");
        Assert.That((await control.DeployAsync(RunningControl.Handler("hello", 1))).Status, Is.EqualTo(201));
    }

    [Test]
    public async Task What_waits_at_the_end_is_sent()
    {
        await using var collector = await Collector.StartAsync();
        await using (var control = await RunningControl.StartAsync(settings =>
        {
            To(collector.Url)(settings);
            settings.Telemetry.TraceIntervalMs = 3_600_000;
        }))
        {
            control.Tell(SomeRequests.Traced());
            await Eventually.TrueAsync(async () => await CountAsync(control, "waiting") == 1, "it waits");
            Assert.That(collector.Spans, Is.Empty);
        }
        Assert.That(collector.Spans.Select(span => span.Attributes.GetValueOrDefault("edgegw.request_id")), Has.Some.EqualTo("r1"));
    }

    [Test]
    public async Task A_file_with_a_line_that_is_no_header_stops_the_start_with_a_sentence()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["headers"], "X-Key=secret\n\nwhat is this\n");
        Exception? refused = null;
        try
        {
            await using var control = await RunningControl.StartAsync(settings => (settings.Telemetry.OtlpEndpoint, settings.Telemetry.OtlpHeadersFile) = ("http://127.0.0.1:1", folder["headers"]));
        }
        catch (EdgeGw.Control.ControlStartException e)
        {
            refused = e;
        }
        Assert.That(refused?.Message, Is.EqualTo($"Line 2 of {folder["headers"]} (Telemetry:OtlpHeadersFile) is not a header: write NAME=VALUE."));
    }

    private static async Task<long> CountAsync(RunningControl control, string what) =>
        long.Parse((await control.Http.GetStringAsync("/metrics")).Split('\n').Single(line => line.StartsWith($"edgegw_control_telemetry_{what} ", StringComparison.Ordinal)).Split(' ')[1], null);
}
