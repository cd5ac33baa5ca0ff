using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using EdgeGw.Configuration;

namespace EdgeGw.Control.Telemetry;

/// <summary>What became of something that was sent.</summary>
internal enum OtlpOutcome
{
    /// <summary>The collector has it.</summary>
    Taken,
    /// <summary>It may be sent again.</summary>
    Later,
    /// <summary>The collector will not have it.</summary>
    Refused,
}

/// <summary>An <see cref="OtlpOutcome"/>, and why.</summary>
internal sealed record OtlpAnswer(OtlpOutcome Outcome, string Reason = "", TimeSpan? RetryAfter = null);

/// <summary>Sends to a collector: OTLP over HTTP with protocol buffers (https://opentelemetry.io/docs/specs/otlp/#otlphttp). Straight, not through a proxy.</summary>
internal sealed class OtlpClient : IDisposable
{
    private const int MaxAnswerBytes = 64 * 1024;

    private readonly HttpClient _http;
    private readonly string _endpoint;

    /// <summary>Nothing is connected yet. Throws <see cref="ControlStartException"/> when the file with headers is wrong.</summary>
    internal OtlpClient(TelemetrySettings settings)
    {
        _endpoint = settings.OtlpEndpoint;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null, MaxConnectionsPerServer = 2 })
        {
            Timeout = TimeSpan.FromMilliseconds(settings.TimeoutMs),
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
        foreach (var line in settings.OtlpHeaders.Concat(FromFile(settings.OtlpHeadersFile)))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            _http.DefaultRequestHeaders.TryAddWithoutValidation(line[..equals], line[(equals + 1)..]);
        }
    }

    /// <summary>Sends a request of one signal (<c>traces</c>, <c>metrics</c>).</summary>
    internal async Task<OtlpAnswer> SendAsync(string signal, ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        using var content = new ReadOnlyMemoryContent(request) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-protobuf") } };
        try
        {
            using var answer = await _http.PostAsync($"{_endpoint}/v1/{signal}", content, cancellation);
            if (answer.IsSuccessStatusCode)
            {
                return new OtlpAnswer(OtlpOutcome.Taken);
            }
            var reason = string.Create(CultureInfo.InvariantCulture, $"it answered {(int)answer.StatusCode}");
            // Those that the protocol says may be tried again.
            return answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
                ? new OtlpAnswer(OtlpOutcome.Later, reason, answer.Headers.RetryAfter?.Delta)
                : new OtlpAnswer(OtlpOutcome.Refused, reason);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return new OtlpAnswer(OtlpOutcome.Later, e is OperationCanceledException ? "it did not answer in time (Telemetry:TimeoutMs)" : e.Message.TrimEnd('.'));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string[] FromFile(string? path)
    {
        if (path is null)
        {
            return [];
        }
        string[] lines = [.. File.ReadAllLines(path).Where(line => line.Length > 0)];
        var wrong = Array.FindIndex(lines, line => !SettingRule.IsHeader(line));
        return wrong < 0 ? lines : throw new ControlStartException($"Line {wrong + 1} of {path} (Telemetry:OtlpHeadersFile) is not a header: write NAME=VALUE.");
    }
}
