using System.Text;
using EdgeGw.Pipeline;
using EdgeGw.Pipeline.Accept;
using EdgeGw.Pipeline.Send;

namespace EdgeGw.Fuzz.Targets;

/// <summary>Headers that handlers set and that proxies send: the first line is a name, the rest a value. What is let pass cannot end a line; what is cached is what was given.</summary>
internal static class HeadersTarget
{
    private static readonly HeaderText s_texts = new();
    private static readonly TrustedProxies s_proxies = new(["10.0.0.0/8", "::1"]);

    internal static void Run(byte[] input)
    {
        var cut = Array.IndexOf(input, (byte)'\n');
        var (name, value) = cut < 0 ? (input, []) : (input[..cut], input[(cut + 1)..]);
        if (HeaderRules.IsName(name))
        {
            FuzzFindingException.ThrowUnless(!name.Any(b => b is <= 32 or >= 127 or (byte)':'), "a name that ends a line or itself");
            FuzzFindingException.ThrowUnless(s_texts.Get(name) == Encoding.Latin1.GetString(name), "another name than was given");
            _ = HeaderRules.IsReserved(s_texts.Get(name));
        }
        if (HeaderRules.IsValue(value))
        {
            FuzzFindingException.ThrowUnless(!value.Any(b => b is 0 or (byte)'\r' or (byte)'\n'), "a value that ends a line");
            FuzzFindingException.ThrowUnless(s_texts.Get(value) == Encoding.Latin1.GetString(value), "another value than was given");
        }
        var text = Encoding.Latin1.GetString(value);
        foreach (var (forwarded, legacy) in new[] { (text, null), (null, text), (text, (string?)text) })
        {
            var scheme = "http";
            var address = s_proxies.Resolve(System.Net.IPAddress.Parse("10.1.2.3"), forwarded, legacy, legacy, ref scheme);
            FuzzFindingException.ThrowUnless(address is not null && scheme is "http" or "https", "a scheme that is none");
        }
    }
}
