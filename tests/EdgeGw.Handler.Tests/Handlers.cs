using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Serialization;

namespace EdgeGw.Tests;

/// <summary>The handlers that these tests send requests to.</summary>
public static class Handlers
{
    public static readonly SemaphoreSlim Gate = new(0);
    public static readonly TaskCompletionSource<string> LastCancellation = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private static readonly Response Kept = Response.Text("kept").WithHeader("X-Kept", "yes");

    [Handler("GET", "/hello/{name}", Name = "greet", DeadlineMs = 5000, MaxBodyBytes = 1000, Concurrency = 9)]
    public static Response Hello(Context context, Request request) => Response.Ok(new Item(1, request.PathParam("name")), TestJson.Default.Item);

    [Handler("GET", "/nothing")]
    public static Response Nothing() => Response.NoContent();

    [Handler("GET", "/kept")]
    public static Response KeptResponse(Context context) => Kept;

    [Handler("GET", "/task")]
    public static async Task<Response> TaskResponse(Context context)
    {
        await context.Delay(TimeSpan.FromMilliseconds(1));
        return Response.Text("task");
    }

    [Handler("GET", "/value-task")]
    public static async ValueTask<Response> ValueTaskResponse(Request request, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return Response.Text($"value task {request.Method} {cancellationToken.CanBeCanceled}");
    }

    [Handler("GET", "/request/{id:int}/{*rest}")]
    public static Response Echo(Request request) => Response.Text(string.Join('\n',
        request.Method, request.Path, request.Target, request.QueryString, request.Host, request.Scheme, request.IsSecure.ToString(), request.ClientAddress.ToString(),
        request.RequestId, request.Route, request.RequirePathParam<int>("id").ToString(null, null), request.PathParam("rest"),
        request.PathParamAs<long>("rest")?.ToString(null, null) ?? "null"));

    [Handler("GET", "/query")]
    public static Response Query(Request request) => Response.Text(
        $"{request.RequireQuery<int>("n")} {request.QueryAs<double>("d")?.ToString(null, null) ?? "null"} {request.QueryAs("f", 7)} {request.Query("s")} {string.Join('|', request.QueryAll("a"))}");

    [Handler("GET", "/headers")]
    public static Response Headers(Request request) => Response
        .Text($"{request.Header("x-one")} {string.Join('|', request.HeaderAll("X-Many"))} {request.Headers.Count} {request.Cookie("a")} {request.Cookie("b")} {request.Header("absent") is null}")
        .WithCookie("session", "a b;c").WithCookie("theme", "dark", new CookieOptions { MaxAge = TimeSpan.FromDays(1), Secure = true, SameSite = SameSite.Strict })
        .WithCors("https://example.com", credentials: true).WithCache(TimeSpan.FromMinutes(1)).WithStatus(203);

    [Handler("POST", "/items")]
    public static Response Post(Request request)
    {
        var item = request.Json(TestJson.Default.Item);
        if (item.Name.Length == 0)
            throw new HandlerError.Validation([new("name", "must not be empty"), new("name", "must be a name"), new("id", "is odd")]);
        return Response.Created($"/items/{item.Id}", item, TestJson.Default.Item);
    }

    [Handler("PUT", "/items")]
    public static async Task<Response> Put(Request request) => Response.Accepted(await request.JsonAsync(TestJson.Default.Item), TestJson.Default.Item);

    [Handler("POST", "/length", MaxBodyBytes = 100_000)]
    public static Response Length(Request request) => Response.Text($"{request.Body.Length} {request.HasBody} {request.ContentLength?.ToString(null, null) ?? "unknown"}");

    [Handler("POST", "/early")]
    public static async Task<Response> Early(Request request)
    {
        try
        {
            return Response.Text(request.BodyText());
        }
        catch (InvalidOperationException e)
        {
            return Response.Text($"{e.Message} {await request.ReadBodyTextAsync()}");
        }
    }

    [Handler("POST", "/echo", MaxBodyBytes = 1_000_000_000)]
    public static Task<Response> EchoBody(Request request) => Task.FromResult(Response.Stream(request.BodyStream));

    [Handler("POST", "/echo-chunks", MaxBodyBytes = 1_000_000_000)]
    public static ValueTask<Response> EchoChunks(Request request) => new(Response.Stream(request.ReadChunksAsync()));

    [Handler("POST", "/form")]
    public static Response Form(Request request) => Describe(request.Form(new FormLimits { Count = 3 }));

    [Handler("POST", "/form-async")]
    public static async Task<Response> FormAsync(Request request) => Describe(await request.FormAsync());

    [Handler("GET", "/error/{kind}")]
    public static Response Error(Request request) => throw (Exception)(request.PathParam("kind") switch
    {
        "bad" => new HandlerError.BadRequest("bad"),
        "unauthorized" => new HandlerError.Unauthorized(),
        "forbidden" => new HandlerError.Forbidden(),
        "not-found" => new HandlerError.NotFound(),
        "method" => new HandlerError.MethodNotAllowed("PUT"),
        "conflict" => new HandlerError.Conflict("conflict"),
        "large" => new HandlerError.PayloadTooLarge(),
        "internal" => new HandlerError.Internal("secret"),
        "database" => new HandlerError.Database("secret"),
        "cache" => new HandlerError.Cache("secret"),
        "storage" => new HandlerError.Storage("secret"),
        "unavailable" => new HandlerError.ServiceUnavailable(retryAfter: TimeSpan.FromMilliseconds(1500)),
        "unsendable" => new HandlerError.Unauthorized("who is it", "Bearer\r\nX-Injected: 1"),
        "memory" => new InsufficientMemoryException("none left"),
        _ => new InvalidOperationException("secret"),
    });

    [Handler("GET", "/problem")]
    public static Response Problem() => Response.Problem(418, "short and stout", "I am a teapot");

    [Handler("GET", "/json/{count:int}")]
    public static Response Json(Request request)
        => Response.Ok(Enumerable.Range(0, request.RequirePathParam<int>("count")).Select(i => new Item(i, new string('é', i % 100))).ToArray(), TestJson.Default.ItemArray);

    [Handler("GET", "/text/{count:int}")]
    public static Response Text(Request request) => Response.Html(string.Concat(Enumerable.Repeat("€𝄞a", request.RequirePathParam<int>("count"))));

    [Handler("GET", "/binary/{count:int}")]
    public static Response Binary(Request request) => Response.Binary(Bytes(request.RequirePathParam<int>("count")), "image/png");

    [Handler("GET", "/writer/{count:int}")]
    public static Response Writer(Request request)
    {
        var count = request.RequirePathParam<int>("count");
        return Response.Stream(async (body, token) => await body.WriteAsync(Bytes(count), token), length: count);
    }

    [Handler("GET", "/breaks")]
    public static Response Breaks() => Response.Stream(async (body, token) =>
    {
        await body.WriteAsync("half"u8.ToArray(), token);
        await body.FlushAsync(token);
        throw new InvalidOperationException("broke off");
    });

    [Handler("GET", "/events")]
    public static Response Events() => Response.ServerSentEvents(Counting());

    [Handler("GET", "/typed-events")]
    public static Response TypedEvents() => Response.ServerSentEvents(Items(), TestJson.Default.Item);

    [Handler("GET", "/waits")]
    public static async Task<Response> Waits(Context context)
    {
        try
        {
            await context.Delay(TimeSpan.FromHours(1));
            return Response.Ok();
        }
        catch (OperationCanceledException)
        {
            LastCancellation.TrySetResult($"{context.IsCancelled}");
            throw;
        }
    }

    [Handler("GET", "/deadline", DeadlineMs = 60_000)]
    public static Response Deadline(Context context) => Response.Text($"{context.Remaining > TimeSpan.FromSeconds(50)} {context.Deadline > DateTimeOffset.UtcNow}");

    [Handler("GET", "/log")]
    public static Response Log(Context context)
    {
        context.Log.Write(LogLevel.Trace, $"never {Evaluated("trace")}");
        context.Log.Write(LogLevel.Debug, $"seen {Evaluated("debug")} {1.5:0.00}");
        context.Log.Warning("careful", new InvalidOperationException("inner"));
        return Response.Text($"{context.Config["color"]} {context.Config.Get("size", 3)} {context.Config["absent"] is null}");
    }

    [Handler("GET", "/keeps")]
    public static Response Keeps(Request request)
    {
        KeptRequest = request;
        return Response.Ok();
    }

    [Handler("GET", "/refused-header")]
    public static Response RefusedHeader() => Response.Ok().WithHeader("Connection", "close");

    [Handler("GET", "/async-void")]
    public static async Task<Response> AsyncVoid(Context context)
    {
        Throws();
        await context.Delay(TimeSpan.FromMilliseconds(5));
        return Response.Ok();
    }

    [Handler("GET", "/away")]
    public static Response Away() => Response.Redirect("/elsewhere", 308);

    public static Request? KeptRequest { get; private set; }

    public static List<string> Evaluations { get; } = [];

    public static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    private static string Evaluated(string what)
    {
        Evaluations.Add(what);
        return what;
    }

    private static async void Throws()
    {
        await Task.Yield();
        throw new InvalidOperationException("nobody awaits me");
    }

    private static Response Describe(Form form)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in form.Fields)
            text.Append(name).Append('=').Append(value).Append(';');
        foreach (var file in form.Files)
            text.Append(file.Name).Append(':').Append(file.FileName).Append(':').Append(file.ContentType).Append(':').Append(Convert.ToHexString(file.Content.Span)).Append(';');
        return Response.Text(text.ToString());
    }

    private static async IAsyncEnumerable<string> Counting([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var i = 0; ; i++)
        {
            await Gate.WaitAsync(cancellationToken);
            yield return $"event {i}\nsecond line";
        }
    }

    private static async IAsyncEnumerable<SseItem<Item>> Items()
    {
        await Task.Yield();
        yield return new SseItem<Item>(new Item(1, "one"), "added") { EventId = "7" };
    }
}

public sealed record Item(int Id, string Name);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Item))]
[JsonSerializable(typeof(Item[]))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(System.Text.Json.JsonElement))]
internal sealed partial class TestJson : JsonSerializerContext;
