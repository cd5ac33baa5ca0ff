using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGw.Control;
using EdgeGw.Tests.Control;

namespace EdgeGw.Tests.Identity;

/// <summary>The Admin API over TLS, and by a name of its own.</summary>
public sealed class TlsTests
{
    [Test]
    public async Task The_Admin_API_is_served_over_https_by_its_name_and_its_cookie_goes_over_nothing_else()
    {
        using var folder = new TestFolder();
        Write(folder, "first");
        await using var control = await RunningControl.StartAsync(settings =>
        {
            (settings.Admin, settings.Tls.Certificate, settings.Tls.Key) = ("https://127.0.0.1:0", folder["cert.pem"], folder["key.pem"]);
            settings.Identity.Hosts = ["gateway.example.com"];
        });
        var subject = "";
        using var client = new HttpClient(new SocketsHttpHandler
        {
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.Zero, // a handshake each
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => (subject = certificate!.Subject).Length > 0 },
        });
        using var setUp = new HttpRequestMessage(HttpMethod.Post, control.Host.AdminUrl + "/api/v1/setup")
        {
            Content = new StringContent($$"""{"token":"{{Browser.Token(control)}}","user":"ada","password":"{{Browser.Password}}"}""", System.Text.Encoding.UTF8, "application/json"),
        };
        var port = new Uri(control.Host.AdminUrl!).Port;
        setUp.Headers.Host = $"gateway.example.com:{port}";
        setUp.Headers.Add("Origin", $"https://gateway.example.com:{port}");
        using var made = await client.SendAsync(setUp);
        Assert.That((int)made.StatusCode, Is.EqualTo(201), await made.Content.ReadAsStringAsync());
        Assert.That(made.Headers.GetValues("Set-Cookie").Single(), Does.Contain("; secure"));
        Assert.That(subject, Is.EqualTo("CN=first"));

        Write(folder, "second");
        await Eventually.TrueAsync(async () => (await client.GetAsync(control.Host.AdminUrl + "/healthz")).IsSuccessStatusCode && subject == "CN=second", "the new certificate is in use");
    }

    [Test]
    public void Without_a_certificate_nothing_is_started() =>
        Assert.That(async () => await RunningControl.StartAsync(settings => settings.Admin = "https://127.0.0.1:0"),
            Throws.InstanceOf<ControlStartException>().With.Message.EqualTo("https://127.0.0.1:0 needs a certificate: set Tls:Certificate and Tls:Key to PEM files."));

    private static void Write(TestFolder folder, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        File.WriteAllText(folder["key.pem"], key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(folder["cert.pem"], certificate.ExportCertificatePem());
    }
}
