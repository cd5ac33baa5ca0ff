namespace EdgeGw.Tests;

public class RequestTests
{
    private readonly FakeGateway _gateway = FakeGateway.For(typeof(Handlers));

    [Test]
    public async Task A_request_shows_all_its_parts()
    {
        var response = await _gateway.SendAsync(new FakeRequest("GET", "/request/42/17?x=%20")
        {
            Host = "example.com",
            Scheme = "https",
            ClientAddress = "10.0.0.7",
            RequestId = "r1",
        });
        string[] expected = ["GET", "/request/42/17", "/request/42/17?x=%20", "x=%20", "example.com", "https", "True", "10.0.0.7", "r1",
            "/request/{id:int}/{*rest}", "42", "17", "17"];
        Assert.That(response.Text.Split('\n'), Is.EqualTo(expected));
    }

    [Test]
    public async Task A_path_parameter_is_decoded_and_typed_or_400_with_its_name()
    {
        Assert.That((await _gateway.SendAsync("GET", "/request/42/")).Text.Split('\n')[^2..], Is.EqualTo(new[] { "", "null" }));
        Assert.That((await _gateway.SendAsync("GET", "/request/42/a%20b")).Text, Does.Contain("The path parameter 'rest' is not a valid Int64."));
        Assert.That((await _gateway.SendAsync("GET", "/hello/a%20b%2Fc")).Text, Does.Contain("\"a b/c\""));
    }

    [Test]
    public async Task Query_parameters_are_typed()
    {
        var response = await _gateway.SendAsync("GET", "/query?n=-5&d=1.5&s=a+b%26&a=1&a=%C3%A9&f=8");
        Assert.That(response.Text, Is.EqualTo("-5 1.5 8 a b& 1|é"));
        Assert.That((await _gateway.SendAsync("GET", "/query?n=1")).Text, Is.EqualTo("1 null 7  "));
    }

    [TestCase("/query", "The query parameter 'n' is missing.")]
    [TestCase("/query?n=x", "The query parameter 'n' is not a valid Int32.")]
    [TestCase("/query?n=1&d=x", "The query parameter 'd' is not a valid Double.")]
    public async Task A_bad_query_parameter_is_400_with_its_name(string target, string detail)
    {
        var response = await _gateway.SendAsync("GET", target);
        Assert.That(response.Status, Is.EqualTo(400));
        Assert.That(response.Header("Content-Type"), Is.EqualTo("application/problem+json"));
        Assert.That(response.Text, Does.Contain(detail));
    }

    [Test]
    public async Task Repeated_headers_and_cookies_survive_both_ways()
    {
        var response = await _gateway.SendAsync(new FakeRequest("GET", "/headers")
            .WithHeader("X-One", "1").WithHeader("x-many", "a").WithHeader("X-MANY", "b").WithHeader("Cookie", "a=1; b=\"x%20y\"; broken").WithHeader("Cookie", "c=3"));
        Assert.That(response.Text, Is.EqualTo("1 a|b 5 1 x y True"));
        Assert.That(response.Status, Is.EqualTo(203));
        Assert.That(response.HeaderAll("Set-Cookie"), Is.EqualTo(new[]
        {
            "session=a%20b%3Bc; Path=/; HttpOnly; SameSite=Lax",
            "theme=dark; Path=/; Max-Age=86400; Secure; HttpOnly; SameSite=Strict",
        }));
        Assert.That(response.Header("Access-Control-Allow-Origin"), Is.EqualTo("https://example.com"));
        Assert.That(response.Header("Vary"), Is.EqualTo("Origin"));
        Assert.That(response.Header("Cache-Control"), Is.EqualTo("public, max-age=60"));
    }

    [Test]
    public async Task A_request_kept_beyond_its_end_is_refused_instead_of_reading_foreign_memory()
    {
        await _gateway.SendAsync("GET", "/keeps?x=1");
        Assert.That(() => Handlers.KeptRequest!.QueryString, Throws.InvalidOperationException.With.Message.Contains("request is over"));
        Assert.That(() => Handlers.KeptRequest!.Body.Length, Throws.InvalidOperationException);
    }
}
