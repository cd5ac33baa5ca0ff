using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGw.Services.Storage.S3;

/// <summary>AWS Signature Version 4 of one access key for the service "s3". Any thread.</summary>
internal sealed class S3Signer(string accessKey, string secretKey, string region)
{
    /// <summary>The hash of a request without a body.</summary>
    public const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string UnsignedPayload = "UNSIGNED-PAYLOAD";

    /// <summary>A time as headers and URLs have it.</summary>
    public static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The value of <c>Authorization</c>.</summary>
    /// <param name="method">The verb.</param>
    /// <param name="uri">Its path and query as they are sent.</param>
    /// <param name="headers">What is signed beside: names in lower case, <c>host</c> and <c>x-amz-date</c> among them.</param>
    /// <param name="payloadHash">The body's SHA-256 in hexadecimal digits.</param>
    /// <param name="time">Now.</param>
    public string Authorization(string method, Uri uri, IReadOnlyDictionary<string, string> headers, string payloadHash, DateTimeOffset time)
    {
        var signed = SignedNames(headers);
        var signature = Sign(method, uri.AbsolutePath, CanonicalQuery(uri.Query), headers, payloadHash, time);
        return $"{Algorithm} Credential={accessKey}/{Scope(time)},SignedHeaders={signed},Signature={signature}";
    }

    /// <summary>A URL that anybody may use until its time is over.</summary>
    public string Presign(string method, Uri uri, TimeSpan life, DateTimeOffset time)
    {
        var headers = new Dictionary<string, string> { ["host"] = uri.Authority };
        var query = string.Create(CultureInfo.InvariantCulture,
            $"X-Amz-Algorithm={Algorithm}&X-Amz-Credential={Uri.EscapeDataString($"{accessKey}/{Scope(time)}")}&X-Amz-Date={Stamp(time)}&X-Amz-Expires={(long)life.TotalSeconds}&X-Amz-SignedHeaders=host");
        return $"{uri.GetLeftPart(UriPartial.Path)}?{query}&X-Amz-Signature={Sign(method, uri.AbsolutePath, query, headers, UnsignedPayload, time)}";
    }

    /// <summary>The SHA-256 of a body, in hexadecimal digits.</summary>
    public static string Hash(ReadOnlySpan<byte> body) => body.IsEmpty ? EmptyHash : Convert.ToHexStringLower(SHA256.HashData(body));

    private string Sign(string method, string path, string query, IReadOnlyDictionary<string, string> headers, string payloadHash, DateTimeOffset time)
    {
        var canonical = new StringBuilder().Append(method).Append('\n').Append(path).Append('\n').Append(query).Append('\n');
        foreach (var (name, value) in headers.OrderBy(header => header.Key, StringComparer.Ordinal))
        {
            canonical.Append(name).Append(':').Append(value.Trim()).Append('\n');
        }
        canonical.Append('\n').Append(SignedNames(headers)).Append('\n').Append(payloadHash);
        var text = $"{Algorithm}\n{Stamp(time)}\n{Scope(time)}\n{Hash(Encoding.UTF8.GetBytes(canonical.ToString()))}";
        var key = Mac(Mac(Mac(Mac(Encoding.UTF8.GetBytes("AWS4" + secretKey), Day(time)), region), "s3"), "aws4_request");
        return Convert.ToHexStringLower(Mac(key, text));
    }

    private string Scope(DateTimeOffset time) => $"{Day(time)}/{region}/s3/aws4_request";

    private static string Day(DateTimeOffset time) => Stamp(time)[..8];

    private static string SignedNames(IReadOnlyDictionary<string, string> headers) => string.Join(';', headers.Keys.Order(StringComparer.Ordinal));

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    // Sorted by name; a name without a value has "=" all the same.
    private static string CanonicalQuery(string query) =>
        string.Join('&', query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Contains('=', StringComparison.Ordinal) ? pair : pair + "=").Order(StringComparer.Ordinal));
}
