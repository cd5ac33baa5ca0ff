using System.Net;

namespace EdgeGw.Tests.Control;

/// <summary>Who may call the Admin API.</summary>
public sealed class AdminAccessTests : OneControl
{
    private string _token = null!;

    [OneTimeSetUp]
    public async Task ReadToken() => _token = (await File.ReadAllTextAsync(Path.Combine(Control.State, "admin.token"))).Trim();

    [Test]
    public void The_token_and_the_socket_are_for_their_owner_alone()
    {
        var owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.That(File.GetUnixFileMode(Path.Combine(Control.State, "admin.token")), Is.EqualTo(owner));
        Assert.That(File.GetUnixFileMode(Path.Combine(Control.State, "control.sock")), Is.EqualTo(owner));
        Assert.That(_token, Has.Length.EqualTo(64));
    }

    [Test]
    public async Task The_right_token_passes() => Assert.That(await GetAsync("/api/v1/status", $"Bearer {_token}"), Is.EqualTo(HttpStatusCode.OK));

    [TestCase(null)]
    [TestCase("Bearer ")]
    [TestCase("Bearer wrong")]
    [TestCase("Basic {0}")]
    [TestCase("{0}")]
    [TestCase("Bearer {0}x")]
    public async Task Anything_else_does_not(string? authorization) =>
        Assert.That(await GetAsync("/api/v1/status", authorization?.Replace("{0}", _token, StringComparison.Ordinal)), Is.EqualTo(HttpStatusCode.Unauthorized));

    [TestCase("/healthz")]
    [TestCase("/readyz")]
    [TestCase("/metrics")]
    public async Task Health_and_metrics_need_no_token(string path) => Assert.That(await GetAsync(path), Is.EqualTo(HttpStatusCode.OK));

    [TestCase("/api/v1/nothing")]
    [TestCase("/healthz/../api/v1/status")]
    public async Task A_path_that_is_not_there_tells_nothing_without_a_token(string path) => Assert.That(await GetAsync(path), Is.EqualTo(HttpStatusCode.Unauthorized));

    [TestCase("evil.example")]
    [TestCase("127.0.0.1.evil.example")]
    [TestCase("localhost.evil.example")]
    public async Task A_name_of_somebody_elses_is_refused_even_with_the_token(string host) =>
        Assert.That(await GetAsync("/metrics", $"Bearer {_token}", host), Is.EqualTo(HttpStatusCode.MisdirectedRequest));

    [TestCase("localhost")]
    [TestCase("[::1]")]
    public async Task The_machines_own_names_pass(string host) => Assert.That(await GetAsync("/healthz", host: host), Is.EqualTo(HttpStatusCode.OK));

    [Test]
    public async Task A_web_page_of_another_origin_is_refused()
    {
        Assert.That(await GetAsync("/healthz", origin: "https://evil.example"), Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await GetAsync("/healthz", origin: Control.Host.AdminUrl), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Over_the_Unix_socket_no_token_is_asked_for() => Assert.That((await Control.Http.GetAsync("/api/v1/status")).StatusCode, Is.EqualTo(HttpStatusCode.OK));

    [TestCase("GET", "/api/v1/nothing", 404)]
    [TestCase("PUT", "/api/v1/status", 405)]
    [TestCase("GET", "/api/v1/epochs?limit=0", 400)]
    [TestCase("GET", "/api/v1/logs?tail=x", 400)]
    public async Task What_goes_wrong_is_a_problem_document(string method, string path, int status)
    {
        using var answer = await Control.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.That(((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType), Is.EqualTo((status, "application/problem+json")));
    }

    private async Task<HttpStatusCode> GetAsync(string path, string? authorization = null, string? host = null, string? origin = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, Control.Host.AdminUrl + path);
        request.Headers.Host = host;
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }
}
