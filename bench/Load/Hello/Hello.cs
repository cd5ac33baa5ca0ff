using System.Text.Json.Serialization;

namespace HelloBench;

/// <summary>The same answer as the baseline's.</summary>
public static class Hello
{
    /// <summary>Three fields.</summary>
    [Handler("GET", "/hello")]
    public static Response Get(Context context, Request request) => Response.Ok(new Greeting("Hello, world", "en", 1), HelloJson.Default.Greeting);
}

/// <summary>Three fields.</summary>
public sealed record Greeting(string Message, string Language, int Count);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Greeting))]
internal sealed partial class HelloJson : JsonSerializerContext;
