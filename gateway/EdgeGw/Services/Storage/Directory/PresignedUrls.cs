using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeGw.Abi;

namespace EdgeGw.Services.Storage.Directory;

/// <summary>Makes and checks the URLs of one storage: <c>/.edgegw/storage/{service}/{key}?method=GET&amp;expires=UNIX&amp;signature=HEX</c>.</summary>
internal sealed class PresignedUrls(PresignKey secret, string service, string publicUrl, TimeProvider time)
{
    /// <summary>What the path of every such URL begins with.</summary>
    public const string Path = "/.edgegw/storage/";

    /// <summary>A URL for one thing to do with one key. Without a public address it begins with the path.</summary>
    public string Make(AbiPresign method, string key, DateTimeOffset expires)
    {
        var verb = method == AbiPresign.Put ? "PUT" : "GET";
        var seconds = expires.ToUnixTimeSeconds();
        return string.Create(CultureInfo.InvariantCulture, $"{publicUrl}{Path}{service}/{Escape(key)}?method={verb}&expires={seconds}&signature={Convert.ToHexStringLower(Sign(verb, key, seconds))}");
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
