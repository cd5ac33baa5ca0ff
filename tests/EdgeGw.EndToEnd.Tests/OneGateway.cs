namespace EdgeGw.EndToEnd.Tests;

/// <summary>Tests that share one running gateway with some fixture libraries deployed.</summary>
public abstract class OneGateway(params string[] fixtures)
{
    private HttpClient? _client;
    private Gateway? _gateway;

    /// <summary>How the gateway is started.</summary>
    protected virtual GatewayOptions Options { get; } = new();

    /// <summary>How the fixtures are deployed.</summary>
    protected virtual string[] DeployOptions { get; } = [];

    protected Gateway Gateway => _gateway!;

    /// <summary>HTTP/1.1.</summary>
    protected HttpClient Client => _client!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _gateway = await Gateway.StartAsync(Options);
        _client = Http.Http11(_gateway.Address);
        foreach (var fixture in fixtures)
        {
            await _gateway.DeployAsync(Repository.Fixture(fixture), DeployOptions);
        }
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _client?.Dispose();
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }
    }

    /// <summary>The answer's text, whatever its status.</summary>
    protected async Task<string> TextAsync(string path) => await (await Client.GetAsync(path)).Content.ReadAsStringAsync();

    /// <summary>Asserts that the answer is RFC 9457 with the request's id, and gives nothing of the handler away.</summary>
    protected static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        var body = await response.Content.ReadAsStringAsync();
        using var scope = Assert.EnterMultipleScope();
        Assert.That(response.StatusCode, Is.EqualTo(status), body);
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"), body);
        Assert.That(response.Headers.TryGetValues("X-Request-Id", out var ids), Is.True, "an X-Request-Id header");
        Assert.That(body, Does.Contain(ids?.Single()));
        Assert.That(JsonDocument.Parse(body).RootElement.GetProperty("status").GetInt32(), Is.EqualTo((int)status));
    }
}
