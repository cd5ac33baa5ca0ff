using EdgeGw.Http.Tests.Interop;

namespace EdgeGw.Http.Tests;

/// <summary>Redirects: followed when the request says so, each as carefully as the first request.</summary>
public sealed class RedirectTests : HttpLab
{
    [Test]
    public async Task A_redirect_is_an_answer_unless_the_request_says_that_it_is_followed()
    {
        var head = await Http.Get(Plain("/to?url=/hello"));
        Assert.That((head.Status(), head.Header("Location")[0]), Is.EqualTo((302L, "/hello")));
        Assert.That(await Http.Text(head), Is.EqualTo("elsewhere"));
        Assert.That(await Http.Text(await Http.Get(Plain("/to?url=/hello"), 0, 1)), Is.EqualTo("hello"));
    }

    [Test]
    public async Task A_loop_ends_with_the_redirect_that_is_one_too_many()
    {
        var head = await Http.Get(Plain("/loop"), 0, 20);
        Assert.That((head.Status(), head.Header("Location")[0]), Is.EqualTo((302L, "/loop")));
    }

    [TestCase("POST", 301, "GET /head HTTP/1.1")]
    [TestCase("POST", 302, "GET /head HTTP/1.1")]
    [TestCase("PUT", 302, "PUT /head HTTP/1.1")]
    [TestCase("PUT", 303, "GET /head HTTP/1.1")]
    [TestCase("HEAD", 303, "")]
    [TestCase("POST", 307, "POST /head HTTP/1.1")]
    [TestCase("POST", 308, "POST /head HTTP/1.1")]
    public async Task The_method_and_the_body_go_along_when_the_status_says_so(string method, int status, string asked)
    {
        var head = await Http.Send(method, Plain($"/to?status={status}&url=/head"), "body", OutgoingBody.Whole, 0, 1, [("Content-Type", "text/x")]);
        Assert.That(head.Status(), Is.EqualTo(200));
        var lines = (await Http.Text(head)).Split('\n');
        Assert.That(lines[0], Is.EqualTo(asked));
        Assert.That(lines.Any(line => line.StartsWith("Content-", StringComparison.Ordinal)), Is.EqualTo(lines[0].StartsWith('P')), string.Join(", ", lines));
    }

    [Test]
    public async Task A_body_that_is_gone_is_not_sent_again()
    {
        var open = await Http.Open("POST", Plain("/to?status=307&url=/head"), OutgoingBody.Unknown, 0, 5);
        Assert.That((await Http.Write(open.Open, [1])).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That((await Http.Finish(open.Open)).Status(), Is.EqualTo(307));

        open = await Http.Open("POST", Plain("/to?status=303&url=/head"), OutgoingBody.Unknown, 0, 5);
        Assert.That(await Http.Text(await Http.Finish(open.Open)), Does.StartWith("GET /head"));
    }

    [Test]
    public async Task Secrets_stay_with_the_server_they_were_meant_for()
    {
        Configure(("caFile", Upstream.CaFile));
        (string, string)[] headers = [("Authorization", "Bearer x"), ("Cookie", "a=b"), ("X-Other", "1")];
        Assert.That(await Http.Text(await Http.Get(Plain("/to?url=/head"), 0, 1, headers)), Does.Contain("Authorization: Bearer x").And.Contain("Cookie: a=b"));
        Assert.That(await Http.Text(await Http.Get(Plain("/to?url=" + Secure("/head")), 0, 1, headers)), Does.Contain("x-other: 1").IgnoreCase.And.Not.Contain("Bearer").And.Not.Contain("a=b"));
    }

    [Test]
    public async Task A_redirect_from_https_to_http_is_not_followed()
    {
        Configure(("caFile", Upstream.CaFile));
        Assert.That((await Http.Get(Secure("/to?url=" + Plain("/head")), 0, 5)).Status(), Is.EqualTo(302));
        Assert.That((await Http.Get(Plain("/to?url=ftp://127.0.0.1/"), 0, 5)).Status(), Is.EqualTo(302));
    }

    [Test]
    public async Task A_redirect_to_a_longer_URL_than_this_service_sends_is_refused()
    {
        Configure(("maxHeadBytes", "1024"));
        var answer = await Http.Get(Plain("/far"), 0, 5);
        Assert.That((answer.Result, answer.Code), Is.EqualTo((AbiResult.TooLarge, "head-too-large")));
    }

    [TestCase("http://169.254.169.254/latest/meta-data/", "169.254.169.254 has the address 169.254.169.254, which is one of a link-local network or of cloud metadata: such are only connected to when the setting 'allow' of http:default names the very address.")]
    [TestCase("http://denied.example/", "Handlers may not call denied.example: the settings 'allow' and 'deny' of http:default say which hosts they may.")]
    [TestCase("http://me:secret@127.0.0.1/", "The URL has a user or a password in it, which would end up in logs: send an Authorization header instead.")]
    public async Task A_redirect_to_where_handlers_may_not_go_is_refused(string url, string error)
    {
        Configure(("deny", "*.denied.example, denied.example"));
        AssertFault(await Http.Get(Plain("/to?url=" + url), 0, 5), AbiResult.Refused, "not-allowed", error);
    }
}
