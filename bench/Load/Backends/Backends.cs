using System.Text.Json.Serialization;

namespace BackendsBench;

/// <summary>One get of a cache, one select of a database; the same answers as the baseline's.</summary>
public static class Backends
{
    /// <summary>A cached page.</summary>
    [Handler("GET", "/pages/{key}")]
    public static async Task<Response> Page(Context context, Request request)
    {
        var page = await context.Cache("default").GetAsync(request.RequirePathParam<string>("key")) ?? throw new HandlerError.NotFound();
        return Response.Binary(page, "application/json");
    }

    /// <summary>A row by its key.</summary>
    [Handler("GET", "/products/{id:long}")]
    public static async Task<Response> Product(Context context, Request request)
    {
        var product = await context.Database("main").QueryOneAsync<Product>("SELECT id, name, price_cents FROM products WHERE id = $1", request.RequirePathParam<long>("id"));
        return Response.Ok(product ?? throw new HandlerError.NotFound(), BackendsJson.Default.Product);
    }
}

/// <summary>A row.</summary>
[Row]
public sealed partial record Product(long Id, string Name, long PriceCents);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Product))]
internal sealed partial class BackendsJson : JsonSerializerContext;
