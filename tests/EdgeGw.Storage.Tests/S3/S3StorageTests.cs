using EdgeGw.Epochs;

namespace EdgeGw.Storage.Tests.S3;

/// <summary>The sentences about storages, on a real S3 server.</summary>
[TestFixture]
internal sealed class S3StorageTests : StorageBehaviour
{
    private EpochService _service = null!;

    [Test]
    public async Task A_presigned_URL_puts_and_gets_without_a_key()
    {
        using var http = new HttpClient { Timeout = Eventually.Patience };
        using var put = await http.PutAsync((await Files.Presign(AbiPresign.Put, "a/ö b.bin", 60)).Text(0), new ByteArrayContent(Bytes(1000)));
        Assert.That(put.IsSuccessStatusCode, Is.True, await put.Content.ReadAsStringAsync());
        var url = (await Files.Presign(AbiPresign.Get, "a/ö b.bin", 60)).Text(0);
        Assert.That(await http.GetByteArrayAsync(url), Is.EqualTo(Bytes(1000)));
        using var forged = await http.GetAsync(url[..^1] + (url[^1] == '0' ? '1' : '0'));
        Assert.That(forged.StatusCode, Is.EqualTo(System.Net.HttpStatusCode.Forbidden));
        Assert.That(url, Does.Not.Contain(SwiftServer.SecretKey));
    }

    [Test]
    public async Task A_stream_outlives_the_change_of_its_service()
    {
        var upload = await Files.OpenWrite("k", -1);
        await Files.Write(upload.Open, Bytes(10));
        Lab.Configure(_service with { PoolSize = 3 });
        Assert.That((await Files.Write(upload.Open, Bytes(10))).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That((await Files.Finish(upload.Open)).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That((await Files.Stat("k")).Number((int)AbiObject.Size), Is.EqualTo(20));
    }

    [Test]
    public async Task An_upload_of_more_parts_than_go_at_once_keeps_their_order()
    {
        Lab.Configure(With(("partBytes", "5242880"), ("partsInFlight", "1")));
        var upload = await Files.OpenWrite("parts", -1);
        for (var i = 0; i < 8; i++)
        {
            var piece = new byte[3_000_000];
            Array.Fill(piece, (byte)i);
            Assert.That((await Files.Write(upload.Open, piece)).Result, Is.EqualTo(AbiResult.Ok));
        }
        Assert.That((await Files.Finish(upload.Open)).Result, Is.EqualTo(AbiResult.Ok));
        var got = await ReadAllAsync("parts");
        Assert.That(got.Select((b, i) => b == i / 3_000_000).All(same => same), Is.True);
        await NothingIsLeftAsync();
    }

    [Test]
    public async Task An_object_of_more_parts_than_a_server_takes_is_refused_at_once()
    {
        var reply = await Files.OpenWrite("huge", 8_388_608L * 10_000 + 1);
        Assert.That((reply.Result, reply.Code), Is.EqualTo((AbiResult.TooLarge, "EntityTooLarge")), reply.ToString);
        Assert.That(reply.Error, Does.Contain("partBytes"));
    }

    private EpochService With(params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string>(_service.Settings);
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }
        return _service with { Settings = all };
    }

    protected override async Task<EpochService> ServiceAsync() => _service = await Swift.ServiceAsync(await Swift.ServerAsync());

    protected override Task NothingIsLeftAsync() =>
        Eventually.TrueAsync(async () => await Swift.UnfinishedAsync(_service) == 0, () => "an unfinished upload is still on the server");
}
