using System.Text.Json.Serialization;

// What one writes without a gateway: an ASP.NET Core minimal API, published with NativeAOT, the handler compiled in.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, BaselineJson.Default));
var app = builder.Build();
app.MapGet("/hello", () => new Greeting("Hello, world", "en", 1));
app.Run();

internal sealed record Greeting(string Message, string Language, int Count);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Greeting))]
internal sealed partial class BaselineJson : JsonSerializerContext;
