using EdgeGw.Epochs;
using EdgeGw.Storage.Tests.Interop;

namespace EdgeGw.Storage.Tests.S3;

/// <summary>A server that is not there, does not answer, or does not want us. Each test has a server of its own where it harms it.</summary>
[TestFixture]
internal sealed class S3FaultTests
{
    [Test]
    public async Task A_stopped_server_is_told_in_a_sentence_and_used_again_after_its_restart()
    {
        await using var server = await SwiftServer.StartAsync();
        await using var site = new Site(await Swift.ServiceAsync(server));
        await site.Files.Put("k", [1, 2, 3]);
        await server.StopAsync();
        var down = await site.Files.Get("k");
        Assert.That(down.Result, Is.EqualTo(AbiResult.Unavailable), down.ToString);
        Assert.That(down.Error, Does.Not.Contain(SwiftServer.SecretKey));
        await server.StartAgainAsync();
        await site.AnswersAgainAsync();
        Assert.That((await site.Files.Get("k")).Blob((int)AbiObject.Facts), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public async Task A_frozen_server_costs_its_callers_their_time_and_no_more()
    {
        await using var server = await SwiftServer.StartAsync();
        await using var site = new Site(await Swift.ServiceAsync(server) with { TimeoutMs = 500 });
        await site.Files.Put("k", [1]);
        await server.FreezeAsync();
        var frozen = await site.Files.Get("k");
        Assert.That(frozen.Result, Is.EqualTo(AbiResult.TimedOut), frozen.ToString);
        // So many have to time out until it counts as down.
        await Eventually.TrueAsync(async () => (frozen = await site.Files.Stat("k")).Result != AbiResult.TimedOut, frozen.ToString);
        Assert.That(frozen.Result, Is.EqualTo(AbiResult.Unavailable), frozen.ToString);
        await server.ThawAsync();
        await site.AnswersAgainAsync();
    }

    [Test]
    public async Task An_upload_that_the_server_s_end_interrupts_is_told_and_its_parts_go_when_it_is_back()
    {
        await using var server = await SwiftServer.StartAsync();
        var service = await Swift.ServiceAsync(server);
        await using var site = new Site(service with { TimeoutMs = 1000 });
        var upload = await site.Files.OpenWrite("big", -1);
        Assert.That((await site.Files.Write(upload.Open, new byte[9 << 20])).Result, Is.EqualTo(AbiResult.Ok));
        await server.FreezeAsync();
        var written = upload;
        // Parts that go at once are not waited for.
        await Eventually.TrueAsync(async () => (written = await site.Files.Write(upload.Open, new byte[9 << 20])).Result != AbiResult.Ok, () => "the upload goes on");
        Assert.That(written.Result, Is.EqualTo(AbiResult.TimedOut), written.ToString);
        await server.ThawAsync();
        await site.AnswersAgainAsync();
        Assert.That((await site.Files.Finish(upload.Open)).Result, Is.EqualTo(AbiResult.Refused));
        Assert.That((await site.Files.Stat("big")).Result, Is.EqualTo(AbiResult.End));
        await Eventually.TrueAsync(async () => await Swift.UnfinishedAsync(service) == 0, () => "an unfinished upload is still on the server");
    }

    [Test]
    public async Task A_port_where_nobody_listens_is_unavailable()
    {
        await using var site = new Site(Swift.Service("127.0.0.1:1", "tests"));
        var refused = await site.Files.Put("k", [1]);
        Assert.That(refused.Result, Is.EqualTo(AbiResult.Unavailable), refused.ToString);
        Assert.That((await site.Files.Stat("k")).Error, Does.Contain("nothing takes connections"));
    }

    [Test]
    public async Task A_wrong_secret_is_refused_without_being_told()
    {
        var service = await Swift.ServiceAsync(await Swift.ServerAsync());
        Environment.SetEnvironmentVariable("EDGEGW_TEST_S3_WRONG", "not-the-secret");
        await using var site = new Site(With(service, ("secretKey", "env:EDGEGW_TEST_S3_WRONG")));
        foreach (var reply in (Reply[])[await site.Files.Get("k"), await site.Files.Put("k", [1]), await site.Files.List(), await site.Files.Stat("k"), await site.Files.Put("k", new byte[6 << 20])])
        {
            Assert.That(reply.Result, Is.EqualTo(AbiResult.Refused), reply.ToString);
            Assert.That(reply.Error, Does.Contain("secretKey").And.Not.Contain("not-the-secret"));
        }
        Assert.That((await site.Files.Get("k")).Code, Is.EqualTo("SignatureDoesNotMatch"));
    }

    [Test]
    public async Task A_missing_bucket_is_named_by_every_call()
    {
        var server = await Swift.ServerAsync();
        Func<StorageClient, Task<Reply>>[] calls =
        [
            files => files.Get("k"), files => files.Put("k", [1]), files => files.Stat("k"), files => files.List(), files => files.Copy("k", "l"), files => files.Remove("k"),
        ];
        foreach (var call in calls)
        {
            await using var site = new Site(Swift.Service(server.Endpoint, "not-there"));
            var reply = await call(site.Files);
            Assert.That((reply.Result, reply.Code), Is.EqualTo((AbiResult.Unavailable, "NoSuchBucket")), reply.ToString);
            Assert.That(reply.Error, Does.Contain("'not-there'"));
        }
    }

    [Test]
    public async Task The_trial_of_a_configuration_tells_what_is_wrong_with_it()
    {
        var server = await Swift.ServerAsync();
        await using var site = new Site(Swift.Service(server.Endpoint, "not-there"));
        var backend = site.Lab.Actor(ServiceKinds.Storage, "files").Backend;
        var error = Assert.CatchAsync(() => backend.CheckAsync(CancellationToken.None).AsTask());
        Assert.That(backend.Classify(error!).Error, Is.EqualTo("The storage has no bucket 'not-there': create it, or change the setting bucket."));
    }

    [Test]
    public async Task Metadata_over_the_server_s_limit_fails_and_leaves_no_object()
    {
        await using var site = new Site(await Swift.ServiceAsync(await Swift.ServerAsync()));
        var reply = await site.Files.Put("k", [1], "", ("long", new string('x', 8000)));
        Assert.That(reply.Result, Is.LessThan(AbiResult.Ok), reply.ToString);
        Assert.That(reply.Code, Is.Not.Empty);
        Assert.That((await site.Files.Stat("k")).Result, Is.EqualTo(AbiResult.End));
    }

    [Test]
    public async Task TLS_is_spoken_to_whoever_the_file_of_authorities_trusts_and_to_nobody_else()
    {
        var server = await Swift.ServerAsync();
        var plain = await Swift.ServiceAsync(server);
        using var folder = new TemporaryFolder();
        await using var front = new TlsFront(folder, server.Port);
        var secure = With(plain, ("endpoint", $"localhost:{front.Port}"), ("tls", "true"));

        await using (var trusting = new Site(With(secure, ("caFile", front.CaFile))))
        {
            Assert.That((await trusting.Files.Put("k", [1, 2])).Result, Is.EqualTo(AbiResult.Ok));
            Assert.That((await trusting.Files.Get("k")).Blob((int)AbiObject.Facts), Is.EqualTo(new byte[] { 1, 2 }));
        }
        await using (var distrusting = new Site(secure))
        {
            var reply = await distrusting.Files.Get("k");
            Assert.That((reply.Result, reply.Code), Is.EqualTo((AbiResult.Unavailable, "TLS")), reply.ToString);
        }
        await using (var toPlain = new Site(With(plain, ("tls", "true"))))
        {
            var reply = await toPlain.Files.Get("k");
            Assert.That((reply.Result, reply.Code), Is.EqualTo((AbiResult.Unavailable, "TLS")), reply.ToString);
        }
        await using (var toSecure = new Site(With(secure, ("tls", "false"))))
        {
            var reply = await toSecure.Files.Get("k");
            Assert.That(reply.Result, Is.EqualTo(AbiResult.Unavailable), reply.ToString);
        }
    }

    private static EpochService With(EpochService service, params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string>(service.Settings);
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }
        return service with { Settings = all };
    }

    private sealed class Site : IAsyncDisposable
    {
        private readonly TemporaryFolder _state = new();
        private readonly LabExchange _exchange;

        public Site(EpochService service)
        {
            Lab = new Lab(_state.Root, service);
            _exchange = Lab.Begin();
        }

        public Lab Lab { get; }

        public StorageClient Files => _exchange.Storage();

        public Task AnswersAgainAsync() =>
            Eventually.TrueAsync(() => Task.FromResult(Lab.Actor(ServiceKinds.Storage, "files").Health.Error is null), () => Lab.Actor(ServiceKinds.Storage, "files").Health.Error!);

        public async ValueTask DisposeAsync()
        {
            _exchange.Dispose();
            await Lab.DisposeAsync();
            _state.Dispose();
        }
    }
}
