using EdgeGw.Configuration;
using EdgeGw.Epochs;
using EdgeGw.Http.Tests.Interop;
using EdgeGw.Pipeline.Observe;

namespace EdgeGw.Http.Tests;

/// <summary>What a handler's requests over HTTP carry of the trace of the request that it answers.</summary>
public sealed class TraceTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Sampled = $"00-{Trace}-b7ad6b7169203331-01";
    private const string NotSampled = $"00-{Trace}-b7ad6b7169203331-00";

    private TemporaryFolder _folder = null!;
    private Upstream _upstream = null!;

    [SetUp]
    public async Task BeginAsync() => (_folder, _upstream) = (new TemporaryFolder(), await Upstream.StartAsync());

    [TearDown]
    public async Task EndAsync()
    {
        await _upstream.DisposeAsync();
        _folder.Dispose();
    }

    private static Action<GatewaySettings> On => settings => settings.Telemetry.OtlpEndpoint = "http://127.0.0.1:4318";

    [Test]
    public async Task A_traced_request_has_the_calls_own_span_as_parent_of_what_is_sent()
    {
        await using var lab = MakeLab(On);
        using var exchange = lab.Begin(("traceparent", Sampled), ("tracestate", "a=1"), ("tracestate", "b=2"));
        var sent = await SendAsync(exchange);
        var span = exchange.Spans[0];
        Assert.That((exchange.Trace.IsTraced, span.Operation, span.Target), Is.EqualTo((true, "send", _upstream.Plain.Authority)));
        Assert.That(sent, Is.EqualTo(new[] { $"traceparent: 00-{Trace}-{span.Span:x16}-01", "tracestate: a=1,b=2" }));
    }

    [Test]
    public async Task A_proxy_that_passes_the_headers_on_is_in_the_trace_and_a_handler_that_has_its_own_is_left_alone()
    {
        await using var lab = MakeLab(On);
        using var exchange = lab.Begin(("traceparent", Sampled), ("tracestate", "a=1"));
        var passed = await SendAsync(exchange, ("Traceparent", Sampled), ("tracestate", "a=1"));
        Assert.That(passed, Is.EqualTo(new[] { $"traceparent: 00-{Trace}-{exchange.Spans[0].Span:x16}-01", "tracestate: a=1" }));
        var own = $"00-{Trace}-1234567890abcdef-01";
        Assert.That(await SendAsync(exchange, ("traceparent", own)), Is.EqualTo(new[] { $"traceparent: {own}" }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task What_is_not_traced_here_goes_on_as_it_came(bool isOn)
    {
        await using var lab = MakeLab(isOn ? On : _ => { });
        var header = isOn ? NotSampled : Sampled;
        using var exchange = lab.Begin(("traceparent", header), ("tracestate", "a=1"));
        Assert.That(await SendAsync(exchange), Is.EqualTo(new[] { $"traceparent: {header}", "tracestate: a=1" }));
        Assert.That((exchange.Trace.IsTraced, exchange.Spans[0].Span), Is.EqualTo((false, 0ul)));
    }

    [Test]
    public async Task A_request_that_begins_a_trace_and_is_not_taken_says_so_to_whom_it_calls()
    {
        await using var lab = MakeLab(settings =>
        {
            On(settings);
            settings.Telemetry.TraceRatio = 0;
        });
        using var exchange = lab.Begin();
        var header = (await SendAsync(exchange)).Single();
        Assert.That(TraceParent.TryParse(header.AsSpan("traceparent: ".Length), out var parent) && !parent.IsSampled && parent.Trace == exchange.Trace.Trace, header);
    }

    [TestCase("00-xyz", false)]
    [TestCase(Sampled, true)]
    public async Task Without_a_right_header_or_when_it_is_switched_off_nothing_is_sent(string header, bool isSwitchedOff)
    {
        await using var lab = MakeLab(settings => settings.Telemetry.Propagate = !isSwitchedOff);
        using var exchange = lab.Begin(("traceparent", header));
        Assert.That(await SendAsync(exchange), Is.Empty);
    }

    [Test]
    public async Task Of_two_traceparents_none_is_believed()
    {
        await using var lab = MakeLab(_ => { });
        using var exchange = lab.Begin(("traceparent", Sampled), ("traceparent", NotSampled));
        Assert.That(await SendAsync(exchange), Is.Empty);
    }

    private Lab MakeLab(Action<GatewaySettings> configure) => new(configure, _folder.Root, new EpochService { Kind = ServiceKinds.Http, Name = "default", Provider = "client", TimeoutMs = 60_000 });

    // What the server was sent of the trace.
    private async Task<string[]> SendAsync(LabExchange exchange, params (string Name, string Value)[] headers)
    {
        var http = exchange.Http();
        var text = await http.Text(await http.Get(new Uri(_upstream.Plain, "/head").ToString(), 0, 0, headers));
        return [.. text.Split('\n').Where(line => line.StartsWith("trace", StringComparison.OrdinalIgnoreCase)).Select(line => line.Replace("Traceparent", "traceparent", StringComparison.Ordinal))];
    }
}
