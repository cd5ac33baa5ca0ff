using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Npgsql;
using StackExchange.Redis;

// What one writes without a gateway: an ASP.NET Core minimal API, published with NativeAOT, the handlers compiled in.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, BaselineJson.Default));
if (builder.Configuration["http2"] is not null)
{
    // Without TLS a port speaks one of them.
    builder.WebHost.ConfigureKestrel(options => options.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
}
var app = builder.Build();
app.MapGet("/hello", () => new Greeting("Hello, world", "en", 1));
app.MapGet("/items/{id:long}/lines/{line}", (long id, string line, int limit, string? sort, HttpRequest request) =>
    new Item(id, line, limit, sort, request.Headers.AcceptLanguage, request.Headers.UserAgent, request.Headers["X-Tenant"]));
app.MapPost("/orders", (Order order) => order);
app.MapPost("/upload", async (HttpRequest request) =>
{
    var bytes = 0L;
    while (true)
    {
        var read = await request.BodyReader.ReadAsync();
        bytes += read.Buffer.Length;
        request.BodyReader.AdvanceTo(read.Buffer.End);
        if (read.IsCompleted)
        {
            return Results.Text($"{bytes}");
        }
    }
});
var megabyte = new byte[1 << 20];
Array.Fill(megabyte, (byte)'m');
app.MapGet("/megabyte", () => Results.Bytes(megabyte));
app.MapGet("/fast", () => Results.Text("fast"));
app.MapGet("/blocked", () =>
{
    Thread.Sleep(100);
    return Results.Text("blocked");
});
app.MapGet("/never", () =>
{
    Thread.Sleep(Timeout.Infinite);
    return Results.Text("never");
});
for (var i = 0; i < app.Configuration.GetValue("routes", 0); i++)
{
    app.MapGet($"/service{i}/items/{{id:int}}", () => new Greeting("Hello, world", "en", 1));
}
for (var i = 0; i < app.Configuration.GetValue("handlers", 0); i++)
{
    app.MapGet($"/h{i}/hello", () => new Greeting("Hello, world", "en", 1));
}
if (app.Configuration["redis"] is { } redis)
{
    // One connection for all, as its authors advise.
    var cache = (await ConnectionMultiplexer.ConnectAsync(redis)).GetDatabase();
    app.MapGet("/pages/{key}", async (string key) => (byte[]?)await cache.StringGetAsync(key) is { } page ? Results.Bytes(page, "application/json") : Results.NotFound());
}
if (app.Configuration["postgres"] is { } postgres)
{
    var database = new NpgsqlSlimDataSourceBuilder(postgres).Build();
    app.MapGet("/products/{id:long}", async (long id) =>
    {
        await using var command = database.CreateCommand("SELECT id, name, price_cents FROM products WHERE id = $1");
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? Results.Ok(new Product(reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2))) : Results.NotFound();
    });
}
app.Run();

internal sealed record Greeting(string Message, string Language, int Count);

internal sealed record Item(long Id, string Line, int Limit, string? Sort, string? Language, string? Agent, string? Tenant);

internal sealed record Order(long Id, string Customer, string Note, OrderLine[] Lines);

internal sealed record OrderLine(string Sku, int Quantity, long PriceCents);

internal sealed record Product(long Id, string Name, long PriceCents);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Greeting))]
[JsonSerializable(typeof(Item))]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Product))]
internal sealed partial class BaselineJson : JsonSerializerContext;
