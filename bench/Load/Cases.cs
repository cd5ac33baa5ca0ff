using EdgeGw.Load.Peers.Kore;
using EdgeGw.Load.Peers.Nginx;
using EdgeGw.Load.Peers.Rust;
using EdgeGw.Tests.Support;

namespace EdgeGw.Load;

/// <summary>What is asked for without and with a backend, one comparison each: the servers are started for it alone.</summary>
internal static class Cases
{
    // Of both servers: what PostgreSQL does with more sessions than that on a small machine is no question of theirs.
    private const int Sessions = 16;

    private const string Page = """{"page":"cached","items":[1,2,3,4,5,6,7,8],"text":"as many bytes as a small answer has"}""";

    /// <summary>All peers, no backend; and how a killed worker and a rollback are felt.</summary>
    public static async Task<Outcome> HelloAsync(Plan plan)
    {
        var head = Report.Head("Load", plan);
        await using var servers = new Started();
        servers.Add(await GatewayServer.StartAsync("Hello"));
        servers.Add(await BaselineServer.StartAsync());
        servers.Add(await NginxServer.BeforeAsync(await BaselineServer.StartAsync()));
        servers.Add(await NginxServer.StaticAsync());
        servers.Add(await NginxServer.LuaAsync());
        servers.Add(await KoreServer.StartAsync());
        if (RustServer.IsBuilt)
        {
            servers.Add(await RustServer.StartAsync());
        }
        var (page, measured) = await CompareAsync("`GET /hello`, three fields of JSON.", servers.Asked(new Ask("/hello")), plan);
        var missing = RustServer.IsBuilt ? "" : "\nThere is no cargo on this machine: the architecture in Rust (hyper, libloading) was left out.\n";
        var (resilience, figures) = await Resilience.ReportAsync();
        return new(head + page + missing + resilience, measured, figures);
    }

    /// <summary>One call of a backend in each request: the gateway's service beside the client library used directly.</summary>
    public static async Task<Outcome> ServicesAsync(Plan plan)
    {
        var head = Report.Head("Load on services", plan);
        var (cachePage, cache) = await CacheAsync(plan);
        var (databasePage, database) = await DatabaseAsync(plan);
        return new(
            $"{head}\n## Cache\n{cachePage}\n## Database\n{databasePage}",
            [.. cache.Select(server => server with { Name = $"{server.Name}, cache" }), .. database.Select(server => server with { Name = $"{server.Name}, database" })],
            new Dictionary<string, double[]>());
    }

    /// <summary>Compares, after a look at whether they answer the same.</summary>
    public static async Task<(string Page, IReadOnlyList<Measured> Measured)> CompareAsync(string what, IReadOnlyList<Contender> contenders, Plan plan)
    {
        await SameAnswer.CheckAsync(contenders);
        var measured = await Measurement.RunAsync(contenders, plan);
        return (Report.Write(what, measured, contenders[0].Ask is { Body: null, Http2Streams: 0 } && contenders[0].Ask.Headers.Count == 0 ? await SameAnswer.HeadersAsync(contenders) : []), measured);
    }

    private static async Task<(string Page, IReadOnlyList<Measured> Measured)> CacheAsync(Plan plan)
    {
        await using var redis = await RedisServer.StartAsync();
        await redis.CliAsync("set", "page", Page);
        await using var servers = new Started();
        servers.Add(await GatewayServer.StartAsync("Backends", "cache:default", "--provider", "redis", "--set", "host=127.0.0.1", "--set", $"port={redis.Port}"));
        servers.Add(await BaselineServer.StartAsync(new Dictionary<string, string> { ["redis"] = $"127.0.0.1:{redis.Port}" }));
        var what = $"`GET /pages/page`: one get of {Page.Length} bytes from Redis, by `ctx.Cache` and by StackExchange.Redis. Redis itself is not counted.";
        return await CompareAsync(what, servers.Asked(new Ask("/pages/page")), plan);
    }

    private static async Task<(string Page, IReadOnlyList<Measured> Measured)> DatabaseAsync(Plan plan)
    {
        await using var postgres = await PostgresServer.StartAsync();
        await postgres.SqlAsync("create table products (id bigint primary key, name text not null, price_cents bigint not null)");
        await postgres.SqlAsync("insert into products select i, 'Product ' || i, i * 7 from generate_series(1, 10000) i");
        await postgres.SqlAsync("analyze products");
        await using var servers = new Started();
        servers.Add(await GatewayServer.StartAsync("Backends", "database:main", "--provider", "postgres", "--pool", $"{Sessions}", "--set", "host=127.0.0.1",
            "--set", $"port={postgres.Port}", "--set", $"database={PostgresServer.User}", "--set", $"user={PostgresServer.User}", "--set", $"password=file:{postgres.PasswordFile}"));
        servers.Add(await BaselineServer.StartAsync(new Dictionary<string, string>
        {
            ["postgres"] = $"Host=127.0.0.1;Port={postgres.Port};Database={PostgresServer.User};Username={PostgresServer.User};Maximum Pool Size={Sessions};Max Auto Prepare=64;Auto Prepare Min Usages=2",
            ["PGPASSWORD"] = PostgresServer.Password,
        }));
        var what = $"`GET /products/4711`: one select by the primary key from PostgreSQL, by `ctx.Database` and by Npgsql (data source, prepared automatically), {Sessions} sessions each. PostgreSQL itself is not counted.";
        return await CompareAsync(what, servers.Asked(new Ask("/products/4711")), plan);
    }
}
