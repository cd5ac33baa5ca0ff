using System.Net.Sockets;
using EdgeGw.Control;
using EdgeGw.Control.Supervision;

namespace EdgeGw.Tests.Control;

/// <summary>Listening URLs, and the sockets they become.</summary>
public sealed class ListenAddressTests
{
    [TestCase("http://127.0.0.1:8080", "127.0.0.1", 8080)]
    [TestCase("https://[::1]:443", "[::1]", 443)]
    [TestCase("http://LOCALHOST:1", "localhost", 1)]
    [TestCase("http://*:0", "*", 0)]
    [TestCase("http://+:80", "*", 80)]
    [TestCase("http://0.0.0.0", "0.0.0.0", 80)]
    public void Urls_are_read(string url, string host, int port)
    {
        var address = ListenAddress.Parse(url, "--listen");
        Assert.That((address.Host, address.Port), Is.EqualTo((host, port)));
    }

    [TestCase("127.0.0.1:8080")]
    [TestCase("ftp://127.0.0.1")]
    [TestCase("http://example.com:80")]
    [TestCase("http://127.0.0.1:99999")]
    [TestCase("http://127.0.0.1:80/path")]
    [TestCase("http://unix:/tmp/x.sock")]
    [TestCase("")]
    public void Other_urls_are_refused_by_name(string url) =>
        Assert.That(() => ListenAddress.Parse(url, "--listen"), Throws.InstanceOf<ControlStartException>().With.Message.Contains($"'{url}'"));

    [Test]
    public void Port_0_becomes_a_real_port_the_same_for_every_socket_of_localhost()
    {
        using var sockets = ListenSockets.Bind([ListenAddress.Parse("http://localhost:0", "--listen")], "--listen");
        var port = new Uri(sockets.Urls[0]).Port;
        using var scope = Assert.EnterMultipleScope();
        Assert.That(port, Is.Positive);
        Assert.That(sockets.Sockets.Select(socket => new Uri(socket.Url).Port), Has.All.EqualTo(port));
        Assert.That(sockets.Sockets[0].Url, Is.EqualTo($"http://127.0.0.1:{port}"));
    }

    [Test]
    public void A_taken_port_is_one_sentence()
    {
        using var first = ListenSockets.Bind([ListenAddress.Parse("http://127.0.0.1:0", "--listen")], "--listen");
        var url = first.Urls[0];
        Assert.That(
            () => ListenSockets.Bind([ListenAddress.Parse(url, "--listen")], "--listen"),
            Throws.InstanceOf<ControlStartException>().With.Message.EqualTo($"Cannot listen on {url}: the port is taken by another program; stop that one, or choose another address with --listen."));
    }

    [Test]
    public void A_port_whose_last_connections_are_in_TIME_WAIT_can_be_bound_again()
    {
        string url;
        using (var first = ListenSockets.Bind([ListenAddress.Parse("http://127.0.0.1:0", "--listen")], "--listen"))
        {
            url = first.Urls[0];
            using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            client.Connect("127.0.0.1", new Uri(url).Port);
            using var accepted = first.Sockets[0].Socket.Accept();
            accepted.Shutdown(SocketShutdown.Both); // the side that closes first keeps the port in TIME_WAIT
            accepted.Close();
        }
        using var again = ListenSockets.Bind([ListenAddress.Parse(url, "--listen")], "--listen");
        Assert.That(again.Urls, Is.EqualTo((string[])[url]));
    }

    [TestCase("http://127.0.0.1:0", "http://127.0.0.1:4711", true)]
    [TestCase("http://127.0.0.1:4711", "http://127.0.0.1:4711", true)]
    [TestCase("http://127.0.0.1:4712", "http://127.0.0.1:4711", false)]
    [TestCase("https://127.0.0.1:4711", "http://127.0.0.1:4711", false)]
    [TestCase("http://*:4711", "http://127.0.0.1:4711", false)]
    [TestCase("http://*:4711", "http://*:4711", true)]
    [TestCase("http://localhost:0", "http://127.0.0.1:4711", true)]
    [TestCase("http://localhost:0", "http://127.0.0.1:4711 http://[::1]:4711", true)]
    [TestCase("http://localhost:0", "http://127.0.0.1:4711 http://[::1]:4712", false)]
    [TestCase("http://127.0.0.1:0", "http://127.0.0.1:4711 http://127.0.0.1:4712", false)]
    [TestCase("http://127.0.0.1:0 http://127.0.0.1:0", "http://127.0.0.1:4711", false)]
    public void Sockets_are_taken_over_only_when_they_are_what_is_configured(string configured, string held, bool match) =>
        Assert.That(ListenSockets.Match([.. configured.Split(' ').Select(url => ListenAddress.Parse(url, "--listen"))], held.Split(' ')) is not null, Is.EqualTo(match));
}
