using System.Text;
using CsCheck;
using EdgeGw.Pipeline.Send;

namespace EdgeGw.Pipeline.Tests;

internal sealed class HeaderTests
{
    [Test]
    public void The_cache_gives_the_bytes_back_whatever_it_has_seen_before()
    {
        var cache = new HeaderText();
        Gen.Byte.Array[0, 200].Sample(bytes => cache.Get(bytes) == Encoding.Latin1.GetString(bytes), iter: 20_000, threads: 2);
    }

    [Test]
    public void A_text_seen_before_is_the_same_object()
    {
        var cache = new HeaderText();
        var first = cache.Get("application/json"u8);
        Assert.That(cache.Get("application/json"u8), Is.SameAs(first));
    }

    [TestCase("X-Ok", "value", true)]
    [TestCase("x!#$%&'*+-.^_`|~9", "", true)]
    [TestCase("X-Tab", "a\tb", true)]
    [TestCase("X-High", "\u00e9", true)]
    [TestCase("", "v", false)]
    [TestCase("X Space", "v", false)]
    [TestCase("X:", "v", false)]
    [TestCase("X-Break", "a\r\nSet-Cookie: b", false)]
    [TestCase("X-Nul", "a\0b", false)]
    [TestCase("X-Pad", " a", false)]
    [TestCase("X-Pad", "a ", false)]
    public void Names_are_tokens_and_values_cannot_break_the_line(string name, string value, bool allowed) =>
        Assert.That(HeaderRules.IsName(Encoding.Latin1.GetBytes(name)) && HeaderRules.IsValue(Encoding.Latin1.GetBytes(value)), Is.EqualTo(allowed));

    [TestCase("connection")]
    [TestCase("Transfer-Encoding")]
    [TestCase("UPGRADE")]
    [TestCase("te")]
    [TestCase("Keep-Alive")]
    public void What_belongs_to_the_connection_is_the_gateways_own(string name) => Assert.That(HeaderRules.IsReserved(name), Is.True);
}
