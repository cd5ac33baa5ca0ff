using System.Text;
using EdgeGw.Load.Peers.Nginx;

namespace EdgeGw.Load;

/// <summary>What handlers do beside saying hello, over HTTP/1.1 and HTTP/2.</summary>
internal static class WorkCases
{
    private const int Streams = 100;

    /// <summary>Path and query parameters and three headers, answered as JSON.</summary>
    public static Task<Outcome> ParametersAsync(Plan plan) => WithProxyAsync(
        "Parameters and headers",
        "`GET /items/4711/lines/a-7?limit=10&sort=name`: two path parameters, two of the query and three headers, read and answered as JSON.",
        new Ask("/items/4711/lines/a-7?limit=10&sort=name") { Headers = new Dictionary<string, string> { ["Accept-Language"] = "de-AT", ["User-Agent"] = "bench", ["X-Tenant"] = "acme" } },
        plan);

    /// <summary>1 KiB of JSON in and out.</summary>
    public static Task<Outcome> JsonAsync(Plan plan)
    {
        var lines = string.Join(',', Enumerable.Range(1, 16).Select(i => $$"""{"sku":"article-{{i:0000}}","quantity":{{i}},"priceCents":{{i * 1999}}}"""));
        var order = Encoding.UTF8.GetBytes($$"""{"id":4711,"customer":"Ada Lovelace","note":"leave it with the neighbours","lines":[{{lines}}]}""");
        return WithProxyAsync(
            "JSON in and out",
            $"`POST /orders`: {order.Length} bytes of JSON read into an object with 16 lines, and the object written as JSON.",
            new Ask("/orders") { Body = order, Headers = new Dictionary<string, string> { ["Content-Type"] = "application/json" } },
            plan);
    }

    /// <summary>1 MiB from the client.</summary>
    public static Task<Outcome> UploadAsync(Plan plan) => WithProxyAsync(
        "Upload", "`POST /upload`: 1 MiB, read in pieces and counted.", new Ask("/upload") { Body = new byte[1 << 20], Headers = new Dictionary<string, string> { ["Content-Type"] = "application/octet-stream" } }, plan);

    /// <summary>1 MiB to the client; nginx sends a file.</summary>
    public static async Task<Outcome> DownloadAsync(Plan plan)
    {
        await using var servers = new Started();
        servers.Add(await GatewayServer.StartAsync("Work"));
        servers.Add(await BaselineServer.StartAsync());
        servers.Add(await NginxServer.BeforeAsync(await BaselineServer.StartAsync()));
        servers.Add(await NginxServer.StaticAsync());
        return await CompareAsync("Download", "`GET /megabyte`: 1 MiB from memory; nginx sends a file of it (`sendfile`).", servers.Asked(new Ask("/megabyte")), plan);
    }

    /// <summary>Many streams of a few connections.</summary>
    public static async Task<Outcome> Http2Async(Plan plan)
    {
        await using var servers = new Started();
        servers.Add(await GatewayServer.StartAsync("Hello"));
        servers.Add(await BaselineServer.StartAsync(new Dictionary<string, string> { ["http2"] = "1" }));
        servers.Add(await NginxServer.StaticAsync(http2: true));
        var what = $"`GET /hello` over HTTP/2 without TLS: {Plan.Http2Connections} connections of {Streams} streams each (`h2load -t1 -c{Plan.Http2Connections} -m{Streams}`); at half load a stream at once over more connections.";
        return await CompareAsync("HTTP/2", what, servers.Asked(new Ask("/hello") { Http2Streams = Streams }), plan);
    }

    /// <summary>A page of one comparison.</summary>
    public static async Task<Outcome> CompareAsync(string title, string what, IReadOnlyList<Contender> contenders, Plan plan)
    {
        var head = Report.Head(title, plan);
        var (page, measured) = await Cases.CompareAsync(what, contenders, plan);
        return new(head + page, measured, new Dictionary<string, double[]>());
    }

    private static async Task<Outcome> WithProxyAsync(string title, string what, Ask ask, Plan plan)
    {
        await using var servers = new Started();
        servers.Add(await GatewayServer.StartAsync("Work"));
        servers.Add(await BaselineServer.StartAsync());
        servers.Add(await NginxServer.BeforeAsync(await BaselineServer.StartAsync()));
        return await CompareAsync(title, what, servers.Asked(ask), plan);
    }
}
