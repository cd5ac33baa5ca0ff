using System.Net;
using System.Net.Http.Headers;
using EdgeGw.Epochs;
using EdgeGw.Services.Storage.Directory;
using EdgeGw.Storage.Tests.Interop;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EdgeGw.Storage.Tests;

/// <summary>URLs of the embedded storage, against a real Kestrel.</summary>
[TestFixture]
internal sealed class PresignedObjectTests
{
    private readonly TemporaryFolder _state = new();
    private readonly HttpClient _http = new();
    private Lab _lab = null!;
    private LabExchange _exchange = null!;
    private KestrelServer _server = null!;
    private string _address = "";

    [OneTimeSetUp]
    public async Task Begin()
    {
        _lab = new Lab(_state.Root, new EpochService { Kind = ServiceKinds.Storage, Name = "files", Provider = "directory" });
        _exchange = _lab.Begin();
        _server = new KestrelServer(Options.Create(new KestrelServerOptions()), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance), NullLoggerFactory.Instance);
        _server.Options.Listen(IPAddress.Loopback, 0);
        await _server.StartAsync(new Application(new PresignedObjects(_lab.Context.Services)), CancellationToken.None);
        _address = _server.Features.Get<IServerAddressesFeature>()!.Addresses.Single();
    }

    [OneTimeTearDown]
    public async Task End()
    {
        await _server.StopAsync(CancellationToken.None);
        _server.Dispose();
        _http.Dispose();
        _exchange.Dispose();
        await _lab.DisposeAsync();
        _state.Dispose();
    }

    [Test]
    public async Task An_object_goes_up_and_down_by_URL()
    {
        var body = new byte[3_000_000];
        Random.Shared.NextBytes(body);
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new("image/png") } };
        using var put = await _http.PutAsync(await UrlAsync(AbiPresign.Put, "a/ö b.png"), content);
        Assert.That(put.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        using var got = await _http.GetAsync(await UrlAsync(AbiPresign.Get, "a/ö b.png"));
        Assert.That(await got.Content.ReadAsByteArrayAsync(), Is.EqualTo(body));
        Assert.That(got.Content.Headers.ContentType!.MediaType, Is.EqualTo("image/png"));
        Assert.That(got.Headers.ETag, Is.EqualTo(put.Headers.ETag));
        Assert.That((await _exchange.Storage().Stat("a/ö b.png")).Number((int)AbiObject.Size), Is.EqualTo(body.Length));
    }

    [TestCase("bytes=2-4", HttpStatusCode.PartialContent, "234")]
    [TestCase("bytes=8-", HttpStatusCode.PartialContent, "89")]
    [TestCase("bytes=-3", HttpStatusCode.PartialContent, "789")]
    [TestCase("bytes=0-100", HttpStatusCode.OK, "0123456789")]
    public async Task A_range_is_answered(string range, HttpStatusCode status, string expected)
    {
        await _exchange.Storage().Put("digits", "0123456789"u8.ToArray());
        using var request = new HttpRequestMessage(HttpMethod.Get, await UrlAsync(AbiPresign.Get, "digits")) { Headers = { Range = RangeHeaderValue.Parse(range) } };
        using var got = await _http.SendAsync(request);
        Assert.That((got.StatusCode, await got.Content.ReadAsStringAsync()), Is.EqualTo((status, expected)));
    }

    [Test]
    public async Task A_range_that_is_not_there_is_416()
    {
        await _exchange.Storage().Put("digits", "0123456789"u8.ToArray());
        using var request = new HttpRequestMessage(HttpMethod.Get, await UrlAsync(AbiPresign.Get, "digits")) { Headers = { Range = new(10, 20) } };
        using var got = await _http.SendAsync(request);
        Assert.That(got.StatusCode, Is.EqualTo(HttpStatusCode.RequestedRangeNotSatisfiable));
    }

    [Test]
    public async Task A_URL_that_was_changed_in_any_part_is_refused()
    {
        await _exchange.Storage().Put("mine", [1]);
        await _exchange.Storage().Put("other", [1]);
        var url = await UrlAsync(AbiPresign.Get, "mine");
        string[] changed =
        [
            url.Replace("/mine?", "/other?", StringComparison.Ordinal),
            url.Replace("method=GET", "method=PUT", StringComparison.Ordinal),
            url.Replace("expires=", "expires=9", StringComparison.Ordinal),
            url[..^1] + (url[^1] == '0' ? '1' : '0'),
            url.Replace("/files/", "/nothing/", StringComparison.Ordinal),
            url[..url.IndexOf('?', StringComparison.Ordinal)],
        ];
        foreach (var wrong in changed)
        {
            using var got = await _http.GetAsync(wrong);
            Assert.That(got.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), wrong);
        }
        using var written = await _http.PutAsync(url, new ByteArrayContent([2]));
        Assert.That(written.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), "a GET does not write");
    }

    [Test]
    public async Task A_URL_ends_with_its_time()
    {
        await _exchange.Storage().Put("k", [1]);
        var urls = ((DirectoryStorage)_lab.Actor(ServiceKinds.Storage, "files").Backend).Presigned;
        using var late = await _http.GetAsync(_address + urls.Make(AbiPresign.Get, "k", TimeProvider.System.GetUtcNow().AddSeconds(-1)));
        Assert.That(late.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task The_key_is_for_the_gateways_user_alone()
    {
        await UrlAsync(AbiPresign.Get, "k");
        Assert.That(File.GetUnixFileMode(_state["storage-presign.key"]), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public async Task An_object_that_is_not_there_is_404()
    {
        using var got = await _http.GetAsync(await UrlAsync(AbiPresign.Get, "no/such"));
        Assert.That(got.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    private async Task<string> UrlAsync(AbiPresign method, string key) => _address + (await _exchange.Storage().Presign(method, key, 60)).Text(0);

    private sealed class Application(PresignedObjects objects) : IHttpApplication<IFeatureCollection>
    {
        public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

        public void DisposeContext(IFeatureCollection context, Exception? exception)
        {
        }

        public Task ProcessRequestAsync(IFeatureCollection context)
        {
            Assert.That(PresignedObjects.IsFor(context.Get<IHttpRequestFeature>()!.RawTarget), Is.True);
            return objects.ServeAsync(context);
        }
    }
}
