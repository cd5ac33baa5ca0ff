namespace EdgeGw.Fixtures;

/// <summary>Handlers that throw, exhaust their heap or stack, give up, wait, and read too late.</summary>
public static class Managed
{
    private static readonly List<byte[]> Hoard = [];

    private static int Turns;

    [Handler("GET", "/managed/throw")]
    public static Response Throw(Context context, Request request) => throw new InvalidOperationException("a secret of the handler");

    [Handler("GET", "/managed/null")]
    public static Response Null(Context context, Request request)
    {
        string? nothing = request.Method == "GET" ? null : "";
        return Response.Ok(nothing!.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Handler("GET", "/managed/not-found")]
    public static Response NotFound(Context context, Request request) => throw new HandlerError.NotFound("no such thing");

    [Handler("GET", "/managed/throw-async")]
    public static async Task<Response> ThrowAsync(Context context, Request request)
    {
        await context.Delay(TimeSpan.FromMilliseconds(1));
        throw new InvalidOperationException("a secret of the handler");
    }

    [Handler("GET", "/managed/hoard")]
    public static Response HoardMemory(Context context, Request request)
    {
        try
        {
            for (; ; )
            {
                Hoard.Add(new byte[1_000_000]);
            }
        }
        finally
        {
            Hoard.Clear();
        }
    }

    /// <summary>A loop that never ends, in a method of its own so that a report can name it.</summary>
    [Handler("GET", "/managed/loop")]
    public static Response Loop(Context context, Request request)
    {
        for (; ; )
        {
            Volatile.Write(ref Turns, Turns ^ 1);
        }
    }

    [Handler("GET", "/managed/allocate/{bytes:int}")]
    public static Response Allocate(Context context, Request request)
    {
        var block = new byte[request.RequirePathParam<int>("bytes")];
        return Response.Ok(block.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Handler("GET", "/managed/fail-fast")]
    public static Response FailFast(Context context, Request request)
    {
        Environment.FailFast("the handler gives up");
        return Response.Ok("never");
    }

    [Handler("GET", "/managed/thread-throw")]
    public static Response ThreadThrow(Context context, Request request)
    {
        new Thread(() => throw new InvalidOperationException("nobody catches this")).Start();
        return Response.Ok("started");
    }

    [Handler("GET", "/managed/recurse")]
    public static Response Recurse(Context context, Request request) => Response.Ok(Depth(request.Method.Length).ToString(System.Globalization.CultureInfo.InvariantCulture));

    [Handler("GET", "/managed/fine")]
    public static Response Fine(Context context, Request request) => Response.Ok("fine");

    [Handler("GET", "/managed/async/{ms:int}")]
    public static async ValueTask<Response> Later(Context context, Request request)
    {
        await context.Delay(TimeSpan.FromMilliseconds(int.Parse(request.PathParam("ms")!, System.Globalization.CultureInfo.InvariantCulture)));
        return Response.Ok("later");
    }

    // Never the end: the sum keeps each call's frame alive.
    private static long Depth(long from) => from < 0 ? 0 : Depth(from + 1) + from;

    [Handler("POST", "/managed/sum")]
    public static async Task<Response> Sum(Context context, Request request)
    {
        long sum = 0;
        long count = 0;
        await foreach (var chunk in request.ReadChunksAsync())
        {
            foreach (var value in chunk.Span)
            {
                sum += value;
            }

            count += chunk.Length;
        }

        return Response.Ok($"{count} bytes, sum {sum}");
    }
}
