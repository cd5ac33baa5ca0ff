using System.Text;

namespace EdgeGw.Tests;

public class HttpTests
{
    private FakeGateway _gateway = null!;

    private FakeHttp Http => _gateway.Http;

    [SetUp]
    public void Load() => _gateway = FakeGateway.For(typeof(Scripted));

    [Test]
    public async Task A_page_is_got_with_its_status_headers_and_body()
    {
        Http.Answer = r => Task.FromResult<FakeHttpResponse?>(new(404, $"no {r.Url}", new KeyValuePair<string, string>("X-A", "1"), new("x-a", "2")));
        var found = await _gateway.RunAsync(async c =>
        {
            await using var response = await c.Http.GetAsync("http://example.com/x?y=1");
            return (response.Status, response.IsSuccess, response.Header("x-A"), response.Headers.Count, await response.ReadTextAsync());
        });
        Assert.That(found, Is.EqualTo((404, false, "1", 2, "no http://example.com/x?y=1")));
    }

    [Test]
    public async Task Json_goes_out_and_comes_back()
    {
        Http.Answer = r => Task.FromResult<FakeHttpResponse?>(new(200, r.Method == "GET" ? """{"id":2,"name":"got"}""" : r.Text));
        var (posted, got) = await _gateway.RunAsync(async c =>
        {
            await using var response = await c.Http.PostJsonAsync("https://example.com/", new Item(1, "sent"), TestJson.Default.Item);
            return (await response.JsonAsync(TestJson.Default.Item), await c.Http.GetJsonAsync("https://example.com/", TestJson.Default.Item));
        });
        Assert.That((posted, got), Is.EqualTo((new Item(1, "sent"), new Item(2, "got"))));
        Assert.That(Http.Requests.First().Headers.Single(), Is.EqualTo(new KeyValuePair<string, string>("Content-Type", "application/json")));
    }

    [Test]
    public async Task A_body_streams_both_ways()
    {
        Http.ReadBytes = 1000;
        Http.Answer = r => Task.FromResult<FakeHttpResponse?>(new(200, r.Body));
        var bytes = Handlers.Bytes(500_000);
        var back = await _gateway.RunAsync(async c =>
        {
            await using var response = await c.Http.SendAsync(new HttpOutRequest("PUT", "http://example.com/") { BodyStream = new MemoryStream(bytes), BodyLength = bytes.Length });
            using var copy = new MemoryStream();
            await response.Body.CopyToAsync(copy);
            return copy.ToArray();
        });
        Assert.That(back, Is.EqualTo(bytes));
    }

    [Test]
    public async Task A_server_that_has_heard_enough_is_heard()
    {
        Http.EnoughBytes = 100_000;
        Http.Answer = r => Task.FromResult<FakeHttpResponse?>(new(413, $"{r.Body.Length < 500_000}"));
        var answer = await _gateway.RunAsync(async c =>
        {
            await using var response = await c.Http.SendAsync(new HttpOutRequest("PUT", "http://example.com/") { BodyStream = new MemoryStream(new byte[500_000]) });
            return $"{response.Status} {await response.ReadTextAsync()}";
        });
        Assert.That(answer, Is.EqualTo("413 True"));
    }

    [Test]
    public async Task A_host_that_is_not_allowed_is_an_exception_with_its_code()
    {
        var failure = (HttpOutException)await _gateway.FailureAsync(async c => await c.Http.GetAsync("http://169.254.169.254/"));
        Assert.That((failure.Code, failure.Message), Is.EqualTo(("not-allowed", "This handler may not send requests to http://169.254.169.254/.")));
    }

    [Test]
    public async Task Json_of_a_failed_request_is_an_exception()
    {
        Http.Answer = _ => Task.FromResult<FakeHttpResponse?>(new(500, "sorry"));
        var failure = await _gateway.FailureAsync(async c => await c.Http.GetJsonAsync("http://example.com/", TestJson.Default.Item));
        Assert.That((failure.GetType(), failure.Message), Is.EqualTo((typeof(HttpOutException), "The other server answered 500.")));
    }

    [TestCase("/relative")]
    [TestCase("ftp://example.com/")]
    public async Task A_url_that_is_none_is_refused(string url)
        => Assert.That(await _gateway.FailureAsync(async c => await c.Http.GetAsync(url)), Is.InstanceOf<ArgumentException>());

    [TestCase("a b", "v")]
    [TestCase("", "v")]
    [TestCase("a", "v\r\nb: c")]
    public async Task A_header_that_is_none_is_refused(string name, string value)
        => Assert.That(await _gateway.FailureAsync(async c => await c.Http.SendAsync(new HttpOutRequest("GET", "http://example.com/").WithHeader(name, value))), Is.InstanceOf<ArgumentException>());

    [Test]
    public async Task A_test_sees_the_patience_and_the_redirects_of_a_request()
    {
        Http.Answer = _ => Task.FromResult<FakeHttpResponse?>(new(200, ""));
        await _gateway.RunAsync(async c =>
        {
            await using var response = await c.Http.SendAsync(new HttpOutRequest("GET", "http://example.com/") { Timeout = TimeSpan.FromMilliseconds(1500), MaxRedirects = 3 });
            return response.Status;
        });
        Assert.That((Http.Requests.Single().Timeout, Http.Requests.Single().MaxRedirects), Is.EqualTo((TimeSpan.FromMilliseconds(1500), 3)));
    }

    [Test]
    public async Task An_answer_too_large_to_keep_is_refused_with_what_to_do()
    {
        Http.Answer = _ => Task.FromResult<FakeHttpResponse?>(new(200, new byte[(16 * 1024 * 1024) + 1]));
        var failure = await _gateway.FailureAsync(async c =>
        {
            await using var response = await c.Http.GetAsync("http://example.com/");
            await response.ReadBytesAsync();
        });
        Assert.That(failure.Message, Is.EqualTo("The answer has more than 16777216 bytes: read it as a stream, or raise ServiceLimits.HttpBodyBytes at startup."));
    }

    [Test]
    public async Task An_answer_is_sent_on_as_it_arrives()
    {
        Http.Answer = _ => Task.FromResult<FakeHttpResponse?>(new(200, Encoding.ASCII.GetBytes(new string('x', 100_000))));
        var response = await _gateway.SendAsync(async (c, _) => Response.Stream((await c.Http.GetAsync("http://example.com/")).Body));
        Assert.That((response.Status, response.Text.Length), Is.EqualTo((200, 100_000)));
        Assert.That(_gateway.Violations, Is.Empty);
    }
}
