using EdgeGw.Services.Storage.S3;

namespace EdgeGw.Storage.Tests.S3;

/// <summary>The examples in Amazon's documentation of Signature Version 4 for S3.</summary>
[TestFixture]
internal sealed class S3SignerTests
{
    private const string Host = "examplebucket.s3.amazonaws.com";
    private static readonly DateTimeOffset s_time = new(2013, 5, 24, 0, 0, 0, TimeSpan.Zero);
    private readonly S3Signer _signer = new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1");

    [Test]
    public void A_GET_of_a_range() =>
        Assert.That(Sign("GET", "/test.txt", "", ("range", "bytes=0-9")), Is.EqualTo("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"));

    [Test]
    public void A_PUT_of_an_object() =>
        Assert.That(Sign("PUT", "/test%24file.text", "Welcome to Amazon S3.", ("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")),
            Is.EqualTo("98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"));

    [Test]
    public void A_query_without_a_value() => Assert.That(Sign("GET", "/?lifecycle", ""), Is.EqualTo("fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));

    [Test]
    public void A_list_with_a_query() => Assert.That(Sign("GET", "/?prefix=J&max-keys=2", ""), Is.EqualTo("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));

    [Test]
    public void A_presigned_URL() =>
        Assert.That(_signer.Presign("GET", new Uri($"https://{Host}/test.txt"), TimeSpan.FromDays(1), s_time), Is.EqualTo(
            $"https://{Host}/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z"
            + "&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"));

    private string Sign(string method, string target, string body, params (string Name, string Value)[] more)
    {
        var hash = S3Signer.Hash(System.Text.Encoding.ASCII.GetBytes(body));
        var headers = more.Append(("host", Host)).Append(("x-amz-content-sha256", hash)).Append(("x-amz-date", S3Signer.Stamp(s_time))).ToDictionary(header => header.Item1, header => header.Item2);
        var authorization = _signer.Authorization(method, new Uri($"https://{Host}{target}"), headers, hash, s_time);
        return authorization[(authorization.LastIndexOf('=') + 1)..];
    }
}
