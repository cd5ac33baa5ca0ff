using System.Net.Http.Headers;

namespace EdgeGw.Services.Storage.S3;

/// <summary>The one place where requests to the server pass, the SDK's and the gateway's own: each is addressed as configured, signed, and its errors are thrown as <see cref="S3Exception"/>.
/// The SDK never has the secret, and what it makes of errors does not matter: <see cref="SdkCall"/> keeps what really happened.</summary>
internal sealed class S3Handler(HttpMessageHandler inner, S3Address address, S3Signer signer, TimeProvider time) : DelegatingHandler(inner)
{
    /// <summary>The body of a request of the gateway's own, so that it is hashed in place.</summary>
    public static readonly HttpRequestOptionsKey<ReadOnlyMemory<byte>> Body = new("body");

    /// <summary>Set by whoever calls the SDK.</summary>
    public static readonly AsyncLocal<SdkCall?> Sdk = new();

    private const string CopySource = "x-amz-copy-source";

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            if (!request.Options.TryGetValue(Body, out var body))
            {
                Readdress(request, Sdk.Value!);
                body = request.Content is null ? default : await request.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            }
            Sign(request, body);
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }
            using (response)
            {
                throw await S3Error.ReadAsync(response, IsForObject(request.RequestUri!), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (Sdk.Value is { } call)
        {
            call.Failure = e;
            throw;
        }
    }

    private void Readdress(HttpRequestMessage request, SdkCall call)
    {
        var sdk = request.RequestUri!;
        var key = sdk.AbsolutePath.EndsWith("/" + SdkCall.Object, StringComparison.Ordinal) ? call.Key
            : sdk.AbsolutePath.EndsWith("/" + SdkCall.Source, StringComparison.Ordinal) ? call.From
            : "";
        request.RequestUri = address.Of(key, sdk.Query.TrimStart('?'));
        if (request.Headers.NonValidated.Contains(CopySource))
        {
            Set(request.Headers, CopySource, $"/{address.Bucket}/{S3Address.Escape(call.From)}");
        }
    }

    private void Sign(HttpRequestMessage request, ReadOnlyMemory<byte> body)
    {
        var now = time.GetUtcNow();
        var hash = S3Signer.Hash(body.Span);
        var uri = request.RequestUri!;
        request.Headers.Host = uri.Authority;
        Set(request.Headers, "x-amz-date", S3Signer.Stamp(now));
        Set(request.Headers, "x-amz-content-sha256", hash);
        var signed = request.Headers.NonValidated.Where(header => header.Key.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString());
        signed["host"] = uri.Authority;
        Set(request.Headers, "Authorization", signer.Authorization(request.Method.Method, uri, signed, hash, now));
    }

    private bool IsForObject(Uri uri) => uri.AbsolutePath.Length > address.Of("").AbsolutePath.Length;

    private static void Set(HttpRequestHeaders headers, string name, string value)
    {
        headers.Remove(name);
        headers.TryAddWithoutValidation(name, value);
    }
}

/// <summary>One call of the SDK. It takes keys of 512 characters only and escapes some in its own way, so it gets a name that stands for the key.</summary>
/// <param name="key">The object.</param>
/// <param name="from">Where a copy comes from.</param>
internal sealed class SdkCall(string key = "", string from = "")
{
    /// <summary>Stands for <see cref="Key"/>.</summary>
    public const string Object = "object";

    /// <summary>Stands for <see cref="From"/>.</summary>
    public const string Source = "source";

    /// <summary>The object.</summary>
    public string Key => key;

    /// <summary>Where a copy comes from.</summary>
    public string From => from;

    /// <summary>What went wrong on the wire, last; null when nothing did.</summary>
    public Exception? Failure { get; set; }
}
