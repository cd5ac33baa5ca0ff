using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;

namespace EdgeGw.Services.Storage.S3;

/// <summary>What the SDK's public surface does not have, or not in one request: reading as a stream, lists with a start and a delimiter, and multipart uploads step by step. Any thread.</summary>
internal sealed class S3Client(HttpClient http, S3Address address)
{
    private const string MetadataPrefix = "x-amz-meta-";

    /// <summary>Begins an answer with an object or a range of it; the stream is the caller's.</summary>
    public async Task<HttpResponseMessage> GetAsync(string key, long offset, long length, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Get, address.Of(key));
        if (offset > 0 || length > 0)
        {
            request.Headers.Range = new RangeHeaderValue(offset, length > 0 ? offset + length - 1 : null);
        }
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes an object in one request.</summary>
    public async Task<ObjectFacts> PutAsync(string key, ReadOnlyMemory<byte> body, ObjectHeader header, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Put, address.Of(key), body);
        Describe(request, header);
        using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return new ObjectFacts(key, body.Length, Micros(response.Headers.Date), Etag(response), header.ContentType, header.Metadata);
    }

    /// <summary>Begins a multipart upload; its id.</summary>
    public async Task<string> BeginAsync(string key, ObjectHeader header, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Post, address.Of(key, "uploads="), ReadOnlyMemory<byte>.Empty);
        Describe(request, header);
        using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return S3Xml.Text(await S3Xml.ReadAsync(response, cancellationToken).ConfigureAwait(false), "UploadId");
    }

    /// <summary>Sends a part; its ETag.</summary>
    public async Task<string> PartAsync(string key, string upload, int number, ReadOnlyMemory<byte> part, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Put, address.Of(key, string.Create(CultureInfo.InvariantCulture, $"partNumber={number}&uploadId={Uri.EscapeDataString(upload)}")), part);
        using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return response.Headers.NonValidated["ETag"].ToString();
    }

    /// <summary>Makes the parts an object; its ETag, and when that was.</summary>
    public async Task<(string Etag, long Modified)> CompleteAsync(string key, string upload, IReadOnlyList<string> etags, CancellationToken cancellationToken)
    {
        var parts = new XElement("CompleteMultipartUpload", etags.Select((etag, i) => new XElement("Part", new XElement("PartNumber", i + 1), new XElement("ETag", etag))));
        using var request = Request(HttpMethod.Post, address.Of(key, $"uploadId={Uri.EscapeDataString(upload)}"), Encoding.UTF8.GetBytes(parts.ToString(SaveOptions.DisableFormatting)));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        var result = await S3Xml.ReadAsync(response, cancellationToken).ConfigureAwait(false);
        return (S3Xml.Text(result, "ETag").Trim('"'), Micros(response.Headers.Date));
    }

    /// <summary>Discards an upload with its parts.</summary>
    public async Task AbortAsync(string key, string upload, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Delete, address.Of(key, $"uploadId={Uri.EscapeDataString(upload)}"));
        using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>One page of a list: what is on it, unordered, and how to go on; empty at the end.</summary>
    public async Task<(List<ObjectFacts> Rows, string Next)> ListAsync(string prefix, string delimiter, string after, string next, int limit, CancellationToken cancellationToken)
    {
        var query = new StringBuilder();
        Add(query, "continuation-token", next);
        Add(query, "delimiter", delimiter);
        query.Append("encoding-type=url&list-type=2").Append(CultureInfo.InvariantCulture, $"&max-keys={limit}&");
        Add(query, "prefix", prefix);
        Add(query, "start-after", next.Length == 0 ? after : "");
        using var request = Request(HttpMethod.Get, address.Of("", query.ToString().TrimEnd('&')));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        var page = await S3Xml.ReadAsync(response, cancellationToken).ConfigureAwait(false);
        List<ObjectFacts> rows =
        [
            .. S3Xml.Children(page, "Contents").Select(Row),
            .. S3Xml.Children(page, "CommonPrefixes").Select(common => ObjectFacts.Prefix(WebUtility.UrlDecode(S3Xml.Text(common, "Prefix")))),
        ];
        return (rows, S3Xml.Text(page, "IsTruncated") == "true" ? S3Xml.Text(page, "NextContinuationToken") : "");
    }

    /// <summary>The facts in the head of an answer with an object.</summary>
    public static ObjectFacts Facts(string key, HttpResponseMessage response) => new(
        key,
        response.Content.Headers.ContentRange?.Length ?? response.Content.Headers.ContentLength ?? throw new IOException("The answer has no length."),
        Micros(response.Content.Headers.LastModified),
        Etag(response),
        response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type) ? type.ToString() : null,
        [.. response.Headers.NonValidated.Where(header => header.Key.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase))
            .Select(header => KeyValuePair.Create(header.Key[MetadataPrefix.Length..].ToLowerInvariant(), MetadataText.Decode(header.Value.ToString())))]);

    /// <summary>Microseconds since the Unix epoch.</summary>
    public static long Micros(DateTimeOffset? time) => time is { } known ? known.ToUnixTimeMilliseconds() * 1000 : 0;

    private static ObjectFacts Row(XElement entry) => new(
        WebUtility.UrlDecode(S3Xml.Text(entry, "Key")),
        long.Parse(S3Xml.Text(entry, "Size"), CultureInfo.InvariantCulture),
        Micros(DateTimeOffset.Parse(S3Xml.Text(entry, "LastModified"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)),
        S3Xml.Text(entry, "ETag").Trim('"'),
        null,
        []);

    private static string Etag(HttpResponseMessage response) => response.Headers.NonValidated.TryGetValues("ETag", out var etag) ? etag.ToString().Trim('"') : "";

    private static void Add(StringBuilder query, string name, string value)
    {
        if (value.Length > 0)
        {
            query.Append(name).Append('=').Append(Uri.EscapeDataString(value)).Append('&');
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, Uri uri, ReadOnlyMemory<byte>? body = null)
    {
        var request = new HttpRequestMessage(method, uri) { Content = body is { } bytes ? new ReadOnlyMemoryContent(bytes) : null };
        request.Options.Set(S3Handler.Body, body ?? default);
        return request;
    }

    private static void Describe(HttpRequestMessage request, ObjectHeader header)
    {
        request.Content!.Headers.TryAddWithoutValidation("Content-Type", header.ContentType);
        foreach (var (name, value) in header.Metadata)
        {
            request.Headers.TryAddWithoutValidation(MetadataPrefix + name, MetadataText.Encode(value));
        }
    }
}
