using System.Text.Json.Serialization;

namespace HelloSample;

/// <summary>The smallest handlers worth having.</summary>
public static class Hello
{
    [Handler("GET", "/hello")]
    public static Response Get(Request request)
        => Response.Ok(new Greeting("Hello, world!", request.RequestId, 1), Json.Default.Greeting);

    [Handler("GET", "/hello/{name}")]
    [SelfTest("/hello/Ada", Contains = "Hello, Ada!")]
    public static Response GetName(Context context, Request request)
        => Response.Ok(new Greeting($"Hello, {request.PathParam("name")}!", request.RequestId, 1), Json.Default.Greeting);
}

public sealed record Greeting(string Message, string RequestId, int Version);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Greeting))]
internal sealed partial class Json : JsonSerializerContext;
