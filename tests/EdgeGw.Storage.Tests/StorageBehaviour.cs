using System.Text;
using EdgeGw.Epochs;
using EdgeGw.Storage.Tests.Interop;

namespace EdgeGw.Storage.Tests;

/// <summary>What holds for every storage.</summary>
internal abstract class StorageBehaviour
{
    private LabExchange _exchange = null!;

    protected TemporaryFolder State { get; private set; } = null!;

    protected Lab Lab { get; private set; } = null!;

    protected StorageClient Files => _exchange.Storage();

    protected LabExchange Exchange => _exchange;

    [SetUp]
    public async Task Begin()
    {
        State = new TemporaryFolder();
        Lab = new Lab(State.Root, await ServiceAsync());
        _exchange = Lab.Begin();
    }

    [TearDown]
    public async Task End()
    {
        _exchange.Dispose();
        await Lab.DisposeAsync();
        State.Dispose();
    }

    [Test]
    public async Task An_object_comes_back_as_it_was_put()
    {
        var body = Bytes(100_000);
        var put = await Files.Put("a/b.png", body, "image/png", ("Owner", "Zoë = 100 %"), ("n", "1"));
        Assert.That(put.Result, Is.EqualTo(AbiResult.Ok), put.ToString);
        var got = await Files.Get("a/b.png");
        Assert.That(got.Result, Is.EqualTo(AbiResult.Ok), got.ToString);
        Assert.Multiple(() =>
        {
            Assert.That(got.Text((int)AbiObject.Key), Is.EqualTo("a/b.png"));
            Assert.That(got.Number((int)AbiObject.Size), Is.EqualTo(body.Length));
            Assert.That(got.Number((int)AbiObject.Modified), Is.GreaterThan(1_600_000_000_000_000));
            Assert.That(got.Text((int)AbiObject.Etag), Does.Match("^[0-9a-f-]+$"));
            Assert.That(got.Text((int)AbiObject.ContentType), Is.EqualTo("image/png"));
            Assert.That(got.Blob((int)AbiObject.Facts), Is.EqualTo(body));
            Assert.That(Metadata(got, (int)AbiObject.Facts + 1), Is.EquivalentTo(new[] { ("owner", "Zoë = 100 %"), ("n", "1") }));
        });
    }

    [Test]
    public async Task Stat_tells_what_get_tells_without_the_bytes()
    {
        await Files.Put("k", Bytes(10), "text/plain", ("a", "b"));
        var stat = await Files.Stat("k");
        var got = await Files.Get("k");
        Assert.That(stat.Values.Take((int)AbiObject.Facts), Is.EqualTo(got.Values.Take((int)AbiObject.Facts)));
        Assert.That(Metadata(stat, (int)AbiObject.Facts), Is.EqualTo(new[] { ("a", "b") }));
    }

    [Test]
    public async Task An_absent_object_is_the_end()
    {
        Assert.Multiple(async () =>
        {
            Assert.That((await Files.Get("no/such")).Result, Is.EqualTo(AbiResult.End));
            Assert.That((await Files.Stat("no/such")).Result, Is.EqualTo(AbiResult.End));
            Assert.That((await Files.OpenRead("no/such")).Result, Is.EqualTo(AbiResult.End));
            Assert.That((await Files.Copy("no/such", "x")).Result, Is.EqualTo(AbiResult.End));
            Assert.That((await Files.Remove("no/such")).Result, Is.EqualTo(AbiResult.Ok));
        });
        await Files.Put("gone", Bytes(1));
        Assert.That((await Files.Remove("gone")).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That((await Files.Stat("gone")).Result, Is.EqualTo(AbiResult.End));
    }

    [Test]
    public async Task An_empty_object_is_an_object_with_the_default_type()
    {
        Assert.That((await Files.Put("empty", [])).Result, Is.EqualTo(AbiResult.Ok));
        var got = await Files.Get("empty");
        Assert.That(got.Blob((int)AbiObject.Facts), Is.Empty);
        Assert.That(got.Text((int)AbiObject.ContentType), Is.EqualTo("application/octet-stream"));
        Assert.That((await ReadAllAsync("empty")).Length, Is.Zero);
    }

    [Test]
    public async Task A_put_replaces_content_type_and_metadata()
    {
        await Files.Put("k", Bytes(10), "text/plain", ("a", "b"));
        var before = await Files.Stat("k");
        await Files.Put("k", Bytes(11), "text/html");
        var after = await Files.Stat("k");
        Assert.That(after.Number((int)AbiObject.Size), Is.EqualTo(11));
        Assert.That(after.Text((int)AbiObject.ContentType), Is.EqualTo("text/html"));
        Assert.That(after.Text((int)AbiObject.Etag), Is.Not.EqualTo(before.Text((int)AbiObject.Etag)));
        Assert.That(Metadata(after, (int)AbiObject.Facts), Is.Empty);
    }

    [TestCase(0ul, 5ul, "01234")]
    [TestCase(3ul, 4ul, "3456")]
    [TestCase(7ul, 0ul, "789")]
    [TestCase(7ul, 100ul, "789")]
    [TestCase(10ul, 0ul, "")]
    public async Task A_range_is_that_part_of_the_object(ulong offset, ulong length, string expected)
    {
        await Files.Put("digits", "0123456789"u8.ToArray());
        var got = await Files.Get("digits", offset, length);
        Assert.That(Encoding.ASCII.GetString(got.Blob((int)AbiObject.Facts)), Is.EqualTo(expected));
        Assert.That(got.Number((int)AbiObject.Size), Is.EqualTo(10));
        Assert.That(Encoding.ASCII.GetString(await ReadAllAsync("digits", offset, length)), Is.EqualTo(expected));
    }

    [Test]
    public async Task A_range_beyond_the_end_is_refused()
    {
        await Files.Put("digits", "0123456789"u8.ToArray());
        var got = await Files.Get("digits", 11);
        Assert.That((got.Result, got.Code), Is.EqualTo((AbiResult.Refused, "InvalidRange")), got.ToString);
    }

    [TestCase("")]
    [TestCase("/absolute")]
    [TestCase("../up")]
    [TestCase("a/../b")]
    [TestCase("a/./b")]
    [TestCase("a//b")]
    [TestCase("a/")]
    [TestCase("nul\0nul")]
    public async Task A_key_that_is_none_is_refused(string key)
    {
        Assert.That((await Files.Put(key, Bytes(1))).Result, Is.EqualTo(AbiResult.InvalidArgument));
        Assert.That((await Files.Get(key)).Result, Is.EqualTo(AbiResult.InvalidArgument));
        Assert.That((await Files.Copy("a", key)).Result, Is.EqualTo(AbiResult.InvalidArgument));
    }

    [Test]
    public async Task A_key_that_is_not_UTF8_is_refused() => Assert.That((await Files.Put([0x61, 0xFF], Bytes(1))).Result, Is.EqualTo(AbiResult.InvalidArgument));

    [Test]
    public async Task Keys_may_hold_whatever_UTF8_holds()
    {
        string[] keys = ["...", "a b+c&d=e", "ключ/ö/😀", "=x", "+x/&y", "per%20cent?#", "\"'<>|\\:*", "~", new string('l', 1024), $"{new string('é', 260)}/x"];
        foreach (var key in keys)
        {
            Assert.That((await Files.Put(key, Encoding.UTF8.GetBytes(key))).Result, Is.EqualTo(AbiResult.Ok), key);
        }
        foreach (var key in keys)
        {
            Assert.That(Encoding.UTF8.GetString((await Files.Get(key)).Blob((int)AbiObject.Facts)), Is.EqualTo(key));
        }
        Assert.That(Keys(await Files.List()), Is.EqualTo(InByteOrder(keys)));
    }

    [Test]
    public async Task An_object_and_those_below_its_name_stand_side_by_side()
    {
        string[] keys = ["a", "a/b", "a/b/c", "a-b", "ab"];
        foreach (var key in keys)
        {
            await Files.Put(key, Bytes(1));
        }
        Assert.That(Keys(await Files.List()), Is.EqualTo(InByteOrder(keys)));
        await Files.Remove("a/b/c");
        await Files.Remove("a");
        Assert.That(Keys(await Files.List()), Is.EqualTo(InByteOrder(["a/b", "a-b", "ab"])));
    }

    [Test]
    public async Task A_list_comes_in_pages()
    {
        var keys = Enumerable.Range(0, 25).Select(i => $"p/{i:d2}").ToArray();
        await Task.WhenAll(keys.Select(key => Files.Put(key, Bytes(1))));
        await Files.Put("q", Bytes(1));
        var seen = new List<string>();
        Reply page;
        do
        {
            page = await Files.List("p/", after: seen.LastOrDefault() ?? "", limit: 10);
            seen.AddRange(Keys(page));
        }
        while (page.Rows == 10);
        Assert.That(seen, Is.EqualTo(keys));
    }

    [Test]
    public async Task A_list_with_a_delimiter_rolls_up_what_goes_on_after_it()
    {
        foreach (var key in (string[])["a/1", "a/2", "b", "c/d/1", "c/e", "d"])
        {
            await Files.Put(key, Bytes(3));
        }
        var all = await Files.List(delimiter: "/");
        Assert.That(Keys(all), Is.EqualTo(new[] { "a/", "b", "c/", "d" }));
        Assert.That(all.Values[1], Is.Null, "a prefix has no size");
        Assert.That(all.Number((int)AbiObject.Facts + (int)AbiObject.Size), Is.EqualTo(3));
        Assert.That(Keys(await Files.List("c/", "/")), Is.EqualTo(new[] { "c/d/", "c/e" }));
        var first = await Files.List(delimiter: "/", limit: 1);
        Assert.That(Keys(first), Is.EqualTo(new[] { "a/" }));
        Assert.That(Keys(await Files.List(delimiter: "/", after: "a/", limit: 2)), Is.EqualTo(new[] { "b", "c/" }));
        Assert.That(Keys(await Files.List(delimiter: "/", after: "c/", limit: 2)), Is.EqualTo(new[] { "d" }));
    }

    [Test]
    public async Task A_copy_has_content_type_and_metadata()
    {
        await Files.Put("from", Bytes(1000), "text/x", ("a", "b"));
        Assert.That((await Files.Copy("from", "to/there")).Result, Is.EqualTo(AbiResult.Ok));
        var copy = await Files.Get("to/there");
        Assert.That(copy.Blob((int)AbiObject.Facts), Is.EqualTo(Bytes(1000)));
        Assert.That(copy.Text((int)AbiObject.ContentType), Is.EqualTo("text/x"));
        Assert.That(Metadata(copy, (int)AbiObject.Facts + 1), Is.EqualTo(new[] { ("a", "b") }));
        Assert.That((await Files.Stat("from")).Result, Is.EqualTo(AbiResult.Ok));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task An_object_of_20_MB_goes_up_and_down_in_pieces(bool isLengthKnown)
    {
        var piece = Bytes(1_000_000);
        var upload = await Files.OpenWrite("big", isLengthKnown ? 20_000_000 : -1, "x/y", ("a", "b"));
        Assert.That(upload.Result, Is.EqualTo(AbiResult.Ok), upload.ToString);
        for (var i = 0; i < 20; i++)
        {
            Assert.That((await Files.Write(upload.Open, piece)).Result, Is.EqualTo(AbiResult.Ok));
        }
        Assert.That((await Files.Stat("big")).Result, Is.EqualTo(AbiResult.End), "not there before it is finished");
        var finished = await Files.Finish(upload.Open);
        Assert.That(finished.Result, Is.EqualTo(AbiResult.Ok), finished.ToString);
        Assert.That(finished.Number((int)AbiObject.Size), Is.EqualTo(20_000_000));
        var got = await ReadAllAsync("big");
        Assert.That(got.Chunk(piece.Length).All(chunk => chunk.AsSpan().SequenceEqual(piece)), Is.True);
        Assert.That(Metadata(await Files.Stat("big"), (int)AbiObject.Facts), Is.EqualTo(new[] { ("a", "b") }));
        Assert.That((await Files.Write(upload.Open, piece)).Result, Is.EqualTo(AbiResult.InvalidState), "it is finished");
    }

    [Test]
    public async Task An_object_of_64_MB_goes_up_and_down_in_one_piece()
    {
        var body = Bytes(64 << 20);
        Assert.That((await Files.Put("large", body)).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That((await Files.Get("large")).Blob((int)AbiObject.Facts).AsSpan().SequenceEqual(body), Is.True);
        Assert.That((await Files.Put("large", new byte[(64 << 20) + 1])).Result, Is.EqualTo(AbiResult.TooLarge));
    }

    [Test]
    public async Task A_small_upload_is_an_object_too()
    {
        var upload = await Files.OpenWrite("small", -1);
        await Files.Write(upload.Open, [1, 2]);
        await Files.Write(upload.Open, []);
        await Files.Write(upload.Open, [3]);
        Assert.That((await Files.Finish(upload.Open)).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That(await ReadAllAsync("small"), Is.EqualTo(new byte[] { 1, 2, 3 }));
        var empty = await Files.OpenWrite("none", -1);
        await Files.Finish(empty.Open);
        Assert.That((await Files.Stat("none")).Number((int)AbiObject.Size), Is.Zero);
    }

    [Test]
    public async Task An_upload_that_is_closed_leaves_nothing()
    {
        var upload = await Files.OpenWrite("never", -1);
        await Files.Write(upload.Open, Bytes(9 << 20));
        Assert.That((await Files.Close(upload.Open)).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That((await Files.Finish(upload.Open)).Result, Is.EqualTo(AbiResult.InvalidState));
        Assert.That((await Files.Stat("never")).Result, Is.EqualTo(AbiResult.End));
        await NothingIsLeftAsync();
    }

    [Test]
    public async Task A_request_that_ends_during_an_upload_leaves_nothing()
    {
        using (var other = Lab.Begin())
        {
            var upload = await other.Storage().OpenWrite("never", -1);
            await other.Storage().Write(upload.Open, Bytes(9 << 20));
            _ = other.Storage().Write(upload.Open, Bytes(9 << 20));
            other.Complete();
            Assert.That((await other.Storage().Write(upload.Open, Bytes(1))).Result, Is.EqualTo(AbiResult.InvalidState));
        }
        Assert.That((await Files.Stat("never")).Result, Is.EqualTo(AbiResult.End));
        await NothingIsLeftAsync();
    }

    [Test]
    public async Task An_upload_has_the_length_it_was_announced_with()
    {
        var shorter = await Files.OpenWrite("wrong", 10);
        await Files.Write(shorter.Open, Bytes(9));
        Assert.That((await Files.Finish(shorter.Open)).Result, Is.EqualTo(AbiResult.Refused));
        var longer = await Files.OpenWrite("wrong", 10);
        Assert.That((await Files.Write(longer.Open, Bytes(11))).Result, Is.EqualTo(AbiResult.Refused));
        Assert.That((await Files.Stat("wrong")).Result, Is.EqualTo(AbiResult.End));
    }

    [Test]
    public async Task A_download_can_be_given_up()
    {
        await Files.Put("k", Bytes(1 << 20));
        var download = await Files.OpenRead("k");
        Assert.That((await Files.Read(download.Open)).Blob(), Is.Not.Empty);
        Assert.That((await Files.Close(download.Open)).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That((await Files.Read(download.Open)).Result, Is.EqualTo(AbiResult.InvalidState));
    }

    [Test]
    public async Task More_streams_than_lanes_are_open_at_once()
    {
        await Files.Put("k", Bytes(100_000));
        var downloads = new List<Reply>();
        for (var i = 0; i < 50; i++)
        {
            downloads.Add(await Files.OpenRead("k"));
        }
        foreach (var download in downloads)
        {
            Assert.That((await Files.Read(download.Open)).Result, Is.EqualTo(AbiResult.Ok));
        }
    }

    [Test]
    public async Task Many_calls_at_once_all_succeed()
    {
        var puts = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Files.Put($"many/{i}", Bytes(i))));
        Assert.That(puts.Select(put => put.Result), Is.All.EqualTo(AbiResult.Ok));
        var gets = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Files.Get($"many/{i}")));
        Assert.That(gets.Select(got => got.Blob((int)AbiObject.Facts).Length), Is.EqualTo(Enumerable.Range(0, 200)));
    }

    [Test]
    public async Task Metadata_of_a_wrong_form_is_refused()
    {
        Assert.That((await Files.Put("k", [], "", ("a b", "c"))).Result, Is.EqualTo(AbiResult.InvalidArgument));
        Assert.That((await Files.Put("k", [], "", ("a", "b\r\nc: d"))).Result, Is.EqualTo(AbiResult.InvalidArgument));
        Assert.That((await Files.Put("k", [], "text/plain\r\nx: y")).Result, Is.EqualTo(AbiResult.InvalidArgument));
        Assert.That((await Files.Put("k", [], "", [.. Enumerable.Range(0, 65).Select(i => ($"m{i}", "v"))])).Result, Is.EqualTo(AbiResult.InvalidArgument));
    }

    /// <summary>The service under test; empty.</summary>
    protected abstract Task<EpochService> ServiceAsync();

    /// <summary>No upload is half there.</summary>
    protected abstract Task NothingIsLeftAsync();

    protected static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    protected static IEnumerable<string> Keys(Reply list)
    {
        Assert.That(list.Result, Is.EqualTo(AbiResult.Ok), list.ToString);
        return list.Values.Where((_, i) => i % (int)AbiObject.Facts == 0).Cast<string>();
    }

    protected async Task<byte[]> ReadAllAsync(string key, ulong offset = 0, ulong length = 0)
    {
        var download = await Files.OpenRead(key, offset, length);
        Assert.That(download.Result, Is.EqualTo(AbiResult.Ok), download.ToString);
        using var all = new MemoryStream();
        while (await Files.Read(download.Open) is var piece && piece.Result != AbiResult.End)
        {
            Assert.That(piece.Result, Is.EqualTo(AbiResult.Ok), piece.ToString);
            all.Write(piece.Blob());
        }
        return all.ToArray();
    }

    private static IEnumerable<string> InByteOrder(string[] keys) => keys.OrderBy(key => Convert.ToHexString(Encoding.UTF8.GetBytes(key)), StringComparer.Ordinal);

    private static IEnumerable<(string, string)> Metadata(Reply reply, int first) =>
        Enumerable.Range(0, (reply.Values.Count - first) / 2).Select(i => (reply.Text(first + (2 * i)), reply.Text(first + (2 * i) + 1)));
}
