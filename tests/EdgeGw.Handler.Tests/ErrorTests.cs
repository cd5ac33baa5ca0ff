namespace EdgeGw.Tests;

public class ErrorTests
{
    private readonly FakeGateway _gateway = FakeGateway.For(typeof(Handlers));

    [TestCase("bad", 400, "bad")]
    [TestCase("unauthorized", 401, "Authentication is needed.")]
    [TestCase("forbidden", 403, "This is not allowed.")]
    [TestCase("not-found", 404, "There is no such resource.")]
    [TestCase("method", 405, "The methods allowed here are: PUT.")]
    [TestCase("conflict", 409, "conflict")]
    [TestCase("large", 413, "The body is larger than this route accepts.")]
    [TestCase("internal", 500, null)]
    [TestCase("database", 502, null)]
    [TestCase("cache", 502, null)]
    [TestCase("storage", 502, null)]
    [TestCase("unavailable", 503, "The service cannot answer now.")]
    public async Task Each_error_is_a_problem_with_the_requests_id(string kind, int status, string? detail)
    {
        var response = await _gateway.SendAsync(new FakeRequest("GET", $"/error/{kind}") { RequestId = "r1" });
        var problem = System.Text.Json.JsonDocument.Parse(response.Body).RootElement;
        Assert.That(response.Status, Is.EqualTo(status));
        Assert.That(response.Header("Content-Type"), Is.EqualTo("application/problem+json"));
        Assert.That(problem.GetProperty("status").GetInt32(), Is.EqualTo(status));
        Assert.That(problem.GetProperty("requestId").GetString(), Is.EqualTo("r1"));
        Assert.That(problem.TryGetProperty("detail", out var text) ? text.GetString() : null, Is.EqualTo(detail));
    }

    [Test]
    public async Task The_headers_of_an_error_come_with_it()
    {
        Assert.That((await _gateway.SendAsync("GET", "/error/unauthorized")).Header("WWW-Authenticate"), Is.EqualTo("Bearer"));
        Assert.That((await _gateway.SendAsync("GET", "/error/method")).Header("Allow"), Is.EqualTo("PUT"));
        Assert.That((await _gateway.SendAsync("GET", "/error/unavailable")).Header("Retry-After"), Is.EqualTo("2"));
    }

    [Test]
    public async Task A_private_error_is_in_the_log_only()
    {
        await _gateway.SendAsync(new FakeRequest("GET", "/error/database") { RequestId = "r2" });
        var line = _gateway.Log.Single(l => l.RequestId == "r2");
        Assert.That(line.Message, Does.Contain("secret").And.Contain(nameof(Handlers.Error)));
    }

    [Test]
    public async Task An_unhandled_exception_never_reaches_the_client()
    {
        var response = await _gateway.SendAsync("GET", "/error/other");
        Assert.That((response.Status, response.Text), Is.EqualTo((500, "")));
        Assert.That(response.Error, Does.Contain("InvalidOperationException: secret").And.Contain(nameof(Handlers.Error)));
    }

    [Test]
    public async Task An_error_that_cannot_be_sent_is_reported_with_what_prevented_it()
    {
        var response = await _gateway.SendAsync("GET", "/error/unsendable");
        Assert.That(response.Status, Is.EqualTo(500));
        Assert.That(response.Error, Does.Contain("Unauthorized: who is it").And.Contain("WWW-Authenticate").And.Contain(nameof(Handlers.Error)));
    }

    [Test]
    public async Task No_memory_is_503() => Assert.That((await _gateway.SendAsync("GET", "/error/memory")).Status, Is.EqualTo(503));

    [Test]
    public async Task A_problem_may_have_a_title_of_its_own()
        => Assert.That((await _gateway.SendAsync(new FakeRequest("GET", "/problem") { RequestId = "r" })).Text,
            Is.EqualTo("""{"type":"about:blank","title":"I am a teapot","status":418,"detail":"short and stout","requestId":"r"}"""));

    [Test]
    public async Task A_response_that_cannot_be_sent_is_the_handlers_failure()
    {
        var response = await _gateway.SendAsync("GET", "/refused-header");
        Assert.That((response.Status, response.Error), Is.EqualTo((500, response.Error)));
        Assert.That(response.Error, Does.Contain("gateway's own"));
    }

    [Test]
    public async Task What_async_void_throws_is_logged_and_harms_nobody()
    {
        Assert.That((await _gateway.SendAsync("GET", "/async-void")).Status, Is.EqualTo(200));
        Assert.That(() => _gateway.Log.Any(l => l.Level == Abi.AbiLogLevel.Critical && l.Message.Contains("nobody awaits me", StringComparison.Ordinal)),
            Is.True.After(5000, 5));
    }
}
