using System.Net.Http.Json;

namespace EdgeGw.AdminUi.Tests;

/// <summary>The request tester's route, by which the page reaches the data plane.</summary>
public sealed class TryTests
{
    private Gateway _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        // Long enough that only what never ends comes to it, however slow the machine is.
        _gateway = await Gateway.StartAsync(new() { Arguments = ["--set", "AdminUi:TryMaxBodyBytes=1024", "--set", "AdminUi:TryTimeoutMs=10000"] });
        await _gateway.DeployAsync(Repository.Fixture("ok1"));
        await _gateway.DeployAsync(Repository.Sample("streaming"));
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [Test]
    public async Task It_tells_what_a_listener_of_this_gateway_answered()
    {
        var answer = await TryAsync(new { method = "GET", path = "/ok" });
        using var scope = Assert.EnterMultipleScope();
        Assert.That(answer.GetProperty("status").GetInt32(), Is.EqualTo(200));
        Assert.That(answer.GetProperty("body").GetString(), Is.EqualTo("{\"version\":1}"));
        Assert.That(answer.GetProperty("complete").GetBoolean(), Is.True);
        Assert.That(answer.GetProperty("headers").EnumerateArray().Select(header => header.GetProperty("name").GetString()), Does.Contain("Content-Type"));
    }

    [TestCase("/download/5000", "AdminUi:TryMaxBodyBytes")]
    [TestCase("/events", "AdminUi:TryTimeoutMs")]
    public async Task An_answer_that_is_too_long_is_cut_off_at_a_bound_that_is_named(string path, string bound)
    {
        var answer = await TryAsync(new { path });
        using var scope = Assert.EnterMultipleScope();
        Assert.That(answer.GetProperty("complete").GetBoolean(), Is.False);
        Assert.That(answer.GetProperty("note").GetString(), Does.Contain(bound));
        Assert.That(answer.GetProperty("bytes").GetInt64(), Is.LessThanOrEqualTo(1024));
    }

    [TestCase("""{"path":"ok"}""", 400, "'path' must start with '/'")]
    [TestCase("""{"path":"/a b"}""", 400, "percent-encoded")]
    [TestCase("""{"method":"G ET","path":"/ok"}""", 400, "'method'")]
    [TestCase("""{"path":"/ok","headers":[{"name":"X","value":"a\r\nB: c"}]}""", 400, "line end")]
    [TestCase("""{"path":"/ok","headers":[{"name":"Transfer-Encoding","value":"chunked"}]}""", 400, "leave it out")]
    [TestCase("""{"path":"/ok","headers":[{"name":"A:B","value":"c"}]}""", 400, "not the name of a header")]
    [TestCase("""{"path":"/ok","headers":[null]}""", 400, "not the name of a header")]
    [TestCase("""{"path":"/ok","body":"a","bodyBase64":"YQ=="}""", 400, "given once")]
    [TestCase("""{"path":"/ok","bodyBase64":"?"}""", 400, "not base64")]
    [TestCase("""{"path":"/ok","listener":"http://example.com:80"}""", 422, "is no listener of this gateway")]
    [TestCase("""{"path":"/ok","url":"http://example.com/"}""", 400, "url")]
    [TestCase("""[]""", 400, "not valid")]
    public async Task Nothing_else_can_be_reached_through_it(string body, int status, string sentence)
    {
        using var content = new StringContent(body);
        using var response = await _gateway.Control.PostAsync("/api/v1/try", content);
        var text = await response.Content.ReadAsStringAsync();
        var title = JsonDocument.Parse(text).RootElement.GetProperty("title").GetString();
        Assert.That(((int)response.StatusCode, title), Is.EqualTo((status, title)), text);
        Assert.That(title, Does.Contain(sentence));
    }

    [Test]
    public async Task A_body_over_its_bound_is_413()
    {
        using var response = await _gateway.Control.PostAsJsonAsync("/api/v1/try", new { method = "POST", path = "/echo", body = new string('x', 1025) });
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("AdminUi:TryMaxBodyBytes"));
    }

    private async Task<JsonElement> TryAsync(object request)
    {
        using var response = await _gateway.Control.PostAsJsonAsync("/api/v1/try", request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), text);
        return JsonDocument.Parse(text).RootElement;
    }
}
