using System.IO.Pipelines;
using System.Text;
using CsCheck;

namespace EdgeGw.Tests;

public class BodyTests
{
    private readonly FakeGateway _gateway = FakeGateway.For(typeof(Handlers));

    [Test]
    public async Task Json_is_read_when_the_body_is_at_hand()
    {
        var response = await _gateway.SendAsync(new FakeRequest("POST", "/items").WithJson("""{"id":5,"name":"x"}"""));
        Assert.That((response.Status, response.Header("Location"), response.Text), Is.EqualTo((201, "/items/5", """{"id":5,"name":"x"}""")));
        Assert.That(response.Header("Content-Length"), Is.EqualTo("19"));
    }

    [TestCase("/items", "POST", TestName = "A_handler_that_returns_Response_is_called_when_the_body_is_complete")]
    [TestCase("/items", "PUT", TestName = "A_handler_that_returns_a_task_awaits_the_body")]
    public async Task Slow_body(string target, string method)
    {
        var pipe = new Pipe();
        var call = _gateway.Open(new FakeRequest(method, target) { BodyStream = pipe.Reader.AsStream() });
        await pipe.Writer.WriteAsync("""{"id":5,"""u8.ToArray());
        await pipe.Writer.WriteAsync(""" "name":"x"}"""u8.ToArray());
        Assert.That(call.Head.IsCompleted, Is.False);
        await pipe.Writer.CompleteAsync();
        var response = await call.ReadAsync();
        Assert.That(response.Text, Is.EqualTo("""{"id":5,"name":"x"}"""));
    }

    [Test]
    public async Task Asking_for_a_body_that_has_not_arrived_says_what_to_do()
    {
        var pipe = new Pipe();
        var call = _gateway.Open(new FakeRequest("POST", "/early") { BodyStream = pipe.Reader.AsStream() });
        await pipe.Writer.WriteAsync("late"u8.ToArray());
        await pipe.Writer.CompleteAsync();
        var text = (await call.ReadAsync()).Text;
        Assert.That(text, Does.EndWith("late"));
    }

    [TestCase("", "needs a JSON body")]
    [TestCase("null", "must not be null")]
    [TestCase("""{"id":1,"name":""", "not valid at $.name (line 1")]
    [TestCase("""{"id":"x","name":"y"}""", "not valid at $.id")]
    public async Task Bad_json_is_400_and_says_where(string json, string detail)
    {
        var response = await _gateway.SendAsync(new FakeRequest("POST", "/items").WithJson(json));
        Assert.That(response.Status, Is.EqualTo(400));
        Assert.That(response.Text, Does.Contain(detail));
    }

    [Test]
    public async Task Validation_errors_are_listed_by_field()
    {
        var response = await _gateway.SendAsync(new FakeRequest("POST", "/items") { RequestId = "r9" }.WithJson("""{"id":1,"name":""}"""));
        Assert.That(response.Status, Is.EqualTo(422));
        Assert.That(response.Text, Is.EqualTo(
            """{"type":"about:blank","title":"Unprocessable Content","status":422,"detail":"The request's content is not valid.","requestId":"r9","errors":{"name":["must not be empty","must be a name"],"id":["is odd"]}}"""));
    }

    [Test]
    public async Task A_body_over_the_routes_limit_is_413()
    {
        Assert.That((await _gateway.SendAsync(new FakeRequest("POST", "/length").WithBody(new byte[100_000], "x/y"))).Text, Is.EqualTo("100000 True 100000"));
        Assert.That((await _gateway.SendAsync(new FakeRequest("POST", "/length").WithBody(new byte[100_001], "x/y"))).Status, Is.EqualTo(413));
        Assert.That((await _gateway.SendAsync("POST", "/length")).Text, Is.EqualTo("0 False 0"));
    }

    [TestCase("/echo")]
    [TestCase("/echo-chunks")]
    public void What_is_streamed_up_comes_back_byte_for_byte(string target)
        => Gen.Byte.Array[0, 5000].List[0, 40].SampleAsync(async chunks =>
        {
            var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 10_000, resumeWriterThreshold: 5000, useSynchronizationContext: false));
            var reading = _gateway.SendAsync(new FakeRequest("POST", target) { BodyStream = pipe.Reader.AsStream(), ClientBufferBytes = 3000 });
            foreach (var chunk in chunks)
                await pipe.Writer.WriteAsync(chunk);
            await pipe.Writer.CompleteAsync();
            var response = await reading;
            return response.Status == 200 && response.Body.Span.SequenceEqual(chunks.SelectMany(c => c).ToArray());
        }, iter: 100).GetAwaiter().GetResult();

    [Test]
    public async Task A_large_upload_is_echoed_with_little_memory()
    {
        const int size = 50_000_000;
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var call = _gateway.Open(new FakeRequest("POST", "/echo") { BodyStream = new ZeroStream(size) });
        await call.Head;
        var buffer = new byte[65536];
        long total = 0;
        for (int read; (read = await call.Body.ReadAsync(buffer)) > 0;)
            total += read;
        await call.Completion;
        Assert.That(total, Is.EqualTo(size));
        Assert.That(GC.GetTotalAllocatedBytes(precise: true) - before, Is.LessThan(size / 2), "Nothing may hold the body as a whole.");
    }

    [Test]
    public async Task A_form_is_read_url_encoded()
    {
        var response = await _gateway.SendAsync(new FakeRequest("POST", "/form").WithBody("a=1+2&b=%C3%A9&a=", "application/x-www-form-urlencoded; charset=utf-8"));
        Assert.That(response.Text, Is.EqualTo("a=1 2;b=é;a=;"));
    }

    [TestCase("/form")]
    [TestCase("/form-async")]
    public async Task A_form_is_read_multipart_with_binary_uploads(string target)
    {
        var body = Multipart("b0", ("name=\"a\"", null, "é"u8.ToArray()), ("name=\"f\"; filename=\"C:\\\\x\\\\y.bin\"", "x/y", [0, 13, 10, 255]));
        var response = await _gateway.SendAsync(new FakeRequest("POST", target).WithBody(body, "multipart/form-data; boundary=b0"));
        Assert.That(response.Text, Is.EqualTo("a=é;f:y.bin:x/y:000D0AFF;"));
    }

    [TestCase("text/plain", "a=1", "is no form")]
    [TestCase("multipart/form-data", "a=1", "no boundary")]
    [TestCase("multipart/form-data; boundary=b0", "a=1", "damaged")]
    [TestCase("multipart/form-data; boundary=b0", "--b0\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ncut", "damaged")]
    [TestCase("multipart/form-data; boundary=b0", "--b0\r\nX: y\r\n\r\n1\r\n--b0--", "Content-Disposition")]
    [TestCase("application/x-www-form-urlencoded", "a=1&a=2&a=3&a=4", "more than 3 fields")]
    public async Task A_bad_form_is_400(string contentType, string body, string detail)
    {
        var response = await _gateway.SendAsync(new FakeRequest("POST", "/form").WithBody(body, contentType));
        Assert.That((response.Status, response.Text), Is.EqualTo((400, response.Text)));
        Assert.That(response.Text, Does.Contain(detail));
    }

    [Test]
    public void No_bytes_can_make_a_form_fail_in_another_way_than_400()
        => Gen.OneOf<byte[]>(Gen.Byte.Array[0, 200], Gen.OneOf("--b0", "\r\n", "\r\n--b0", "--", "Content-Disposition: form-data; name=\"a\"", "\r\n\r\n", "x", "\0")
                .Array[0, 30].Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts))))
            .SampleAsync(async body =>
            {
                var response = await _gateway.SendAsync(new FakeRequest("POST", "/form").WithBody(body, "multipart/form-data; boundary=b0"));
                return response.Status is 200 or 400;
            }, iter: 500).GetAwaiter().GetResult();

    private static byte[] Multipart(string boundary, params (string Disposition, string? Type, byte[] Content)[] parts)
    {
        var body = new MemoryStream();
        foreach (var (disposition, type, content) in parts)
        {
            body.Write(Encoding.UTF8.GetBytes($"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n{(type is null ? "" : $"Content-Type: {type}\r\n")}\r\n"));
            body.Write(content);
            body.Write("\r\n"u8);
        }
        body.Write(Encoding.UTF8.GetBytes($"--{boundary}--\r\n"));
        return body.ToArray();
    }

    private sealed class ZeroStream(long left) : Stream
    {
        private long _left = left;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            count = (int)Math.Min(count, _left);
            _left -= count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
