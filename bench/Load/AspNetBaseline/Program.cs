using System.Text.Json.Serialization;
using Npgsql;
using StackExchange.Redis;

// What one writes without a gateway: an ASP.NET Core minimal API, published with NativeAOT, the handlers compiled in.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, BaselineJson.Default));
var app = builder.Build();
app.MapGet("/hello", () => new Greeting("Hello, world", "en", 1));
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

internal sealed record Product(long Id, string Name, long PriceCents);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Greeting))]
[JsonSerializable(typeof(Product))]
internal sealed partial class BaselineJson : JsonSerializerContext;
