using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;

namespace EdgeGw.AdminUi.Tests;

/// <summary>How the page is served: without a browser.</summary>
public sealed partial class ServingTests
{
    private Gateway _gateway = null!;
    private HttpClient _client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _gateway = await Gateway.StartAsync();
        var admin = (await _gateway.StatusAsync()).GetProperty("admin").GetString()!;
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = new Uri(admin) };
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
    }

    [Test]
    public async Task The_page_is_what_every_address_below_admin_leads_to()
    {
        foreach (var (path, target) in new[] { ("/", "/admin/"), ("/admin", "/admin/") })
        {
            using var response = await _client.GetAsync(path);
            Assert.That((response.StatusCode, response.Headers.Location?.OriginalString), Is.EqualTo((HttpStatusCode.Found, target)), path);
        }
        Assert.That(await _client.GetStringAsync("/admin/endpoints/abc"), Is.EqualTo(await IndexAsync()));
        using var missing = await _client.GetAsync("/admin/assets/app-gone.js");
        Assert.That(missing.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await missing.Content.ReadAsStringAsync(), Does.Contain("reload the page"));
    }

    [Test]
    public async Task Nothing_inline_runs_and_nobody_frames_the_page()
    {
        using var response = await _client.GetAsync("/admin/");
        using var scope = Assert.EnterMultipleScope();
        Assert.That(response.Headers.GetValues("Content-Security-Policy").Single(), Does.Contain("default-src 'none'").And.Contain("frame-ancestors 'none'").And.Not.Contain("unsafe"));
        Assert.That(response.Headers.GetValues("X-Content-Type-Options").Single(), Is.EqualTo("nosniff"));
        Assert.That(response.Headers.GetValues("Referrer-Policy").Single(), Is.EqualTo("no-referrer"));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Not.Match("<style|style=|<script>|onload="));
    }

    [Test]
    public async Task Assets_never_change_and_the_index_is_asked_for_again()
    {
        using var index = await _client.GetAsync("/admin/");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/admin/");
        again.Headers.IfNoneMatch.Add(index.Headers.ETag!);
        using var unchanged = await _client.SendAsync(again);
        using var script = await _client.GetAsync(Asset().Matches(await IndexAsync()).First(match => match.Value.EndsWith(".js", StringComparison.Ordinal)).Value);
        using var scope = Assert.EnterMultipleScope();
        Assert.That(index.Headers.CacheControl?.NoCache, Is.True);
        Assert.That(unchanged.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(script.Headers.CacheControl?.ToString(), Is.EqualTo("public, max-age=31536000, immutable"));
        Assert.That(script.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/javascript"));
    }

    [Test]
    public async Task Each_encoding_holds_the_same_bytes()
    {
        var plain = await IndexAsync();
        foreach (var encoding in new[] { "br", "gzip" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/");
            request.Headers.AcceptEncoding.ParseAdd(encoding);
            using var response = await _client.SendAsync(request);
            await using var body = await response.Content.ReadAsStreamAsync();
            await using Stream decoded = encoding == "br" ? new BrotliStream(body, CompressionMode.Decompress) : new GZipStream(body, CompressionMode.Decompress);
            using var reader = new StreamReader(decoded);
            Assert.That((string.Join(',', response.Content.Headers.ContentEncoding), await reader.ReadToEndAsync()), Is.EqualTo((encoding, plain)));
        }
    }

    [Test]
    public async Task The_first_page_weighs_little()
    {
        var total = 0L;
        foreach (var path in Asset().Matches(await IndexAsync()).Select(match => match.Value).Append("/admin/").Distinct())
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.AcceptEncoding.ParseAdd("br");
            using var response = await _client.SendAsync(request);
            total += (await response.Content.ReadAsByteArrayAsync()).Length;
        }
        await TestContext.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"first page without its font: {total} bytes"));
        Assert.That(total, Is.LessThan(80_000), "docs/admin-ui.md states the page's weight");
    }

    private Task<string> IndexAsync() => _client.GetStringAsync("/admin/");

    [GeneratedRegex("/admin/assets/[^\"]+")]
    private static partial Regex Asset();
}
