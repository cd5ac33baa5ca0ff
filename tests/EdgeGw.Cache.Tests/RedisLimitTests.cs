using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeGw.Cache.Tests;

/// <summary>Large values, full servers and what is not plain bytes.</summary>
internal sealed class RedisLimitTests
{
    private RedisServer _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _server = await RedisServer.StartAsync(new RedisServerOptions { Arguments = ["--proto-max-bulk-len", "512mb"] });

    [OneTimeTearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task A_value_of_64_MB_is_set_and_got_where_the_bound_allows_it()
    {
        var value = new byte[64 << 20];
        new Random(1).NextBytes(value);
        await using var lab = new RedisLab(OneRedis.ServiceOn(_server, ("maxEntryBytes", $"{64 << 20}")));
        var set = await lab.Cache.Set("large"u8.ToArray(), value);
        Assert.That(set.Result, Is.EqualTo(AbiResult.Ok), set.ToString);
        var got = await lab.Cache.Get("large");
        Assert.That(got.Blob().AsSpan().SequenceEqual(value));
    }

    [Test]
    public async Task A_value_that_somebody_else_made_too_large_is_refused()
    {
        await _server.CliAsync("SETRANGE", "grown", $"{(8 << 20) - 1}", "ab");
        await using var lab = new RedisLab(OneRedis.ServiceOn(_server));
        var refused = await lab.Cache.Get("grown");
        Assert.That((refused.Result, refused.Error), Is.EqualTo((AbiResult.TooLarge, "A value of 8388609 bytes is larger than this cache takes (8388608 bytes, setting maxEntryBytes).")));
        await using var small = new RedisLab(OneRedis.ServiceOn(_server, ("maxEntryBytes", "1024")));
        await _server.CliAsync("SETRANGE", "half", "1024", "a");
        refused = await small.Cache.GetMany("half");
        Assert.That((refused.Result, refused.Error), Is.EqualTo((AbiResult.TooLarge, "A value of 1025 bytes is larger than this cache takes (1024 bytes, setting maxEntryBytes).")));
    }

    [Test]
    public async Task Values_that_are_too_large_together_are_refused()
    {
        await using var lab = new RedisLab(OneRedis.ServiceOn(_server, ("maxReplyBytes", "100000")));
        string[] keys = [.. Enumerable.Range(0, 100).Select(i => $"part{i}")];
        await lab.Cache.SetMany(0, [.. keys.Select(key => (key, new string('v', 2_000)))]);
        Assert.That((await lab.Cache.GetMany(keys[..40])).Values, Has.Count.EqualTo(40));
        var refused = await lab.Cache.GetMany(keys);
        Assert.That((refused.Result, refused.Error), Is.EqualTo((AbiResult.TooLarge, "The values of these keys are more than 100000 bytes together (setting maxReplyBytes): ask for fewer at once.")));
    }

    [Test]
    public async Task A_server_without_memory_refuses_writes_and_still_reads()
    {
        await using var full = await RedisServer.StartAsync(new RedisServerOptions { Arguments = ["--maxmemory", "4mb", "--maxmemory-policy", "noeviction"] });
        await using var lab = new RedisLab(OneRedis.ServiceOn(full));
        await lab.Cache.Set("k", "v");
        var refused = await lab.Cache.Set("large", new string('v', 4 << 20));
        for (var i = 0; i < 10 && refused.Result == AbiResult.Ok; i++)
        {
            refused = await lab.Cache.Set($"more{i}", "v");
        }
        Assert.That((refused.Result, refused.Code, refused.Error), Is.EqualTo((AbiResult.Refused, "OOM", $"The cache server 127.0.0.1:{full.Port} has no memory left (maxmemory), and writes nothing.")));
        Assert.That(await lab.TextAsync("k"), Is.EqualTo("v"));
    }

    [Test]
    public async Task A_key_with_something_else_than_bytes_is_refused()
    {
        await _server.CliAsync("LPUSH", "list", "a");
        await using var lab = new RedisLab(OneRedis.ServiceOn(_server));
        foreach (var reply in new[] { await lab.Cache.Get("list"), await lab.Cache.Add("list", 1), await lab.Cache.Add("list", 1, 1000) })
        {
            Assert.That((reply.Result, reply.Code, reply.Error),
                Is.EqualTo((AbiResult.Refused, "WRONGTYPE", $"The cache server 127.0.0.1:{_server.Port} has something else than plain bytes under this key: a list, a hash or the like.")));
        }
        Assert.That((await lab.Cache.GetMany("list")).Values, Is.EqualTo(new object?[] { null }), "as MGET has it");
        Assert.That((await lab.Cache.Exists("list")).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That((await lab.Cache.Set("list", "v")).Result, Is.EqualTo(AbiResult.Ok), "a set takes its place");
    }

    [Test]
    public async Task A_replica_that_takes_no_writes_is_said()
    {
        await using var replica = await RedisServer.StartAsync(new RedisServerOptions { Arguments = ["--replicaof", "127.0.0.1", $"{_server.Port}"] });
        await using var lab = new RedisLab(OneRedis.ServiceOn(replica));
        var refused = await lab.Cache.Set("k", "v");
        Assert.That((refused.Result, refused.Error), Is.EqualTo((AbiResult.Refused, $"The cache server 127.0.0.1:{replica.Port} is a replica and writes nothing: the setting host must name the primary.")));
    }

    [Test]
    public async Task What_is_published_is_received()
    {
        using var listener = new TcpClient();
        await listener.ConnectAsync(IPAddress.Loopback, _server.Port);
        await listener.GetStream().WriteAsync("SUBSCRIBE news\r\n"u8.ToArray());
        await using var lab = new RedisLab(OneRedis.ServiceOn(_server, ("prefix", "p:")));
        await Eventually.TrueAsync(async () => (await lab.Cache.Publish("news", "hello")).Affected == 1, () => "somebody listens");
        using var reader = new StreamReader(listener.GetStream(), Encoding.UTF8);
        using var patience = new CancellationTokenSource(Eventually.Patience);
        while (await reader.ReadLineAsync(patience.Token) != "hello")
        {
            // what comes before it
        }
    }

    [Test]
    public async Task The_prefix_keeps_services_on_one_server_apart()
    {
        await using (var one = new RedisLab(OneRedis.ServiceOn(_server, ("prefix", "one:"))))
        {
            await one.Cache.Set("k", "of one");
        }
        await using var two = new RedisLab(OneRedis.ServiceOn(_server, ("prefix", "two:")));
        Assert.That((await two.Cache.Get("k")).Result, Is.EqualTo(AbiResult.End));
        Assert.That(await _server.CliAsync("GET", "one:k"), Is.EqualTo("of one"));
    }
}
