
namespace EdgeGw.Cache.Tests;

/// <summary>Passwords, users and certificates.</summary>
internal sealed class RedisAccessTests
{
    private const string Refused = "does not accept the user and the password of this service, or asks for ones that are not set.";

    [OneTimeSetUp]
    public void SetSecrets()
    {
        Environment.SetEnvironmentVariable("CACHE_TESTS_WRONG", "wr0ng");
        Environment.SetEnvironmentVariable("CACHE_TESTS_APP", "app-pass");
    }

    [Test]
    public async Task A_wrong_password_is_said_and_not_repeated()
    {
        var down = await FirstReplyAsync(OneRedis.Server, ("password", "env:CACHE_TESTS_WRONG"));
        Assert.That((down.Result, down.Error), Is.EqualTo((AbiResult.Unavailable, $"The cache server 127.0.0.1:{OneRedis.Server.Port} {Refused}")));
    }

    [Test]
    public async Task A_missing_password_is_said()
    {
        var down = await FirstReplyAsync(OneRedis.Server);
        Assert.That((down.Result, down.Error), Is.EqualTo((AbiResult.Unavailable, $"The cache server 127.0.0.1:{OneRedis.Server.Port} {Refused}")));
    }

    [Test]
    public async Task A_password_that_is_changed_on_the_server_is_taken_over_with_the_service()
    {
        await using var server = await RedisServer.StartAsync();
        await using var lab = new RedisLab(OneRedis.ServiceOn(server));
        Assert.That((await lab.Cache.Set("k", "v")).Result, Is.EqualTo(AbiResult.Ok));
        await server.CliAsync("CONFIG", "SET", "requirepass", OneRedis.Password);
        await server.CliAsync("-a", OneRedis.Password, "--no-auth-warning", "CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        var reply = await lab.Cache.Get("k");
        await Eventually.TrueAsync(async () => (reply = await lab.Cache.Get("k")).Error.EndsWith(Refused, StringComparison.Ordinal), () => $"the service says why: {reply}");
        lab.Lab.Configure(OneRedis.ServiceOn(server, ("password", "env:CACHE_TESTS_PASSWORD")));
        Assert.That(await lab.TextAsync("k"), Is.EqualTo("v"));
    }

    [Test]
    public async Task A_user_that_may_only_do_what_the_service_needs_can_be_used()
    {
        await using var server = await RedisServer.StartAsync(AppUser());
        await using var lab = new RedisLab(OneRedis.ServiceOn(server, ("user", "app"), ("password", "env:CACHE_TESTS_APP"), ("prefix", "app:")));
        var set = await lab.Cache.SetMany(60_000, ("a", "1"), ("b", "2"));
        Assert.That(set.Result, Is.EqualTo(AbiResult.Ok), set.ToString);
        var got = await lab.Cache.GetMany("a", "b");
        Assert.That(got.Values, Has.Count.EqualTo(2), got.ToString);
        Assert.That((await lab.Cache.Add("a", 4, 60_000)).Number(), Is.EqualTo(5));
        Assert.That((await lab.Cache.Expire("a", 0)).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That((await lab.Cache.Remove("a", "b")).Affected, Is.EqualTo(2));
    }

    [Test]
    public async Task What_a_user_may_not_do_is_refused_and_the_service_goes_on()
    {
        await using var server = await RedisServer.StartAsync(AppUser());
        await using var lab = new RedisLab(OneRedis.ServiceOn(server, ("user", "app"), ("password", "env:CACHE_TESTS_APP")));
        var refused = await lab.Cache.Get("not:its");
        Assert.That((refused.Result, refused.Code, refused.Error), Is.EqualTo((AbiResult.Refused, "NOPERM", $"The cache server 127.0.0.1:{server.Port} does not allow this to the user of this service (ACL).")));
        Assert.That((await lab.Cache.Get("app:its")).Result, Is.EqualTo(AbiResult.End));
    }

    [Test]
    public async Task TLS_with_a_known_authority_works()
    {
        await using var server = await RedisServer.StartAsync(new RedisServerOptions { Tls = true, Password = OneRedis.Password });
        await using var lab = new RedisLab(OneRedis.ServiceOn(server, ("tls", "true"), ("caFile", server.CaFile), ("password", "env:CACHE_TESTS_PASSWORD")));
        Assert.That((await lab.Cache.Set("k", new string('v', 100_000))).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That(await lab.TextAsync("k"), Has.Length.EqualTo(100_000));
    }

    [Test]
    public async Task A_certificate_of_an_unknown_authority_is_refused()
    {
        await using var server = await RedisServer.StartAsync(new RedisServerOptions { Tls = true });
        await using var other = await RedisServer.StartAsync(new RedisServerOptions { Tls = true });
        foreach (var settings in ((string, string)[][])[[("tls", "true")], [("tls", "true"), ("caFile", other.CaFile)]])
        {
            var down = await FirstReplyAsync(server, settings);
            Assert.That((down.Result, down.Error), Is.EqualTo((AbiResult.Unavailable,
                $"The cache server 127.0.0.1:{server.Port} has a certificate that is not trusted or is not for this host (RemoteCertificateChainErrors): see the settings host and caFile.")));
        }
    }

    [Test]
    public async Task A_certificate_for_another_host_is_refused()
    {
        await using var server = await RedisServer.StartAsync(new RedisServerOptions { Tls = true, Arguments = ["--bind", "127.0.0.2"] });
        var down = await FirstReplyAsync(server, ("tls", "true"), ("caFile", server.CaFile), ("host", "127.0.0.2"));
        Assert.That((down.Result, down.Error), Is.EqualTo((AbiResult.Unavailable,
            $"The cache server 127.0.0.2:{server.Port} has a certificate that is not trusted or is not for this host (RemoteCertificateNameMismatch): see the settings host and caFile.")));
    }

    [Test]
    public async Task TLS_to_a_server_without_it_is_said()
    {
        var down = await FirstReplyAsync(OneRedis.Server, ("tls", "true"), ("connectTimeoutMs", "300"));
        Assert.That((down.Result, down.Error), Is.EqualTo((AbiResult.Unavailable, $"The cache server 127.0.0.1:{OneRedis.Server.Port} does not answer; if it does not speak TLS, see the setting tls.")));
    }

    [Test]
    public async Task No_TLS_to_a_server_with_it_is_said()
    {
        await using var server = await RedisServer.StartAsync(new RedisServerOptions { Tls = true });
        var down = await FirstReplyAsync(server);
        Assert.That((down.Result, down.Error), Is.EqualTo((AbiResult.Unavailable, $"The cache server 127.0.0.1:{server.Port} closes the connection before it answers; if it speaks only TLS, see the setting tls.")));
    }

    [TestCase("no such file")]
    [TestCase("")]
    public void An_authority_that_is_none_is_refused_when_the_service_is_set_up(string content)
    {
        using var folder = new TemporaryFolder();
        var file = content.Length > 0 ? folder["missing.pem"] : folder.Write("empty.pem", "");
        var service = OneRedis.ServiceOn(OneRedis.Server, ("tls", "true"), ("caFile", file));
        var fault = Assert.Throws<EdgeGw.Services.ServiceConfigurationException>(() => EdgeGw.Services.ServiceBackends.Create(service, folder.Root, TimeProvider.System));
        Assert.That(fault!.Message, Does.StartWith("'caFile' "));
    }

    private static async Task<Reply> FirstReplyAsync(RedisServer server, params (string Key, string Value)[] settings)
    {
        var service = OneRedis.ServiceOn(server);
        foreach (var (key, value) in settings)
        {
            service = service with { Settings = new Dictionary<string, string>(service.Settings) { [key] = value } };
        }
        await using var lab = new RedisLab(service);
        return await lab.Cache.Get("k");
    }

    // The commands of docs/services-cache.md.
    private static RedisServerOptions AppUser() => new()
    {
        Arguments = ["--user", "default", "off", "--user", "app", "on", ">app-pass", "~app:*", "&*", "resetchannels",
            "+ping", "+echo", "+info", "+client", "+select", "+get", "+mget", "+set", "+setex", "+psetex", "+setnx", "+del", "+unlink", "+exists", "+incrby", "+decrby", "+incr", "+decr", "+expire", "+pexpire", "+persist", "+publish", "+multi", "+exec"],
    };
}
