using System.Net.Http.Headers;

namespace EdgeGw.Services.Storage.S3;

/// <summary>The one place where requests to the server pass, the SDK's and the gateway's own: each is addressed as configured, signed, and its errors are thrown as <see cref="S3Exception"/>.
/// The SDK never has the secret, and what it makes of errors does not matter: <see cref="Failure"/> keeps what really happened.</summary>
internal sealed class S3Handler(HttpMessageHandler inner, S3Address address, S3Signer signer, TimeProvider time) : DelegatingHandler(inner)
{
    /// <summary>The body of a request of the gateway's own, so that it is hashed in place.</summary>
    public static readonly HttpRequestOptionsKey<ReadOnlyMemory<byte>> Body = new("body");

    /// <summary>Set by whoever calls the SDK; takes the last request's failure.</summary>
    public static readonly AsyncLocal<Failure?> Watched = new();

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var isOwn = request.Options.TryGetValue(Body, out var body);
            if (!isOwn)
            {
                request.RequestUri = address.Of(request.RequestUri!);
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
        catch (Exception e) when (Watched.Value is { } failure)
        {
            failure.Exception = e;
            throw;
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

/// <summary>What went wrong on the wire during one call of the SDK.</summary>
internal sealed class Failure
{
    /// <summary>The last one; null when nothing did.</summary>
    public Exception? Exception { get; set; }
}
