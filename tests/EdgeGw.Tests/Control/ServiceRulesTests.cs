using EdgeGw.Control.Epochs;
using EdgeGw.Epochs;

namespace EdgeGw.Tests.Control;

/// <summary>A service is refused with every reason at once, and no reason repeats a value.</summary>
public sealed class ServiceRulesTests
{
    private const string Planted = "pl4nted-s3cret";

    [Test]
    public void Every_provider_can_be_configured_whole()
    {
        Assert.That(Check(
            EpochSamples.Service("database:a", "sqlite", ("path", "/var/lib/a.db"), ("busyTimeoutMs", "0"), ("maxRowBytes", "1024")),
            EpochSamples.Postgres("database:b", ("port", "5433"), ("password", "credential:b"), ("tls", "verify-full"), ("caFile", "/etc/ca.pem"), ("applicationName", "x")),
            EpochSamples.Postgres("database:c", ("host", "/var/run/postgresql")), EpochSamples.Postgres("database:d", ("host", "::1")), EpochSamples.Postgres("database:e", ("host", "env:PGHOST")),
            EpochSamples.Service("cache:a", "memory", ("maxBytes", "1048576"), ("maxEntryBytes", "1048576")),
            EpochSamples.Service("cache:b", "redis", ("host", "10.0.0.1"), ("port", "1"), ("user", "u"), ("password", "env:R"), ("tls", "true"), ("database", "3"), ("prefix", "p:")),
            EpochSamples.Service("storage:a", "directory", ("path", "data/x/y"), ("maxObjectBytes", "1"), ("publicUrl", "https://files.example.com/x")),
            EpochSamples.Service("storage:b", "s3", ("endpoint", "localhost:9000"), ("region", "eu"), ("bucket", "my.bucket-1"), ("accessKey", "AK"), ("secretKey", "file:/run/k"), ("tls", "false"), ("pathStyle", "true")),
            EpochSamples.Service("http:a", "client", ("allow", "api.example.com, *.example.org,10.0.0.1"), ("deny", ""), ("maxPerHost", "1"), ("maxResponseBytes", "1"), ("proxy", "env:PROXY"))), Is.Empty);
    }

    [TestCase("queue:x", "memory", "'queue' is not a kind of service: there are database, cache, storage, http; did you mean")]
    [TestCase("databse:x", "memory", "did you mean database?")]
    [TestCase("cache:x", "postgres", "'postgres' is not a provider of a cache: use memory or redis")]
    [TestCase("cache:..", "memory", "'..' is not a service's name")]
    [TestCase("cache:a b", "memory", "'a b' is not a service's name")]
    public void Kinds_providers_and_names_are_checked(string id, string provider, string reason) =>
        Assert.That(Check(EpochSamples.Service(id, provider)), Has.Count.EqualTo(1).And.One.Contains(reason));

    [TestCase("prot", "5432", "postgres has no setting 'prot'; did you mean 'port'?")]
    [TestCase("Password", "env:X", "did you mean 'password'?")]
    [TestCase("port", "0", "'port' must be a whole number from 1 to 65535")]
    [TestCase("port", "80 ", "'port' must be a whole number")]
    [TestCase("tls", "yes", "'tls' must be disable, prefer, require or verify-full")]
    [TestCase("host", Planted + ":x", "'host' must be a host name")]
    [TestCase("host", "", "'host' must not be empty")]
    [TestCase("caFile", "ca.pem", "'caFile' must be the absolute path of a file")]
    [TestCase("applicationName", "a\nb", "'applicationName' must have at most 1024 characters")]
    [TestCase("user", "env:" + Planted, "'user' needs a variable's name")]
    [TestCase("password", Planted, "'password' must say where the secret is, not what it is: write secret:name, env:NAME, file:/path or credential:name")]
    [TestCase("password", "", "'password' must say where")]
    public void Settings_are_checked_and_their_values_are_not_repeated(string key, string value, string reason)
    {
        var reasons = Check(EpochSamples.Postgres("database:x", (key, value)));
        Assert.That(reasons, Has.Count.EqualTo(1).And.One.Contains(reason).And.None.Contains(Planted));
    }

    [TestCase("storage:x", "s3", "endpoint", "http://s3.example.com")]
    [TestCase("storage:x", "s3", "endpoint", "ak:" + Planted + "@s3.example.com")]
    [TestCase("storage:x", "s3", "endpoint", "s3.example.com/bucket")]
    [TestCase("storage:x", "s3", "bucket", "My")]
    [TestCase("storage:x", "s3", "secretKey", Planted)]
    [TestCase("http:x", "client", "proxy", "http://user:" + Planted + "@proxy")]
    [TestCase("http:x", "client", "proxy", "socks5://proxy")]
    [TestCase("http:x", "client", "allow", "api.example.com:443")]
    [TestCase("http:x", "client", "allow", "a..b,c")]
    [TestCase("storage:x", "directory", "path", "epochs")]
    [TestCase("storage:x", "directory", "path", "data/../epochs")]
    [TestCase("storage:x", "directory", "path", "data/")]
    public void A_value_that_does_not_fit_is_named_by_its_key_alone(string id, string provider, string key, string value)
    {
        var settings = new Dictionary<string, string> { ["endpoint"] = "a", ["bucket"] = "abc", ["accessKey"] = "a", ["secretKey"] = "env:A" };
        var service = EpochSamples.Service(id, provider) with
        {
            Settings = provider == "s3" ? new Dictionary<string, string>(settings) { [key] = value } : new Dictionary<string, string> { [key] = value },
        };
        Assert.That(Check(service), Has.Count.EqualTo(1).And.One.Contains($"'{key}'").And.None.Contains(Planted));
    }

    [Test]
    public void What_must_be_given_and_is_not_is_named_with_its_meaning() =>
        Assert.That(Check(EpochSamples.Service("database:x", "postgres")), Is.EqualTo((string[])[
            "database:x: postgres needs the setting 'host': The server.", "database:x: postgres needs the setting 'database': The database.", "database:x: postgres needs the setting 'user': The role to log in as."]));

    [Test]
    public void A_null_is_no_value() =>
        Assert.That(Check(EpochSamples.Service("cache:x", "memory", ("maxBytes", null!))), Has.Count.EqualTo(1).And.One.Contains("must be text, not null"));

    [TestCase(0, 1, 1, "poolSize")]
    [TestCase(1001, 1, 1, "poolSize")]
    [TestCase(1, 0, 1, "queueLength")]
    [TestCase(1, 1_000_001, 1, "queueLength")]
    [TestCase(1, 1, 0, "timeoutMs")]
    [TestCase(1, 1, 600_001, "timeoutMs")]
    public void Bounds_have_bounds(int pool, int queue, int timeout, string what) =>
        Assert.That(Check(EpochSamples.Service("cache:x", "memory") with { PoolSize = pool, QueueLength = queue, TimeoutMs = timeout }), Has.Count.EqualTo(1).And.One.Contains($"{what} is"));

    [Test]
    public void Bounds_may_be_what_they_may_be() => Assert.That(
        Check(EpochSamples.Service("cache:x", "memory") with { PoolSize = 1, QueueLength = 1, TimeoutMs = 1 },
            EpochSamples.Service("cache:y", "memory") with { PoolSize = 1_000, QueueLength = 1_000_000, TimeoutMs = 600_000 }), Is.Empty);

    [Test]
    public void A_service_is_there_once() =>
        Assert.That(Check(EpochSamples.Service("cache:x", "memory"), EpochSamples.Service("cache:x", "memory")), Has.Count.EqualTo(1).And.One.Contains("cache:x is configured 2 times"));

    [TestCase("database:a", "sqlite", "data/main.db")]
    [TestCase("storage:main.db", "directory", null)]
    [TestCase("storage:a", "directory", "data/files/inner")]
    public void Two_services_do_not_share_their_data(string id, string provider, string? path) =>
        Assert.That(Check(EpochSamples.Service(id, provider, path is null ? [] : [("path", path)])), Has.Count.EqualTo(1).And.One.Contains("in the same place"));

    [Test]
    public void An_entry_fits_into_its_cache() =>
        Assert.That(Check(EpochSamples.Service("cache:x", "memory", ("maxBytes", "1048576"), ("maxEntryBytes", "1048577"))), Has.Count.EqualTo(1).And.One.Contains("'maxEntryBytes'"));

    [Test]
    public void Services_are_counted() =>
        Assert.That(Check([.. Enumerable.Range(0, 257).Select(i => EpochSamples.Service($"cache:c{i}", "memory"))]), Has.Count.EqualTo(1).And.One.Contains("257 services"));

    private static List<string> Check(params EpochService[] services)
    {
        var reasons = new List<string>();
        ServiceRules.Check(services, reasons);
        return reasons;
    }
}
