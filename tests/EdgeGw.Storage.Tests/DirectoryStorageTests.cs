using System.Text;
using EdgeGw.Epochs;
using EdgeGw.Storage.Tests.Interop;

namespace EdgeGw.Storage.Tests;

/// <summary>The embedded storage.</summary>
[TestFixture]
internal sealed class DirectoryStorageTests : StorageBehaviour
{
    private string Root => State["data/files"];

    [Test]
    public async Task Objects_survive_a_restart()
    {
        await Files.Put("a/b", Bytes(10), "text/x", ("m", "n"));
        var before = await Files.Stat("a/b");
        await using var next = new Lab(State.Root, await ServiceAsync());
        using var exchange = next.Begin();
        Assert.That((await exchange.Storage().Stat("a/b")).Values, Is.EqualTo(before.Values));
    }

    [Test]
    public async Task Symbolic_links_are_not_followed()
    {
        await Files.Put("a/b", Bytes(1));
        File.WriteAllText(State["outside"], "secret");
        File.CreateSymbolicLink(Path.Combine(Root, "objects/=link"), State["outside"]);
        Directory.CreateSymbolicLink(Path.Combine(Root, "objects/+out"), State.Root);
        Assert.That((await Files.Get("link")).Result, Is.EqualTo(AbiResult.End));
        Assert.That((await Files.Get("out/outside")).Result, Is.EqualTo(AbiResult.End));
        Assert.That((await Files.Put("out/new", Bytes(1))).Result, Is.EqualTo(AbiResult.Refused));
        Assert.That((await Files.Put("link", Bytes(1))).Result, Is.EqualTo(AbiResult.Refused));
        await Files.Remove("link");
        Assert.That(File.ReadAllText(State["outside"]), Is.EqualTo("secret"));
        Assert.That(Keys(await Files.List()), Is.EqualTo(new[] { "a/b" }));
    }

    [Test]
    public async Task A_reader_sees_the_old_object_or_the_new_one()
    {
        byte[][] bodies = [Bytes(300_000), Bytes(300_001)];
        await Files.Put("k", bodies[0]);
        // A request of its own: two threads inside one exchange at the same moment are told "busy" (exchange.h).
        using var other = Lab.Begin();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                Assert.That((await other.Storage().Put("k", bodies[i % 2])).Result, Is.EqualTo(AbiResult.Ok));
            }
        });
        while (!writing.IsCompleted)
        {
            var got = await Files.Get("k");
            Assert.That(got.Result, Is.EqualTo(AbiResult.Ok), got.ToString);
            var seen = got.Blob((int)AbiObject.Facts);
            Assert.That(seen.AsSpan().SequenceEqual(bodies[seen.Length - 300_000]), Is.True);
        }
        await writing;
    }

    [Test]
    public async Task Folders_come_and_go_under_concurrent_puts_and_removes()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? Files.Remove($"x/y/{i % 7}") : Files.Put($"x/y/{i % 7}", Bytes(5))));
        Assert.That(replies.Select(reply => reply.Result), Is.All.EqualTo(AbiResult.Ok), () => string.Join('\n', replies.Where(r => r.Result != AbiResult.Ok)));
        foreach (var key in Keys(await Files.List()))
        {
            await Files.Remove(key);
        }
        Assert.That(Directory.EnumerateFileSystemEntries(Path.Combine(Root, "objects")), Is.Empty);
    }

    [Test]
    public async Task A_damaged_file_is_told_and_not_served()
    {
        await Files.Put("k", Bytes(100));
        File.WriteAllBytes(Path.Combine(Root, "objects/=k"), Encoding.ASCII.GetBytes("EDGEGWO1 and then something else entirely"));
        var got = await Files.Get("k");
        Assert.That((got.Result, got.Code), Is.EqualTo((AbiResult.IoError, "BrokenObject")), got.ToString);
    }

    [Test]
    public async Task An_object_over_the_limit_is_refused_and_leaves_nothing()
    {
        var limited = await ServiceAsync() with { Settings = new Dictionary<string, string> { ["maxObjectBytes"] = "1000" } };
        Lab.Configure(limited);
        Assert.That((await Files.Put("k", Bytes(1001))).Result, Is.EqualTo(AbiResult.TooLarge));
        Assert.That((await Files.OpenWrite("k", 1001)).Result, Is.EqualTo(AbiResult.TooLarge));
        var upload = await Files.OpenWrite("k", -1);
        await Files.Write(upload.Open, Bytes(1000));
        Assert.That((await Files.Write(upload.Open, Bytes(1))).Result, Is.EqualTo(AbiResult.TooLarge));
        await Files.Close(upload.Open);
        await NothingIsLeftAsync();
    }

    [Test]
    public async Task A_stream_outlives_the_change_of_its_service()
    {
        var upload = await Files.OpenWrite("k", -1);
        await Files.Write(upload.Open, Bytes(10));
        Lab.Configure(await ServiceAsync() with { PoolSize = 3 });
        Assert.That((await Files.Write(upload.Open, Bytes(10))).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That((await Files.Finish(upload.Open)).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That((await Files.Stat("k")).Number((int)AbiObject.Size), Is.EqualTo(20));
    }

    protected override Task<EpochService> ServiceAsync() => Task.FromResult(new EpochService { Kind = ServiceKinds.Storage, Name = "files", Provider = "directory" });

    protected override Task NothingIsLeftAsync() =>
        Eventually.TrueAsync(() => Task.FromResult(!Directory.EnumerateFiles(Path.Combine(Root, "tmp")).Any()), () => "an unfinished file is still there");
}
