using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeGw.Abi;

namespace EdgeGw.Services.Storage.Directory;

/// <summary>Makes and checks the URLs of one storage: <c>/.edgegw/storage/{service}/{key}?method=GET&amp;expires=UNIX&amp;signature=HEX</c>.</summary>
internal sealed class PresignedUrls(PresignKey secret, string service, string publicUrl, TimeProvider time)
{
    private static string s_gateway = "";

    /// <summary>What the path of every such URL begins with.</summary>
    public const string Path = "/.edgegw/storage/";

    /// <summary>Where clients reach this process when a storage has no <c>publicUrl</c>: its first listener. Set once, before it serves; empty where nothing listens.</summary>
    public static Uri? Gateway
    {
        set => s_gateway = value is null ? "" : new UriBuilder(value) { Host = value.Host is "0.0.0.0" or "[::]" or "*" ? Environment.MachineName : value.Host }.Uri.GetLeftPart(UriPartial.Authority);
    }

    /// <summary>A target as a log may have it: what makes such a URL worth something is cut off.</summary>
    public static string WithoutSignature(string target) =>
        target.StartsWith(Path, StringComparison.Ordinal) && target.IndexOf("signature=", StringComparison.Ordinal) is var start and >= 0 ? target[..start] + "signature=..." : target;

    /// <summary>A URL for one thing to do with one key.</summary>
    public string Make(AbiPresign method, string key, DateTimeOffset expires)
    {
        var verb = method == AbiPresign.Put ? "PUT" : "GET";
        var seconds = expires.ToUnixTimeSeconds();
        return string.Create(CultureInfo.InvariantCulture, $"{(publicUrl.Length > 0 ? publicUrl : s_gateway)}{Path}{service}/{Escape(key)}?method={verb}&expires={seconds}&signature={Convert.ToHexStringLower(Sign(verb, key, seconds))}");
    }

    /// <summary>Whether this gateway made such a URL, and its time is not over.</summary>
    public bool Allows(string verb, string key, long expires, string signature)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return Convert.FromHexString(signature, given, out _, out var length) == System.Buffers.OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(given[..length], Sign(verb, key, expires))
            && time.GetUtcNow().ToUnixTimeSeconds() < expires;
    }

    /// <summary>A key as part of a path.</summary>
    public static string Escape(string key) => new StringBuilder().AppendJoin('/', key.Split('/').Select(Uri.EscapeDataString)).ToString();

    private byte[] Sign(string verb, string key, long expires) => secret.Sign(string.Create(CultureInfo.InvariantCulture, $"{verb}\n{service}\n{expires}\n{key}"));
}
