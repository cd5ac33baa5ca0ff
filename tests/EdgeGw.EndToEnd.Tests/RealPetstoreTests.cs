using System.Diagnostics;

namespace EdgeGw.EndToEnd.Tests;

/// <summary>On servers: PostgreSQL by its Unix socket, Redis, and S3.</summary>
public sealed class RealPetstoreTests : PetstoreTests
{
    private const int Million = 1_000_000;
    private const long Flood = 1_000_000_000;

    /// <summary>Bytes that the worker may grow by while they go through: buffers, and what the collector leaves until it has to.</summary>
    private const long Growth = 60_000_000;

    private PostgresServer? _postgres;
    private RedisServer? _redis;
    private SwiftServer? _swift;

    protected override GatewayOptions Options { get; } = new() { Environment = new Dictionary<string, string?> { ["TEST_S3_SECRET"] = SwiftServer.SecretKey } };

    [OneTimeTearDown]
    public async Task StopServersAsync()
    {
        foreach (var server in new IAsyncDisposable?[] { _postgres, _redis, _swift }.OfType<IAsyncDisposable>())
        {
            await server.DisposeAsync();
        }
    }

    [Test]
    public async Task The_data_is_on_the_servers()
    {
        Assert.That(await _postgres!.SqlAsync("select name from pets where id = 2"), Is.EqualTo("Mia"));
        await TextAsync("/pets?limit=7");
        Assert.That(await _redis!.CliAsync("KEYS", "petstore:pets:list:*:0:7"), Does.EndWith(":0:7"));
        using var upload = new ByteArrayContent([1, 2, 3]) { Headers = { ContentType = new("image/gif") } };
        Assert.That((await Client.PutAsync("/pets/1/image", upload)).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await TextAsync("/pets/1/image/link"), Does.Contain($"http://{_swift!.Endpoint}/images/pets/1?"));
    }

    [Test]
    public async Task A_million_pets_come_down_in_constant_memory()
    {
        var worker = await Gateway.WorkerPidAsync();
        await _postgres!.SqlAsync($"insert into pets (id, name, name_lower, kind, born, price_cents) select {Flood} + i, 'Pet ' || i, 'pet ' || i, 'dog', date '2024-02-29', i from generate_series(1, {Million}) i");
        try
        {
            var (before, watch) = (ProcessFigures.ResidentBytes(worker), Stopwatch.StartNew());
            var (bytes, early, peak) = await ExportAsync(worker);
            TestContext.Out.WriteLine($"{Million} rows, {bytes / 1e6:0} MB of JSON lines in {watch.Elapsed.TotalSeconds:0.0} s; the worker had {before / 1e6:0.0} MB before,"
                + $" {early / 1e6:0.0} MB at most in the first tenth, {peak / 1e6:0.0} MB at most in all");
            Assert.That(peak - before, Is.LessThan(Growth));
        }
        finally
        {
            await _postgres.SqlAsync($"delete from pets where id > {Flood}");
        }
    }

    protected override async Task PrepareAsync()
    {
        _postgres = await PostgresServer.StartAsync();
        _redis = await RedisServer.StartAsync();
        _swift = await SwiftServer.StartAsync();
        await _swift.CreateBucketAsync("images");
        await Gateway.AddServiceAsync("database:main", "postgres", $"host={_postgres.SocketFolder}", $"port={_postgres.Port}", $"database={PostgresServer.User}", $"user={PostgresServer.User}",
            $"password=file:{_postgres.PasswordFile}");
        await Gateway.AddServiceAsync("cache:default", "redis", "host=127.0.0.1", $"port={_redis.Port}", "prefix=petstore:");
        await Gateway.AddServiceAsync("storage:files", "s3", $"endpoint={_swift.Endpoint}", "bucket=images", $"accessKey={SwiftServer.AccessKey}", "secretKey=env:TEST_S3_SECRET", "tls=false");
    }

    // Checks every line; gives the bytes, and the most that the worker had resident in the first tenth and in all.
    private async Task<(long Bytes, long Early, long Peak)> ExportAsync(int worker)
    {
        using var response = await Client.GetAsync("/pets/export", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        var (bytes, early, peak, flood) = (0L, 0L, 0L, 0L);
        while (await lines.ReadLineAsync() is { } line)
        {
            bytes += line.Length + 1;
            if (flood == 0 && !line.StartsWith($"{{\"id\":{Flood + 1},", StringComparison.Ordinal))
            {
                continue; // a pet of another test
            }
            flood++;
            Assert.That(line, Is.EqualTo($$"""{"id":{{Flood + flood}},"name":"Pet {{flood}}","kind":"dog","born":"2024-02-29","priceCents":{{flood}},"chip":null}"""));
            if (flood % 10_000 == 0)
            {
                peak = Math.Max(peak, ProcessFigures.ResidentBytes(worker));
                early = flood <= Million / 10 ? peak : early;
            }
        }
        Assert.That(flood, Is.EqualTo(Million));
        return (bytes, early, peak);
    }
}
