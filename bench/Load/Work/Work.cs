using System.Globalization;
using System.Text.Json.Serialization;

namespace WorkBench;

/// <summary>What handlers do beside saying hello; the same answers as the baseline's.</summary>
public static class Work
{
    private static readonly byte[] s_megabyte = Megabyte();

    /// <summary>Path and query parameters, and three headers.</summary>
    [Handler("GET", "/items/{id:long}/lines/{line}")]
    public static Response Item(Request request) => Response.Ok(
        new Item(request.RequirePathParam<long>("id"), request.PathParam("line"), request.RequireQuery<int>("limit"), request.Query("sort"), request.Header("Accept-Language"), request.Header("User-Agent"), request.Header("X-Tenant")),
        WorkJson.Default.Item);

    /// <summary>JSON in, JSON out.</summary>
    [Handler("POST", "/orders")]
    public static async Task<Response> Order(Request request) => Response.Ok(await request.JsonAsync(WorkJson.Default.Order), WorkJson.Default.Order);

    /// <summary>Says how many bytes came, without keeping any.</summary>
    [Handler("POST", "/upload")]
    public static async Task<Response> Upload(Request request)
    {
        long bytes = 0;
        await foreach (var chunk in request.ReadChunksAsync())
            bytes += chunk.Length;
        return Response.Text(bytes.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>1 MiB from memory.</summary>
    [Handler("GET", "/megabyte")]
    public static Response Download() => Response.Binary(s_megabyte);

    /// <summary>Answers at once, beside the two below.</summary>
    [Handler("GET", "/fast")]
    public static Response Fast() => Response.Text("fast");

    /// <summary>Holds its thread for 100 ms.</summary>
    [Handler("GET", "/blocked")]
    public static Response Blocked()
    {
        Thread.Sleep(100);
        return Response.Text("blocked");
    }

    /// <summary>Holds its thread for ever.</summary>
    [Handler("GET", "/never")]
    public static Response Never()
    {
        Thread.Sleep(Timeout.Infinite);
        return Response.Text("never");
    }

    private static byte[] Megabyte()
    {
        var bytes = new byte[1 << 20];
        bytes.AsSpan().Fill((byte)'m');
        return bytes;
    }
}

/// <summary>What was asked for.</summary>
public sealed record Item(long Id, string Line, int Limit, string? Sort, string? Language, string? Agent, string? Tenant);

/// <summary>About 1 KiB as JSON.</summary>
public sealed record Order(long Id, string Customer, string Note, OrderLine[] Lines);

/// <summary>A line of it.</summary>
public sealed record OrderLine(string Sku, int Quantity, long PriceCents);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Item))]
[JsonSerializable(typeof(Order))]
internal sealed partial class WorkJson : JsonSerializerContext;
