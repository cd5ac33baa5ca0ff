using System.Net;
using EdgeGw.Abi;
using EdgeGw.Epochs;
using Minio;
using Minio.DataModel.Args;

namespace EdgeGw.Services.Storage.S3;

/// <summary>A bucket of S3, MinIO or another server that speaks S3. The Minio SDK does what it does in one request; <see cref="S3Client"/> the rest. Both go through
/// <see cref="S3Handler"/>, over the same connections.</summary>
internal sealed class S3Storage : IStorageBackend
{
    // The SDK cuts what is larger into parts, and leaves them on the server when that fails.
    private const int MostBytesBySdk = 5 << 20;

    private readonly S3Address _address;
    private readonly S3Signer _signer;
    private readonly S3Parts _parts;
    private readonly HttpClient _http;
    private readonly MinioClient _sdk = new();
    private readonly S3Client _client;
    private readonly TimeProvider _time;
    private readonly OpenStreams _streams = new();

    private S3Storage(ServiceSettings settings, TimeSpan timeout, TimeProvider time)
    {
        _time = time;
        MaxPieceBytes = (int)settings.Number("maxPieceBytes");
        _parts = new S3Parts((int)settings.Number("partBytes"), (int)settings.Number("partsInFlight"), timeout);
        _address = new S3Address(settings.Text("endpoint"), settings.Text("bucket"), settings.Flag("tls"), settings.Flag("pathStyle"));
        _signer = new S3Signer(settings.Text("accessKey"), settings.Text("secretKey"), settings.Text("region"));
        // Calls end by their own deadline.
        _http = new HttpClient(new S3Handler(S3Connection.Create(settings.Trust("caFile")), _address, _signer, time)) { Timeout = Timeout.InfiniteTimeSpan };
        _client = new S3Client(_http, _address);
        // The handler signs: the SDK wants a key, and gets none that is worth anything. A region spares it a request.
        _sdk.WithEndpoint(_address.Endpoint).WithCredentials("handler", "signs").WithRegion(settings.Text("region")).WithSSL(settings.Flag("tls")).WithHttpClient(_http).Build();
    }

    /// <inheritdoc/>
    public bool IsImmediate => false;

    /// <inheritdoc/>
    public bool Blocks => false;

    /// <inheritdoc/>
    public int MaxPieceBytes { get; }

    /// <summary>Makes one from its settings; it does not connect yet.</summary>
    public static S3Storage Create(EpochService config, string stateDirectory, TimeProvider time) =>
        new(new ServiceSettings(config, stateDirectory), TimeSpan.FromMilliseconds(config.TimeoutMs), time);

    /// <inheritdoc/>
    public async ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        if (!await SdkAsync(new SdkCall(), sdk => sdk.BucketExistsAsync(new BucketExistsArgs().WithBucket(_address.Bucket), cancellationToken)).ConfigureAwait(false))
        {
            throw new S3Exception(HttpStatusCode.NotFound, S3Error.NoSuchBucket);
        }
    }

    /// <inheritdoc/>
    public ServiceFault Classify(Exception exception) => S3Error.Of(exception, _address.Bucket);

    /// <inheritdoc/>
    public async ValueTask PutAsync(string key, ReadOnlyMemory<byte> body, ObjectHeader header, CancellationToken cancellationToken)
    {
        if (body.Length is 0 or >= MostBytesBySdk)
        {
            await _client.PutAsync(key, body, header, cancellationToken).ConfigureAwait(false);
            return;
        }
        using var content = new MemoryStream(body.ToArray(), writable: false);
        await SdkAsync(new SdkCall(key), sdk => sdk.PutObjectAsync(
            new PutObjectArgs().WithBucket(_address.Bucket).WithObject(SdkCall.Object).WithStreamData(content).WithObjectSize(body.Length).WithContentType(header.ContentType)
                .WithHeaders(header.Metadata.ToDictionary(pair => pair.Key, pair => MetadataText.Encode(pair.Value))),
            cancellationToken)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<ObjectUpload> OpenWriteAsync(string key, long length, ObjectHeader header, CancellationToken cancellationToken)
    {
        // Larger parts would make room for it, but a client's announcement must not decide on this process's memory.
        if (length > (long)_parts.Bytes * S3Upload.MostParts)
        {
            throw S3Upload.TooLarge(_parts);
        }
        _streams.Enter();
        return ValueTask.FromResult<ObjectUpload>(new S3Upload(_client, key, length, header, _parts, _streams));
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectDownload?> OpenReadAsync(string key, long offset, long length, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await _client.GetAsync(key, offset, length, cancellationToken).ConfigureAwait(false);
        }
        catch (S3Exception e) when (e.IsNoSuchKey)
        {
            return null;
        }
        catch (S3Exception e) when (e.Status == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // The server's answer to a range that begins at the end as well, which is an empty one here.
            return await StatAsync(key, cancellationToken).ConfigureAwait(false) is { } facts
                ? Open(new HttpResponseMessage(), Stream.Null, facts, ObjectDownload.LengthOf(facts.Size, offset, length))
                : null;
        }
        try
        {
            var facts = S3Client.Facts(key, response);
            if (offset > 0 && response.StatusCode != HttpStatusCode.PartialContent)
            {
                throw new ServiceException(AbiResult.Unsupported, "This storage does not read parts of objects.");
            }
            return Open(response, await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), facts, ObjectDownload.LengthOf(facts.Size, offset, length));
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectFacts?> StatAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            var stat = await SdkAsync(new SdkCall(key), sdk => sdk.StatObjectAsync(new StatObjectArgs().WithBucket(_address.Bucket).WithObject(SdkCall.Object), cancellationToken)).ConfigureAwait(false);
            return new ObjectFacts(key, stat.Size, S3Client.Micros(new DateTimeOffset(stat.LastModified.ToUniversalTime(), TimeSpan.Zero)), stat.ETag.Trim('"'), stat.ContentType,
                [.. stat.MetaData.Where(pair => IsMetadata(pair.Key)).Select(pair => KeyValuePair.Create(pair.Key.ToLowerInvariant(), MetadataText.Decode(pair.Value)))]);
        }
        catch (S3Exception e) when (e.IsNoSuchKey)
        {
            // The head of an answer does not tell an absent object from an absent bucket.
            await CheckAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ObjectFacts>> ListAsync(string prefix, string delimiter, string after, int limit, CancellationToken cancellationToken) =>
        new S3List(_client, prefix, delimiter, after, limit).ReadAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            await SdkAsync(new SdkCall(key), sdk => sdk.RemoveObjectAsync(new RemoveObjectArgs().WithBucket(_address.Bucket).WithObject(SdkCall.Object), cancellationToken)).ConfigureAwait(false);
        }
        catch (S3Exception e) when (e.IsNoSuchKey)
        {
            // there was none
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        try
        {
            await SdkAsync(new SdkCall(to, from), sdk => sdk.CopyObjectAsync(
                new CopyObjectArgs().WithBucket(_address.Bucket).WithObject(SdkCall.Object).WithCopyObjectSource(new CopySourceObjectArgs().WithBucket(_address.Bucket).WithObject(SdkCall.Source)),
                cancellationToken)).ConfigureAwait(false);
            return true;
        }
        catch (S3Exception e) when (e.IsNoSuchKey)
        {
            await CheckAsync(cancellationToken).ConfigureAwait(false);
            return false;
        }
    }

    /// <inheritdoc/>
    public ValueTask<string> PresignAsync(AbiPresign method, string key, TimeSpan life, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_signer.Presign(method == AbiPresign.Put ? "PUT" : "GET", _address.Of(key), life, _time.GetUtcNow()));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _streams.DrainAsync().ConfigureAwait(false);
        _sdk.Dispose();
        _http.Dispose();
    }

    private S3Download Open(HttpResponseMessage response, Stream content, ObjectFacts facts, long remaining)
    {
        _streams.Enter();
        return new S3Download(response, content, facts, remaining, _streams);
    }

    // The SDK turns some failures into other exceptions, some into none, and loses codes: what happened on the wire counts.
    private async Task<T> SdkAsync<T>(SdkCall call, Func<MinioClient, Task<T>> run)
    {
        S3Handler.Sdk.Value = call;
        try
        {
            var result = await run(_sdk).ConfigureAwait(false);
            return call.Failure is null ? result : throw call.Failure;
        }
        catch (Exception e) when (call.Failure is { } failure && !ReferenceEquals(e, failure))
        {
            throw failure;
        }
    }

    private Task<bool> SdkAsync(SdkCall call, Func<MinioClient, Task> run) => SdkAsync<bool>(call, async sdk =>
    {
        await run(sdk).ConfigureAwait(false);
        return true;
    });

    private static bool IsMetadata(string name) => !name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase);
}
