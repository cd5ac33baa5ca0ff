using System.Text;
using EdgeGw.Epochs;
using EdgeGw.Interop;

namespace EdgeGw.Http.Tests.Interop;

/// <summary>HTTP, for a request of the lab.</summary>
internal static class HttpOfExchange
{
    public static HttpOut Http(this LabExchange exchange, string name = "default") => new(exchange.Id, exchange.Find(ServiceKinds.Http, name));
}

/// <summary>The functions of <c>edgegw_http_v1</c> for one request.</summary>
internal sealed unsafe class HttpOut(ulong exchange, ulong service)
{
    private static AbiHttpV1* Table => (AbiHttpV1*)HttpTable.Pointer;

    public Task<Reply> Get(string url, uint timeout = 0, uint redirects = 0, params (string Name, string Value)[] headers) =>
        Send("GET", url, "", OutgoingBody.Whole, timeout, redirects, headers);

    public Task<Reply> Send(string method, string url, string body, params (string Name, string Value)[] headers) => Send(method, url, body, OutgoingBody.Whole, 0, 0, headers);

    public Task<Reply> Open(string method, string url, long length = OutgoingBody.Unknown, uint timeout = 0, uint redirects = 0, params (string Name, string Value)[] headers) =>
        Send(method, url, "", length, timeout, redirects, headers);

    public Task<Reply> Send(string method, string url, string body, long length, uint timeout, uint redirects, (string Name, string Value)[] headers)
    {
        using var texts = new Texts();
        var request = stackalloc AbiHttpRequest[1];
        *request = new AbiHttpRequest
        {
            Size = (uint)sizeof(AbiHttpRequest),
            HeaderCount = (uint)headers.Length,
            Method = texts.Add(method),
            Url = texts.Add(url),
            Headers = texts.AddHeaders(headers),
            Body = body.Length > 0 ? texts.Add(Encoding.Latin1.GetBytes(body)) : default,
            BodyLength = length,
            Timeout = timeout,
            MaxRedirects = redirects,
        };
        return Reply.Of((replied, state) => Table->Send(exchange, service, request, replied, state));
    }

    /// <summary>A request that says it is smaller than it is.</summary>
    public Task<Reply> SendTruncated()
    {
        var request = stackalloc AbiHttpRequest[1];
        request->Size = 8;
        return Reply.Of((replied, state) => Table->Send(exchange, service, request, replied, state));
    }

    public Task<Reply> Write(ulong open, byte[] bytes)
    {
        using var texts = new Texts();
        var b = texts.Add(bytes);
        return Reply.Of((replied, state) => Table->Write(exchange, open, b, replied, state));
    }

    public Task<Reply> Finish(ulong open) => Reply.Of((replied, state) => Table->Finish(exchange, open, replied, state));

    public Task<Reply> Read(ulong open) => Reply.Of((replied, state) => Table->Read(exchange, open, replied, state));

    public Task<Reply> Close(ulong open) => Reply.Of((replied, state) => Table->Close(exchange, open, replied, state));
}

/// <summary>Bodies to their end.</summary>
internal static class Bodies
{
    public static async Task<byte[]> Rest(this HttpOut http, Reply head)
    {
        Assert.That(head.Result, Is.EqualTo(AbiResult.Ok), head.ToString());
        using var whole = new MemoryStream();
        while (true)
        {
            var piece = await http.Read(head.Open);
            if (piece.Result == AbiResult.End)
            {
                return whole.ToArray();
            }
            Assert.That(piece.Result, Is.EqualTo(AbiResult.Ok), piece.ToString());
            whole.Write(piece.Blob());
        }
    }

    public static async Task<string> Text(this HttpOut http, Reply head) => Encoding.UTF8.GetString(await http.Rest(head));
}

/// <summary>What <c>body_length</c> means.</summary>
internal static class OutgoingBody
{
    public const long Whole = -2;
    public const long Unknown = -1;
}

/// <summary>A reply as the head of an answer.</summary>
internal static class Heads
{
    public static long Status(this Reply head)
    {
        Assert.That(head.Result, Is.EqualTo(AbiResult.Ok), head.ToString());
        return head.Number();
    }

    public static string[] Header(this Reply head, string name) =>
        [.. Enumerable.Range(0, (head.Values.Count - 1) / 2).Where(i => head.Text(1 + (2 * i)).Equals(name, StringComparison.OrdinalIgnoreCase)).Select(i => head.Text(2 + (2 * i)))];
}
