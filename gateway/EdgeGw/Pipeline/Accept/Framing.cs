using Microsoft.AspNetCore.Http.Features;

namespace EdgeGw.Pipeline.Accept;

/// <summary>Where a request's body ends must be said once and plainly: a proxy in front that reads it another way would take a part of one client's request for the beginning of another's
/// (RFC 9112, section 11.2).</summary>
internal static class Framing
{
    // Kestrel follows Transfer-Encoding when Content-Length is there too, and puts the latter's value here.
    private const string SetAside = "X-Content-Length";

    /// <summary>Whether the body's end is plain. Without Transfer-Encoding Kestrel has seen to that already.</summary>
    public static bool IsSound(IHttpRequestFeature request)
    {
        var coding = request.Headers.TransferEncoding;
        return coding.Count == 0
            || (coding.Count == 1 && "chunked".Equals(coding[0], StringComparison.OrdinalIgnoreCase) && !request.Headers.ContainsKey(SetAside) && request.Protocol == "HTTP/1.1");
    }
}
