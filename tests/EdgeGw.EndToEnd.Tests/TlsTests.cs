using System.Net.Security;
using System.Net.Sockets;

namespace EdgeGw.EndToEnd.Tests;

/// <summary>TLS with certificates from PEM files.</summary>
public sealed class TlsTests
{
    [Test]
    public async Task TLS_serves_HTTP1_and_HTTP2_and_takes_up_a_new_certificate()
    {
        using var folder = new TemporaryFolder();
        Certificates.Write(folder["cert.pem"], folder["key.pem"], "first");
        await using var gateway = await Gateway.StartAsync(new()
        {
            Listen = ["https://127.0.0.1:0"],
            Arguments = ["--set", $"Tls:Certificate={folder["cert.pem"]}", "--set", $"Tls:Key={folder["key.pem"]}"],
        });
        await gateway.DeployAsync(Repository.Fixture("dump"));
        using var http1 = Http.Http11(gateway.Address);
        using var http2 = Http.Http2(gateway.Address);
        foreach (var (client, protocol) in new[] { (http1, "HTTP/1.1"), (http2, "HTTP/2") })
        {
            using var response = await client.GetAsync("/dump/x");
            var seen = await Dumped.FromAsync(response);
            Assert.That((seen["protocol"], seen["scheme"], seen.Raw("flags")), Is.EqualTo((protocol, "https", "2")));
        }

        Assert.That(await SubjectAsync(gateway.Address), Is.EqualTo("CN=first"));
        Certificates.Write(folder["cert.pem"], folder["key.pem"], "second");
        await Eventually.TrueAsync(async () => await SubjectAsync(gateway.Address) == "CN=second", () => "new connections see the new certificate");
    }

    private static async Task<string> SubjectAsync(Uri address)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port);
        using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, _, _, errors) => errors is SslPolicyErrors.None or SslPolicyErrors.RemoteCertificateChainErrors);
        await tls.AuthenticateAsClientAsync(address.Host);
        return tls.RemoteCertificate!.Subject;
    }
}
