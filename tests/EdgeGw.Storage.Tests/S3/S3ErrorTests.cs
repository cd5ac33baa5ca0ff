using System.Net;
using System.Text;
using EdgeGw.Services.Storage.S3;

namespace EdgeGw.Storage.Tests.S3;

/// <summary>Answers that a server gives under circumstances that a test cannot make.</summary>
[TestFixture]
internal sealed class S3ErrorTests
{
    [TestCase(404, "NoSuchKey", AbiResult.Refused, false)]
    [TestCase(404, "NoSuchBucket", AbiResult.Unavailable, true)]
    [TestCase(403, "AccessDenied", AbiResult.Refused, false)]
    [TestCase(403, "SignatureDoesNotMatch", AbiResult.Refused, false)]
    [TestCase(403, "RequestTimeTooSkewed", AbiResult.Refused, false)]
    [TestCase(503, "SlowDown", AbiResult.Unavailable, false)]
    [TestCase(500, "InternalError", AbiResult.Unavailable, false)]
    [TestCase(400, "EntityTooLarge", AbiResult.TooLarge, false)]
    [TestCase(400, "MetadataTooLarge", AbiResult.TooLarge, false)]
    [TestCase(409, "OperationAborted", AbiResult.Refused, false)]
    public async Task An_error_document_is_mapped_by_its_code(int status, string code, AbiResult expected, bool isDown)
    {
        var error = await ReadAsync(status, $"<?xml version=\"1.0\"?>\n<Error><Code>{code}</Code><Message>the secret is 123</Message></Error>");
        var fault = S3Error.Of(error, "files");
        Assert.That((fault.Result, fault.Code, fault.BackendDown), Is.EqualTo((expected, code, isDown)));
        Assert.That(fault.Error, Does.Not.Contain("123").And.EndWith("."));
    }

    [TestCase("")]
    [TestCase("<html>Bad gateway")]
    [TestCase("<!DOCTYPE x [<!ENTITY a \"aaaa\">]><Error><Code>&a;</Code></Error>")]
    [TestCase("<Error><Code>a code, and more</Code></Error>")]
    public async Task An_answer_without_a_code_is_mapped_by_its_status(string body)
    {
        Assert.That((await ReadAsync(404, body)).Code, Is.EqualTo("NoSuchKey"));
        Assert.That((await ReadAsync(503, body)).Code, Is.EqualTo("SlowDown"));
        Assert.That(S3Error.Of(await ReadAsync(502, body), "files").Result, Is.EqualTo(AbiResult.Unavailable));
    }

    [Test]
    public async Task An_error_in_an_answer_that_began_well_is_an_error()
    {
        using var response = Response(200, "<?xml version=\"1.0\"?>\n\n  <Error><Code>InternalError</Code></Error>");
        Assert.That(Assert.CatchAsync<S3Exception>(() => S3Xml.ReadAsync(response, CancellationToken.None))!.Code, Is.EqualTo("InternalError"));
        using var fine = Response(200, "<R xmlns='http://s3.amazonaws.com/doc/2006-03-01/'><UploadId>7</UploadId></R>");
        Assert.That(S3Xml.Text(await S3Xml.ReadAsync(fine, CancellationToken.None), "UploadId"), Is.EqualTo("7"));
    }

    [TestCase("plain text")]
    [TestCase("")]
    [TestCase(" spaces around ")]
    [TestCase("Zoë 😀")]
    [TestCase("=?UTF-8?B?Zm9v?=")]
    public void Metadata_comes_back_as_it_was(string value)
    {
        var header = MetadataText.Encode(value);
        Assert.That(Ascii.IsValid(header), Is.True);
        Assert.That(MetadataText.Decode(header), Is.EqualTo(value));
    }

    [TestCase(true, "http://s3.example.com:9000/files/a/b%20%C3%B6%2B%28x%29")]
    [TestCase(false, "http://files.s3.example.com:9000/a/b%20%C3%B6%2B%28x%29")]
    public void A_bucket_is_in_the_path_or_in_the_host(bool pathStyle, string expected) =>
        Assert.That(new S3Address("s3.example.com:9000", "files", tls: false, pathStyle).Of("a/b ö+(x)").AbsoluteUri, Is.EqualTo(expected));

    private static async Task<S3Exception> ReadAsync(int status, string body)
    {
        using var response = Response(status, body);
        return await S3Error.ReadAsync(response, isForObject: true, CancellationToken.None);
    }

    private static HttpResponseMessage Response(int status, string body) => new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/xml") };
}
