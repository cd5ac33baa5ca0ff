using System.Globalization;
using System.Net;
using System.Security.Authentication;
using System.Xml;
using System.Xml.Linq;
using EdgeGw.Abi;

namespace EdgeGw.Services.Storage.S3;

/// <summary>The server's answer is an error.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="code">The S3 error code; made from the status where the answer has none (HEAD).</param>
internal sealed class S3Exception(HttpStatusCode status, string code) : Exception($"S3 answered {(int)status} {code}")
{
    /// <summary>The S3 error code.</summary>
    public string Code { get; } = code;

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; } = status;

    /// <summary>Whether there is no such object.</summary>
    public bool IsNoSuchKey => Code == S3Error.NoSuchKey;
}

/// <summary>What errors of the server and of the way to it mean to a handler. The sentences are the gateway's own: a server's text may repeat what was signed.</summary>
internal static class S3Error
{
    /// <summary>There is no such object.</summary>
    public const string NoSuchKey = "NoSuchKey";

    /// <summary>There is no such bucket.</summary>
    public const string NoSuchBucket = "NoSuchBucket";

    private const int MostBytes = 64 * 1024;
    private const int LongestCode = 64;

    /// <summary>Reads an error answer.</summary>
    public static async Task<S3Exception> ReadAsync(HttpResponseMessage response, bool isForObject, CancellationToken cancellationToken)
    {
        var code = "";
        try
        {
            using var content = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var text = new byte[MostBytes];
            var length = await content.ReadAtLeastAsync(text, MostBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            using var reader = XmlReader.Create(new MemoryStream(text, 0, length), S3Xml.Settings);
            code = CodeOf(XDocument.Load(reader)) ?? "";
        }
        catch (Exception e) when (e is XmlException or IOException or HttpRequestException)
        {
            // no XML: the status has to do
        }
        return new S3Exception(response.StatusCode, code.Length > 0 ? code : FromStatus(response.StatusCode, isForObject));
    }

    /// <summary>The code in an error document; null when it is none.</summary>
    public static string? CodeOf(XDocument document) =>
        document.Root is { Name.LocalName: "Error" } error && S3Xml.Text(error, "Code") is { Length: > 0 and < LongestCode } code && code.All(char.IsAsciiLetterOrDigit) ? code : null;

    /// <summary>What a handler is told.</summary>
    public static ServiceFault Of(Exception exception, string bucket) => exception switch
    {
        S3Exception error => Of(error, bucket),
        HttpRequestException { InnerException: AuthenticationException } => new(AbiResult.Unavailable,
            "The storage's TLS handshake failed: its certificate is not trusted or is for another host, or it does not speak TLS (settings tls, caFile, endpoint).", "TLS", BackendDown: true),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => new(AbiResult.Unavailable, "The storage's host name could not be resolved (setting endpoint).", "", BackendDown: true),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => new(AbiResult.Unavailable, "The storage could not be reached: nothing takes connections at its endpoint.", "", BackendDown: true),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => new(AbiResult.Unavailable, "What answers at the storage's endpoint does not speak HTTP, or only over TLS (setting tls).", "", BackendDown: true),
        HttpRequestException or IOException => new(AbiResult.Unavailable, "The connection to the storage was lost during the call; what it did is not known.", "", BackendDown: true),
        OperationCanceledException => new(AbiResult.Cancelled, "The call was given up."),
        XmlException => new(AbiResult.IoError, "The storage's answer is not what S3 answers (setting endpoint)."),
        _ => new(AbiResult.Internal, $"The storage's client failed: {exception.GetType().Name}."),
    };

    private static ServiceFault Of(S3Exception error, string bucket) => error.Code switch
    {
        NoSuchBucket => new(AbiResult.Unavailable, $"The storage has no bucket '{bucket}': create it, or change the setting bucket.", error.Code, BackendDown: true),
        "SignatureDoesNotMatch" or "InvalidAccessKeyId" => new(AbiResult.Refused, "The storage does not accept the access key or its secret (settings accessKey, secretKey).", error.Code),
        "RequestTimeTooSkewed" => new(AbiResult.Refused, "The storage's clock and this machine's are too far apart: set them by NTP.", error.Code),
        "EntityTooLarge" or "MetadataTooLarge" or "MaxMessageLengthExceeded" => new(AbiResult.TooLarge, "The object, or its metadata, is larger than the storage allows.", error.Code),
        "SlowDown" or "ServiceUnavailable" or "TooManyRequests" => new(AbiResult.Unavailable, "The storage asks to slow down: try again later.", error.Code),
        _ when error.Status is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized =>
            new(AbiResult.Refused, "The storage denies access: the access key may not do this, or its secret is wrong (settings accessKey, secretKey).", error.Code),
        _ when (int)error.Status >= 500 => new(AbiResult.Unavailable, string.Create(CultureInfo.InvariantCulture, $"The storage failed with {(int)error.Status} {error.Code}."), error.Code),
        _ => new(AbiResult.Refused, string.Create(CultureInfo.InvariantCulture, $"The storage refused the call with {(int)error.Status} {error.Code}."), error.Code),
    };

    private static string FromStatus(HttpStatusCode status, bool isForObject) => status switch
    {
        HttpStatusCode.NotFound => isForObject ? NoSuchKey : NoSuchBucket,
        HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => "AccessDenied",
        HttpStatusCode.RequestedRangeNotSatisfiable => "InvalidRange",
        HttpStatusCode.RequestEntityTooLarge => "EntityTooLarge",
        HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests => "SlowDown",
        _ => status.ToString(),
    };
}
