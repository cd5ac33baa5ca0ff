using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>Texts that every worker hands out again and again, converted once.</summary>
internal static class KnownTexts
{
    private static readonly (string Text, AbiText Native)[] s_methods =
        [.. new[] { "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT" }.Select(m => (m, NativeText.Immortal(m)))];

    private static readonly AbiText s_http = NativeText.Immortal("http");
    private static readonly AbiText s_https = NativeText.Immortal("https");
    private static readonly AbiText s_http10 = NativeText.Immortal("HTTP/1.0");
    private static readonly AbiText s_http11 = NativeText.Immortal("HTTP/1.1");
    private static readonly AbiText s_http2 = NativeText.Immortal("HTTP/2");
    private static readonly AbiText s_http3 = NativeText.Immortal("HTTP/3");

    /// <summary>A method of RFC 9110, or PATCH.</summary>
    public static bool TryGetMethod(string method, out AbiText text)
    {
        foreach (var (known, native) in s_methods)
        {
            if (ReferenceEquals(known, method) || known == method)
            {
                text = native;
                return true;
            }
        }
        text = default;
        return false;
    }

    /// <summary>A scheme.</summary>
    public static AbiText Scheme(string scheme) => scheme == "https" ? s_https : s_http;

    /// <summary>A protocol by Kestrel's name for it.</summary>
    public static AbiText Protocol(string protocol) => protocol switch
    {
        "HTTP/1.0" => s_http10,
        "HTTP/1.1" => s_http11,
        "HTTP/3" => s_http3,
        _ => s_http2,
    };
}
