using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using EdgeGw.Tests.Control;

namespace EdgeGw.Tests.Identity;

/// <summary>An upload arrives whole, or nothing has happened.</summary>
public sealed class UploadTests : OneControl
{
    [Test]
    public async Task A_library_that_is_what_its_digest_says_is_deployed()
    {
        using var library = RunningControl.Handler("whole", 1);
        var bytes = await library.ReadAsByteArrayAsync();
        library.Headers.TryAddWithoutValidation("Content-Digest", $"sha-512=:AAAA:, sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes))}:");
        Assert.That((await Control.DeployAsync(library)).Status, Is.EqualTo(201));
    }

    [Test]
    public async Task One_that_is_not_is_refused_and_not_kept()
    {
        var (epochs, artifacts) = (Control.Epochs(), Control.Artifacts());
        using var library = RunningControl.Handler("other", 1);
        library.Headers.TryAddWithoutValidation("Content-Digest", $"sha-256=:{Convert.ToBase64String(SHA256.HashData("another"u8))}:");
        var (status, body) = await Control.DeployAsync(library);
        Assert.That((status, body.GetProperty("title").GetString()), Is.EqualTo((422, "What has come is not what was sent: the body's SHA-256 is another one than Content-Digest says. Nothing was changed; send it again.")));
        Assert.That((Control.Epochs(), Control.Artifacts()), Is.EqualTo((epochs, artifacts)));
    }

    [TestCase("sha-256=x")]
    [TestCase("sha-256=::")]
    [TestCase("sha-256=:AAAA:")]
    [TestCase("sha-256=:!!!!:")]
    public async Task A_digest_that_is_none_is_400_or_another_algorithm_that_is_left_alone(string digest)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/rollbacks") { Content = new StringContent("{\"handler\":\"none\"}", Encoding.UTF8, "application/json") };
        request.Content.Headers.TryAddWithoutValidation("Content-Digest", digest);
        Assert.That((await Control.SendAsync(request)).Status, Is.EqualTo(digest == "sha-256=x" ? 404 : 400));
    }

    [Test]
    public async Task An_upload_that_breaks_off_leaves_nothing()
    {
        var (epochs, artifacts) = (Control.Epochs(), Control.Artifacts());
        var (uploads, url) = (Path.Combine(Control.State, "artifacts"), new Uri(Control.Host.AdminUrl!));
        var token = (await File.ReadAllTextAsync(Path.Combine(Control.State, "admin.token"))).Trim();
        using var library = RunningControl.Handler("half", 1);
        var bytes = await library.ReadAsByteArrayAsync();
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(url.Host, url.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"POST /api/v1/deployments HTTP/1.1\r\nHost: {url.Authority}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/octet-stream\r\nContent-Length: {bytes.Length}\r\n\r\n"));
            await client.GetStream().WriteAsync(bytes.AsMemory(0, bytes.Length - 1));
            await Eventually.TrueAsync(() => Directory.GetFiles(uploads, ".upload-*").Length == 1, "the upload has begun");
        }
        await Eventually.TrueAsync(() => Directory.GetFiles(uploads, ".upload-*").Length == 0, "nothing of it is left");
        Assert.That((Control.Epochs(), Control.Artifacts()), Is.EqualTo((epochs, artifacts)));
    }
}
