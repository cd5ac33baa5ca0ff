using System.Text;

namespace EdgeGw.Tests;

public class ResponseTests
{
    private readonly FakeGateway _gateway = FakeGateway.For(typeof(Handlers));

    [TestCase("/nothing", 204, "")]
    [TestCase("/task", 200, "task")]
    [TestCase("/value-task", 200, "value task GET True")]
    public async Task Every_allowed_signature_works(string target, int status, string text)
    {
        var response = await _gateway.SendAsync("GET", target);
        Assert.That((response.Status, response.Text), Is.EqualTo((status, text)));
        Assert.That(_gateway.Violations, Is.Empty);
    }

    [Test]
    public async Task A_response_may_be_kept_and_returned_again()
    {
        for (var i = 0; i < 3; i++)
        {
            var response = await _gateway.SendAsync("GET", "/kept");
            Assert.That((response.Text, response.HeaderAll("X-Kept").Single()), Is.EqualTo(("kept", "yes")));
        }
    }

    [TestCase(0)]
    [TestCase(100)]
    [TestCase(3000)]
    [TestCase(30_000)]
    public async Task Json_of_any_size_arrives_whole(int count)
    {
        var response = await _gateway.SendAsync("GET", $"/json/{count}");
        var items = response.Json(TestJson.Default.ItemArray);
        Assert.That(items, Has.Length.EqualTo(count));
        Assert.That(items.All(i => i.Name == new string('é', i.Id % 100)));
        Assert.That(response.Header("Content-Type"), Is.EqualTo("application/json"));
    }

    [TestCase(1)]
    [TestCase(2000)]
    [TestCase(20_000)]
    [TestCase(200_000)]
    public async Task Text_of_any_size_arrives_whole(int count)
    {
        var response = await _gateway.SendAsync("GET", $"/text/{count}");
        Assert.That(response.Text, Is.EqualTo(string.Concat(Enumerable.Repeat("€𝄞a", count))));
        Assert.That(response.Header("Content-Type"), Is.EqualTo("text/html; charset=utf-8"));
    }

    [TestCase("/binary", 0, "image/png")]
    [TestCase("/binary", 1_000_000, "image/png")]
    [TestCase("/writer", 1_000_000, "application/octet-stream")]
    public async Task Bytes_arrive_exactly_with_their_length(string target, int count, string contentType)
    {
        var response = await _gateway.SendAsync("GET", $"{target}/{count}");
        Assert.That(response.Body.Span.SequenceEqual(Handlers.Bytes(count)));
        Assert.That((response.Header("Content-Type"), response.Header("Content-Length")), Is.EqualTo((contentType, $"{count}")));
    }

    [Test]
    public async Task A_slow_client_slows_the_handler_instead_of_filling_memory()
    {
        var call = _gateway.Open(new FakeRequest("GET", "/writer/10000000") { ClientBufferBytes = 4096 });
        await call.Head;
        Assert.That(call.Completion.IsCompleted, Is.False);
        Assert.That((await call.ReadAsync()).Body.Length, Is.EqualTo(10_000_000));
        Assert.That(_gateway.Violations, Is.Empty);
    }

    [Test]
    public async Task A_response_that_breaks_off_is_seen_as_broken_and_logged()
    {
        var call = _gateway.Open(new FakeRequest("GET", "/breaks"));
        var failure = Assert.ThrowsAsync<IOException>(async () => await call.ReadAsync());
        Assert.That(failure!.Message, Does.Contain("broke off"));
        await call.Completion;
        Assert.That(call.Error, Does.Contain("broke off").And.Contain(nameof(Handlers.Breaks)));
    }

    [Test]
    public async Task Server_sent_events_arrive_one_by_one_and_end_when_the_client_leaves()
    {
        var call = _gateway.Open(new FakeRequest("GET", "/events"));
        var head = await call.Head;
        Assert.That((head.Header("Content-Type"), head.Header("Cache-Control")), Is.EqualTo(("text/event-stream", "no-cache")));
        var buffer = new byte[1000];
        for (var i = 0; i < 3; i++)
        {
            var pending = call.Body.ReadAsync(buffer);
            Assert.That(pending.IsCompleted, Is.False, "An event came before it was made.");
            Handlers.Gate.Release();
            Assert.That(Encoding.UTF8.GetString(buffer, 0, await pending), Is.EqualTo($"data: event {i}\ndata: second line\n\n"));
        }
        call.Cancel();
        await call.Completion;
        Assert.That(_gateway.Violations, Is.Empty);
    }

    [Test]
    public async Task Typed_events_are_json()
    {
        var response = await _gateway.SendAsync("GET", "/typed-events");
        Assert.That(response.Text, Is.EqualTo("event: added\ndata: {\"id\":1,\"name\":\"one\"}\nid: 7\n\n"));
    }

    [Test]
    public async Task A_redirect_names_its_target()
    {
        var response = await _gateway.SendAsync("GET", "/away");
        Assert.That((response.Status, response.Header("Location")), Is.EqualTo((308, "/elsewhere")));
    }

    [Test]
    public void What_cannot_be_sent_is_refused_where_it_is_written()
    {
        Assert.That(() => Response.Ok().WithHeader("a b", "x"), Throws.ArgumentException.With.Message.Contains("not a header name"));
        Assert.That(() => Response.Ok().WithHeader("a", "x\r\ny"), Throws.ArgumentException.With.Message.Contains("line break"));
        Assert.That(() => Response.Ok().WithHeader("transfer-encoding", "x"), Throws.ArgumentException.With.Message.Contains("gateway's own"));
        Assert.That(() => Response.Ok().WithStatus(199), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Response.Ok().WithCookie("a;b", "x"), Throws.ArgumentException);
        Assert.That(() => Response.Ok().WithCookie("a", "x", new CookieOptions { Domain = "x; Secure" }), Throws.ArgumentException);
        Assert.That(() => Response.Ok().WithCors(credentials: true), Throws.ArgumentException);
        Assert.That(() => Response.Redirect("/", 200), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Response.Problem(200), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
