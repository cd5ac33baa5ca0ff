using System.Text.RegularExpressions;
using EdgeGw.Tests.Support.Telemetry;

namespace EdgeGw.EndToEnd.Tests;

/// <summary>The request log, traces and metrics of the published gateway: a handler in C that calls another route of the same gateway over HTTP, and a collector.</summary>
public sealed partial class ObservabilityTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Parent = "b7ad6b7169203331";

    private Collector _collector = null!;
    private Gateway _gateway = null!;
    private HttpClient _client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _collector = await Collector.StartAsync();
        _gateway = await Gateway.StartAsync(new GatewayOptions
        {
            Environment = new Dictionary<string, string?>
            {
                ["EDGEGW_TELEMETRY__OTLPENDPOINT"] = _collector.Url,
                ["EDGEGW_TELEMETRY__TRACEINTERVALMS"] = "100",
                ["EDGEGW_TELEMETRY__METRICINTERVALMS"] = "1000",
                ["EDGEGW_REQUESTLOG__ALWAYS"] = "1000", // every one, however fast the tests are
            },
        });
        _client = Http.Http11(_gateway.Address);
        await _gateway.DeployAsync(Repository.Fixture("dump"));
        await _gateway.DeployAsync(Repository.Fixture("ok1"), "--isolation", "process");
        await _gateway.DeployAsync(Repository.Fixture("http"), "--set", $"upstream={_gateway.Address}");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _client?.Dispose();
        await _gateway.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Test]
    public async Task A_trace_goes_from_the_client_through_gateway_handler_and_service_call_to_the_next_server()
    {
        var (seen, id) = await ProxyAsync("01", "congo=t61rcWkgMzE");
        await Eventually.TrueAsync(() => Task.FromResult(Names(id) >= 6), () => $"the spans of both requests have come: {string.Join(", ", _collector.Spans.Select(span => span.Name))}");
        var spans = Of(id);
        var (outer, inner) = (spans.Single(span => span.Name == "GET /proxy/{*path}"), spans.Single(span => span.Name == "GET /dump/{*rest}"));
        var (outerHandler, innerHandler) = (spans.Single(span => span.Name == "handler http"), spans.Single(span => span.Name == "handler dump"));
        var (send, read) = (spans.Single(span => span.Name == "send http:default"), spans.First(span => span.Name == "read http:default"));

        using var scope = Assert.EnterMultipleScope();
        Assert.That(spans.Select(span => span.TraceId), Is.All.EqualTo(id));
        Assert.That((outer.ParentSpanId, outerHandler.ParentSpanId, send.ParentSpanId, read.ParentSpanId), Is.EqualTo((Parent, outer.SpanId, outerHandler.SpanId, outerHandler.SpanId)));
        Assert.That((inner.ParentSpanId, innerHandler.ParentSpanId), Is.EqualTo((send.SpanId, inner.SpanId)), "the next server's span is below the call");
        Assert.That(seen.Header("traceparent"), Is.EqualTo(new[] { $"00-{id}-{send.SpanId}-01" }), "what the next server saw, though the handler passed its own headers on");
        Assert.That((seen.Header("tracestate").Single(), outer.State), Is.EqualTo(("congo=t61rcWkgMzE", "congo=t61rcWkgMzE")));
        Assert.That((outer.Kind, outerHandler.Kind, send.Kind, outer.Attributes["http.response.status_code"], send.Attributes["edgegw.service.outcome"]), Is.EqualTo((2, 1, 3, "200", "answered")));
        Assert.That(send.Start, Is.InRange(outerHandler.Start, outerHandler.End));
        Assert.That(outerHandler.End, Is.LessThanOrEqualTo(outer.End));
    }

    [Test]
    public async Task What_the_client_has_not_sampled_is_not_traced_and_its_header_goes_on_as_it_is()
    {
        var (seen, id) = await ProxyAsync("00", null);
        Assert.That(seen.Header("traceparent"), Is.EqualTo(new[] { $"00-{id}-{Parent}-00" }));
        // One that is traced, after it: were the first traced, it would have come by then.
        var (_, traced) = await ProxyAsync("01", null);
        await Eventually.TrueAsync(() => Task.FromResult(Names(traced) >= 6), () => "the one after it has come");
        Assert.That(Of(id), Is.Empty);
    }

    [Test]
    public async Task A_request_without_a_trace_or_with_a_wrong_one_begins_one()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/dump/alone") { Headers = { { "traceparent", $"00-{Trace.ToUpperInvariant()}-{Parent}-01" }, { "X-Request-Id", "begins-a-trace" } } };
        using var answer = await _client.SendAsync(request);
        ReceivedSpan? span = null;
        await Eventually.TrueAsync(() => Task.FromResult((span = _collector.Spans.FirstOrDefault(one => one.Attributes.GetValueOrDefault("edgegw.request_id") == "begins-a-trace")) is not null), () => "its span has come");
        Assert.That((span!.ParentSpanId, span.TraceId.Length, span.TraceId == Trace), Is.EqualTo(("", 32, false)));
    }

    [Test]
    public async Task Requests_are_listed_with_their_times_and_service_calls()
    {
        using var first = await SendAsync("/proxy/dump/listed?secret=1", "listed-1");
        using var second = await SendAsync("/status/503", "listed-2");
        using var third = await SendAsync("/nowhere", "listed-3");
        using var isolated = await SendAsync("/ok", "listed-4");
        var (proxied, failed, lost, apart) = (await OneAsync("listed-1"), await OneAsync("listed-2"), await OneAsync("listed-3"), await OneAsync("listed-4"));
        var call = proxied.GetProperty("spans").EnumerateArray().First();

        using var scope = Assert.EnterMultipleScope();
        Assert.That((Text(proxied, "method"), Text(proxied, "path"), Text(proxied, "route"), Text(proxied, "handler"), Text(proxied, "version")), Is.EqualTo(("GET", "/proxy/dump/listed", "/proxy/{*path}", "http", "1.0.0")), "without the query");
        Assert.That((Text(call, "kind"), Text(call, "name"), Text(call, "operation"), Text(call, "target"), Text(call, "outcome")), Is.EqualTo(("http", "default", "send", _gateway.Address.Authority, "answered")));
        Assert.That(Number(proxied, "handlerMs"), Is.GreaterThanOrEqualTo(Number(call, "ms")).And.LessThanOrEqualTo(Number(proxied, "ms")));
        Assert.That(Number(proxied, "bytesOut"), Is.GreaterThan(100));
        Assert.That((Number(failed, "status"), Text(failed, "why"), Text(failed, "handler")), Is.EqualTo((503, "error", "dump")));
        Assert.That((Number(lost, "status"), lost.TryGetProperty("handler", out _)), Is.EqualTo((404, false)));
        Assert.That((Text(apart, "handler"), Number(apart, "worker") == await _gateway.WorkerPidAsync()), Is.EqualTo(("ok", false)), "told once, by the worker that has the handler");
        Assert.That((await ListAsync("?handler=dump&status=5xx")).Select(item => Text(item, "requestId")), Does.Contain("listed-2").And.Not.Contain("listed-1"));
        var cli = await _gateway.Cli.RunAsync("requests", "--handler", "http", "--tail", "1000", "--spans");
        Assert.That(cli.Output, Does.Match("200 GET /proxy/dump/listed .* http 1\\.0\\.0 \\[listed-1\\]\n    \\+.* http:default send "));
    }

    [Test]
    public async Task Requests_are_told_as_they_come_over_a_change_of_the_worker()
    {
        using var events = new StreamReader(await _gateway.Control.GetStreamAsync("/api/v1/events?requests=true"));
        await LineAsync("event: ready");
        using var before = await SendAsync("/dump/told", "told-1");
        Assert.That(await LineAsync("\"requestId\":\"told-1\""), Does.StartWith("data: {"));
        var reload = await _gateway.Cli.RunAsync("reload");
        Assert.That(reload.ExitCode, Is.Zero, reload.ToString());
        // The next worker is asked a moment after it serves.
        await Eventually.TrueAsync(async () =>
        {
            using var after = await SendAsync("/dump/told", "told-2");
            return (await ListAsync("?id=told-2")).Count > 0;
        }, () => "the next worker records");
        var told = LineAsync("\"requestId\":\"told-2\"");
        await Eventually.TrueAsync(async () =>
        {
            using var again = await SendAsync("/dump/told", "told-2");
            return told.IsCompleted;
        }, () => "the next worker's are told");
        await told;

        async Task<string> LineAsync(string with)
        {
            while (await events.ReadLineAsync() is { } line)
            {
                if (line.Contains(with, StringComparison.Ordinal))
                {
                    return line;
                }
            }
            throw new AssertionException("the stream has ended");
        }
    }

    [Test]
    public async Task Each_metric_of_the_Grafana_dashboard_is_one_of_the_gateways_and_is_sent_to_the_collector_too()
    {
        using var answer = await SendAsync("/proxy/dump/measured", "measured");
        var dashboard = File.ReadAllText(Path.Combine(Repository.Root, "docs/grafana/edgegw.json"));
        var asked = from panel in JsonDocument.Parse(dashboard).RootElement.GetProperty("panels").EnumerateArray()
                    where panel.TryGetProperty("targets", out _)
                    from target in panel.GetProperty("targets").EnumerateArray()
                    from Match name in MetricNames().Matches(target.GetProperty("expr").GetString()!)
                    select name.Value;
        var metrics = (await _gateway.Control.GetStringAsync("/metrics")).Split('\n');
        var known = metrics.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]).ToHashSet();
        // A metric with labels has lines only for what has happened.
        var shown = metrics.Where(line => line.StartsWith("edgegw_", StringComparison.Ordinal)).Select(line => Family(line.Split('{', ' ')[0])).ToHashSet();
        var sent = new HashSet<string>();
        await Eventually.TrueAsync(() =>
        {
            sent = [.. _collector.Metrics.Select(metric => metric.Name)];
            return Task.FromResult(shown.IsSubsetOf(sent));
        }, () => $"all that is shown is sent too, and not all but {string.Join(", ", shown.Except(sent))}");
        using var scope = Assert.EnterMultipleScope();
        Assert.That(asked.Count(), Is.GreaterThan(20));
        Assert.That(asked.Select(Family).Except(known), Is.Empty, "asked for, and not there");
        Assert.That(shown, Does.Contain("edgegw_service_duration_seconds"));

        static string Family(string name) => SeriesOfHistogram().Replace(name, "");
    }

    // Kinds of spans: one kind may come several times before another has come at all.
    private int Names(string trace) => Of(trace).Select(span => span.Name).Distinct().Count();

    private List<ReceivedSpan> Of(string trace) => [.. _collector.Spans.Where(span => span.TraceId == trace)];

    // Through the handler 'http' to the handler 'dump', in a trace of its own.
    private async Task<(Dumped Seen, string Trace)> ProxyAsync(string flags, string? state)
    {
        var id = Guid.NewGuid().ToString("n");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/proxy/dump/traced") { Headers = { { "traceparent", $"00-{id}-{Parent}-{flags}" } } };
        if (state is not null)
        {
            request.Headers.Add("tracestate", state);
        }
        using var answer = await _client.SendAsync(request);
        return (await Dumped.FromAsync(answer), id);
    }

    private Task<HttpResponseMessage> SendAsync(string path, string id) => _client.SendAsync(new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "X-Request-Id", id } } });

    private async Task<List<JsonElement>> ListAsync(string query) =>
        [.. JsonDocument.Parse(await _gateway.Control.GetStringAsync("/api/v1/requests" + query)).RootElement.GetProperty("items").EnumerateArray()];

    // Recorded when its end has been sent, which the client may hear of first.
    private async Task<JsonElement> OneAsync(string id)
    {
        var items = new List<JsonElement>();
        await Eventually.TrueAsync(async () => (items = await ListAsync("?id=" + id)).Any(item => Text(item, "path") != "/dump/listed"), () => $"{id} is recorded");
        return items.Single(item => Text(item, "path") != "/dump/listed"); // the proxied request has the same id
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();

    [GeneratedRegex("edgegw_[a-z0-9_]+")]
    private static partial Regex MetricNames();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex SeriesOfHistogram();
}
