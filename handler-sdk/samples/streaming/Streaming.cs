using System.Globalization;
using System.Runtime.CompilerServices;

namespace StreamingSample;

/// <summary>Bodies of any size with constant memory, both ways, and events.</summary>
public static class Streaming
{
    /// <summary>Sends back what comes, while it comes.</summary>
    [Handler("POST", "/echo", MaxBodyBytes = 10_000_000_000)]
    public static Task<Response> Echo(Request request)
        => Task.FromResult(Response.Stream(request.BodyStream, request.ContentType ?? "application/octet-stream", request.ContentLength));

    /// <summary>Says how many bytes came, without keeping any.</summary>
    [Handler("POST", "/count", MaxBodyBytes = 10_000_000_000)]
    public static async Task<Response> Count(Request request)
    {
        long bytes = 0;
        await foreach (var chunk in request.ReadChunksAsync())
            bytes += chunk.Length;
        return Response.Text(bytes.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>As many zero bytes as asked for.</summary>
    [Handler("GET", "/download/{bytes:long}")]
    public static Response Download(Request request)
    {
        var left = request.RequirePathParam<long>("bytes");
        if (left < 0)
            throw new HandlerError.BadRequest("The number of bytes must not be negative.");
        return Response.Stream(async (body, cancellationToken) =>
        {
            var block = new byte[16 * 1024];
            for (; left > 0; left -= block.Length)
                await body.WriteAsync(block.AsMemory(0, (int)Math.Min(left, block.Length)), cancellationToken);
        }, length: left);
    }

    /// <summary>An event every so many milliseconds, until the client leaves or so many were sent.</summary>
    [Handler("GET", "/events")]
    public static Response Events(Context context, Request request)
    {
        var every = TimeSpan.FromMilliseconds(request.QueryAs("ms", 1000u));
        return Response.ServerSentEvents(Ticks(context, every, request.QueryAs("count", int.MaxValue)));
    }

    private static async IAsyncEnumerable<string> Ticks(Context context, TimeSpan every, int count, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var i = 1; i <= count; i++)
        {
            yield return $"tick {i}";
            await context.Delay(every, cancellationToken);
        }
    }
}
