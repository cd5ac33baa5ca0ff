using System.Text;

namespace EdgeGw.Tests;

public class StorageTests
{
    private static readonly Dictionary<string, string> Metadata = new() { ["Owner"] = "Ada", ["note"] = "é€" };

    private FakeGateway _gateway = null!;

    private FakeStorage Storage => _gateway.Storage("files");

    [SetUp]
    public void Load() => _gateway = FakeGateway.For(typeof(Scripted));

    [Test]
    public async Task An_object_is_put_and_got_with_its_facts()
    {
        var (info, whole, range, absent) = await _gateway.RunAsync(async c =>
        {
            var files = c.Storage("files");
            await files.PutAsync("a/b.txt", "hello"u8, "text/plain", Metadata);
            return (await files.StatAsync("a/b.txt"), await files.GetAsync("a/b.txt"), await files.GetAsync("a/b.txt", 1, 3), await files.GetAsync("absent"));
        });
        Assert.That((info!.Key, info.Size, info.ContentType, info.Metadata["owner"], info.Metadata["Note"]), Is.EqualTo(("a/b.txt", 5L, "text/plain", "Ada", "é€")));
        Assert.That(info.ETag, Is.Not.Empty);
        Assert.That(info.Modified, Is.EqualTo(Storage["a/b.txt"]!.Modified).Within(TimeSpan.FromMicroseconds(1)));
        Assert.That((Encoding.ASCII.GetString(whole!.Content), Encoding.ASCII.GetString(range!.Content), range.Info.Size, whole.Info.Metadata["OWNER"], absent),
            Is.EqualTo(("hello", "ell", 5L, "Ada", (StoredObject?)null)));
    }

    [Test]
    public async Task What_is_not_there_is_null_or_false_and_removing_it_is_fine()
        => Assert.That(await _gateway.RunAsync(async c =>
        {
            await c.Storage("files").RemoveAsync("absent");
            return (await c.Storage("files").StatAsync("absent"), await c.Storage("files").OpenReadAsync("absent"), await c.Storage("files").CopyAsync("absent", "b"));
        }), Is.EqualTo(((ObjectInfo?)null, (DownloadStream?)null, false)));

    [Test]
    public async Task A_request_body_is_stored_and_sent_back_unchanged()
    {
        var bytes = Handlers.Bytes(1_000_000);
        var stored = await _gateway.SendAsync(async (c, r) =>
        {
            var info = await c.Storage("files").PutAsync("photo", r);
            return Response.Text($"{info.Key} {info.Size} {info.ContentType}");
        }, new FakeRequest("POST", "/").WithBody(bytes, "image/png"));
        Assert.That(stored.Text, Is.EqualTo("photo 1000000 image/png"), stored.Error);
        Assert.That(Storage["photo"]!.Content, Is.EqualTo(bytes));
        var response = await _gateway.SendAsync(async (c, _) => Response.Download((await c.Storage("files").OpenReadAsync("photo"))!));
        Assert.That((response.Status, response.Header("Content-Type"), response.Header("Content-Length"), response.Header("ETag")![0]), Is.EqualTo((200, "image/png", "1000000", '"')));
        Assert.That(response.Body.ToArray(), Is.EqualTo(bytes));
        Assert.That(response.Header("Last-Modified"), Does.EndWith("GMT"));
        response = await _gateway.SendAsync(async (c, _) => Response.Download((await c.Storage("files").OpenReadAsync("photo", 999_990, 100))!));
        Assert.That((response.Status, response.Header("Content-Range"), response.Header("Content-Length")), Is.EqualTo((206, "bytes 999990-999999/1000000", "10")));
        Assert.That(response.Body.ToArray(), Is.EqualTo(bytes[^10..]));
    }

    [TestCase(7)]
    [TestCase(1000)]
    [TestCase(100_000)]
    public async Task A_stream_is_copied_whatever_the_pieces(int piece)
    {
        Storage.ReadBytes = piece;
        var bytes = Handlers.Bytes(20_000);
        var read = await _gateway.RunAsync(async c =>
        {
            var files = c.Storage("files");
            using var source = new MemoryStream(bytes);
            await files.PutAsync("k", source, length: bytes.Length);
            await using var download = await files.OpenReadAsync("k");
            using var copy = new MemoryStream();
            var buffer = new byte[333];
            while (await download!.ReadAsync(buffer) is > 0 and var count)
                copy.Write(buffer, 0, count);
            Assert.That((download.Length, await download.ReadAsync(buffer)), Is.EqualTo(((long)bytes.Length, 0)));
            return copy.ToArray();
        });
        Assert.That(read, Is.EqualTo(bytes));
    }

    [Test]
    public async Task An_upload_that_is_not_finished_is_no_object()
    {
        await _gateway.RunAsync(async c =>
        {
            await using var upload = await c.Storage("files").OpenWriteAsync("k");
            await upload.WriteAsync("half"u8.ToArray());
        });
        Assert.That(Storage.Keys, Is.Empty);
        Assert.That(() => Storage.Calls.Last(), Is.EqualTo("close").After(5000, 5));
        var failure = await _gateway.FailureAsync(async c =>
        {
            var upload = await c.Storage("files").OpenWriteAsync("k");
            await upload.FinishAsync();
            await upload.WriteAsync("more"u8.ToArray());
        });
        Assert.That(failure.Message, Is.EqualTo("This upload is over."));
    }

    [Test]
    public async Task An_upload_of_another_length_than_announced_is_refused()
    {
        var failure = await _gateway.FailureAsync(async c => await c.Storage("files").PutAsync("k", new MemoryStream(new byte[3]), length: 4));
        Assert.That((failure.GetType(), failure.Message), Is.EqualTo((typeof(StorageException), "4 bytes were announced for 'k' and 3 came.")));
    }

    [Test]
    public async Task A_download_has_no_synchronous_read_that_would_block()
    {
        var failure = await _gateway.FailureAsync(async c =>
        {
            await c.Storage("files").PutAsync("k", "x"u8);
            await using var download = await c.Storage("files").OpenReadAsync("k");
            _ = download!.Read(new byte[1], 0, 1);
        });
        Assert.That(failure.Message, Does.Contain("use ReadAsync"));
    }

    [Test]
    public async Task A_list_goes_through_all_pages_in_order()
    {
        var keys = Enumerable.Range(0, 2500).Select(i => $"p/{i:d5}").ToArray();
        var listed = await _gateway.RunAsync(async c =>
        {
            foreach (var key in keys)
                await c.Storage("files").PutAsync(key, ""u8);
            var found = new List<string>();
            await foreach (var item in c.Storage("files").ListAsync("p/"))
                found.Add(item.Key);
            return found;
        });
        Assert.That(listed, Is.EqualTo(keys));
        Assert.That(Storage.Calls.Count(c => c == "list"), Is.EqualTo(3));
    }

    [Test]
    public async Task A_list_with_a_delimiter_is_like_a_folder()
    {
        var listed = await _gateway.RunAsync(async c =>
        {
            foreach (var key in (string[])["a/1", "a/2", "a/sub/1", "a/sub/2", "b"])
                await c.Storage("files").PutAsync(key, "x"u8);
            var found = new List<string>();
            await foreach (var item in c.Storage("files").ListAsync("a/", "/"))
                found.Add($"{item.Key} {item.Size} {item.IsPrefix}");
            return found;
        });
        Assert.That(listed, Is.EqualTo(new[] { "a/1 1 False", "a/2 1 False", "a/sub/ 0 True" }));
    }

    [Test]
    public async Task An_object_is_copied_and_presigned()
    {
        var url = await _gateway.RunAsync(async c =>
        {
            await c.Storage("files").PutAsync("a", "x"u8, "text/plain", Metadata);
            Assert.That(await c.Storage("files").CopyAsync("a", "b"), Is.True);
            return await c.Storage("files").PresignAsync("b", TimeSpan.FromMinutes(5), PresignFor.Put);
        });
        Assert.That(url.Query, Is.EqualTo("?method=Put&seconds=300"));
        Assert.That(Storage["b"]!.Metadata, Has.Count.EqualTo(2));
        Assert.That(await _gateway.FailureAsync(async c => await c.Storage("files").PresignAsync("b", TimeSpan.FromDays(8))), Is.InstanceOf<ArgumentOutOfRangeException>());
    }

    [TestCase("/a")]
    [TestCase("a//b")]
    [TestCase("../a")]
    [TestCase("a/.")]
    public async Task A_key_that_is_none_is_refused(string key)
        => Assert.That(await _gateway.FailureAsync(async c => await c.Storage("files").GetAsync(key)), Is.InstanceOf<ArgumentException>());

    [Test]
    public async Task An_object_too_large_for_one_piece_is_refused()
    {
        Storage.MaxPieceBytes = 3;
        var failure = await _gateway.FailureAsync(async c =>
        {
            await c.Storage("files").PutAsync("k", "four"u8);
            await c.Storage("files").GetAsync("k");
        });
        Assert.That((failure.GetType(), failure.Message), Is.EqualTo((typeof(StorageException), "'k' has 4 bytes; 3 are given in one piece.")));
    }
}
