using EdgeGw.Tests.Support;

namespace EdgeGw.Load;

/// <summary>What is asked for, one comparison each: the servers are started for it alone.</summary>
internal static class Cases
{
    // Of both servers: what PostgreSQL does with more sessions than that on a small machine is no question of theirs.
    private const int Sessions = 16;

    private const string Page = """{"page":"cached","items":[1,2,3,4,5,6,7,8],"text":"as many bytes as a small answer has"}""";

    /// <summary>No backend; and how a killed worker and a rollback are felt.</summary>
    public static async Task<string> HelloAsync(Plan plan)
    {
        await using var gateway = await GatewayServer.StartAsync("Hello", "/hello");
        await using var baseline = await BaselineServer.StartAsync("/hello", new Dictionary<string, string>());
        return Report.Head("Load", plan) + await CompareAsync("`GET /hello`, three fields of JSON.", [gateway, baseline], plan) + await Resilience.ReportAsync();
    }

    /// <summary>One call of a backend in each request: the gateway's service beside the client library used directly.</summary>
    public static async Task<string> ServicesAsync(Plan plan) =>
        Report.Head("Load on services", plan)
        + "\n## Cache\n" + await CacheAsync(plan)
        + "\n## Database\n" + await DatabaseAsync(plan);

    private static async Task<string> CacheAsync(Plan plan)
    {
        await using var redis = await RedisServer.StartAsync();
        await redis.CliAsync("set", "page", Page);
        await using var gateway = await GatewayServer.StartAsync("Backends", "/pages/page", "cache:default", "--provider", "redis", "--set", "host=127.0.0.1", "--set", $"port={redis.Port}");
        await using var baseline = await BaselineServer.StartAsync("/pages/page", new Dictionary<string, string> { ["redis"] = $"127.0.0.1:{redis.Port}" });
        return await CompareAsync($"`GET /pages/page`: one get of {Page.Length} bytes from Redis, by `ctx.Cache` and by StackExchange.Redis. Redis itself is not counted.", [gateway, baseline], plan);
    }

    private static async Task<string> DatabaseAsync(Plan plan)
    {
        await using var postgres = await PostgresServer.StartAsync();
        await postgres.SqlAsync("create table products (id bigint primary key, name text not null, price_cents bigint not null)");
        await postgres.SqlAsync("insert into products select i, 'Product ' || i, i * 7 from generate_series(1, 10000) i");
        await postgres.SqlAsync("analyze products");
        await using var gateway = await GatewayServer.StartAsync("Backends", "/products/4711", "database:main", "--provider", "postgres", "--pool", $"{Sessions}", "--set", "host=127.0.0.1",
            "--set", $"port={postgres.Port}", "--set", $"database={PostgresServer.User}", "--set", $"user={PostgresServer.User}", "--set", $"password=file:{postgres.PasswordFile}");
        await using var baseline = await BaselineServer.StartAsync("/products/4711", new Dictionary<string, string>
        {
            ["postgres"] = $"Host=127.0.0.1;Port={postgres.Port};Database={PostgresServer.User};Username={PostgresServer.User};Maximum Pool Size={Sessions};Max Auto Prepare=64;Auto Prepare Min Usages=2",
            ["PGPASSWORD"] = PostgresServer.Password,
        });
        return await CompareAsync(
            $"`GET /products/4711`: one select by the primary key from PostgreSQL, by `ctx.Database` and by Npgsql (data source, prepared automatically), {Sessions} sessions each. PostgreSQL itself is not counted.",
            [gateway, baseline],
            plan);
    }

    private static async Task<string> CompareAsync(string what, IReadOnlyList<IServer> servers, Plan plan)
    {
        await SameAnswer.CheckAsync(servers);
        return Report.Write(what, await Measurement.RunAsync(servers, plan), await SameAnswer.HeadersAsync(servers));
    }
}
