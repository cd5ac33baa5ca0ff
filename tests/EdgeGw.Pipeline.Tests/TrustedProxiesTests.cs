using System.Net;
using CsCheck;
using EdgeGw.Pipeline.Accept;

namespace EdgeGw.Pipeline.Tests;

internal sealed class TrustedProxiesTests
{
    private static readonly TrustedProxies s_proxies = new(["10.0.0.0/8", "192.168.1.1", "fd00::/8"]);

    [TestCase("203.0.113.9", null, "198.51.100.1", null, "203.0.113.9", "http", TestName = "Headers from an untrusted peer are ignored")]
    [TestCase("10.1.2.3", null, "198.51.100.1", "https", "198.51.100.1", "https", TestName = "A trusted peer's header is believed")]
    [TestCase("10.1.2.3", null, "1.2.3.4, 198.51.100.1, 192.168.1.1", null, "198.51.100.1", "http", TestName = "The list is read from its end and only through trusted proxies")]
    [TestCase("10.1.2.3", null, "evil, 198.51.100.1", null, "198.51.100.1", "http", TestName = "What lies beyond the first untrusted address does not matter")]
    [TestCase("10.1.2.3", null, "not an address", null, "10.1.2.3", "http", TestName = "Nonsense leaves the peer")]
    [TestCase("10.1.2.3", "for=198.51.100.1;proto=https", "1.1.1.1", null, "198.51.100.1", "https", TestName = "Forwarded comes before the X-Forwarded headers")]
    [TestCase("10.1.2.3", "for=\"[2001:db8::1]:4711\"", null, null, "2001:db8::1", "http", TestName = "An IPv6 node has brackets and perhaps a port")]
    [TestCase("10.1.2.3", "for=198.51.100.1:80, for=10.0.0.7", null, null, "198.51.100.1", "http", TestName = "Forwarded goes through a chain of proxies")]
    [TestCase("10.1.2.3", "for=_hidden;proto=https", null, null, "10.1.2.3", "https", TestName = "An obfuscated node names nobody")]
    [TestCase("fd00::1", null, "198.51.100.1", null, "198.51.100.1", "http", TestName = "IPv6 proxies are trusted by network")]
    [TestCase("10.1.2.3", null, "1", null, "10.1.2.3", "http", TestName = "A bare number is not an IPv4 address here")]
    public void The_client_is(string peer, string? forwarded, string? forwardedFor, string? proto, string client, string scheme)
    {
        var seen = "http";
        var address = s_proxies.Resolve(IPAddress.Parse(peer), forwarded, forwardedFor, proto, ref seen);
        Assert.That((address.ToString(), seen), Is.EqualTo((client, scheme)));
    }

    [Test]
    public void Whatever_the_headers_hold_nothing_throws_and_the_scheme_is_one_of_two() =>
        Gen.Select(Gen.String[Gen.Char[",;=\"[]:.1forp _"], 0, 40], Gen.String[0, 30], Gen.String[0, 10]).Sample((forwarded, list, proto) =>
        {
            var scheme = "http";
            s_proxies.Resolve(IPAddress.Parse("10.0.0.1"), forwarded, list, proto, ref scheme);
            s_proxies.Resolve(IPAddress.Parse("10.0.0.1"), null, list, proto, ref scheme);
            return scheme is "http" or "https";
        });
}
