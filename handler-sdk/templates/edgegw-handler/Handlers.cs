using System.Text.Json.Serialization;

namespace EdgeGwHandler1;

public static class Handlers
{
    [Handler("GET", "/hello/{name}")]
    [SelfTest("/hello/Ada", Contains = "Hello, Ada!")]
    public static Response Hello(Context context, Request request)
        => Response.Ok(new Greeting($"Hello, {request.PathParam("name")}!", request.RequestId), Json.Default.Greeting);
}

public sealed record Greeting(string Message, string RequestId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Greeting))]
internal sealed partial class Json : JsonSerializerContext;
