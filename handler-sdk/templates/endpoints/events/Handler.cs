public static class Ticks
{
    [Handler]
    public static Response Get(Context context, Request request)
    {
        var every = TimeSpan.FromMilliseconds(Math.Max(100, request.QueryAs("ms", 1_000)));
        return Response.ServerSentEvents(Count(context, every));
    }

    // Ends when the client leaves. It waits on the gateway's clock, and holds no thread meanwhile.
    private static async IAsyncEnumerable<string> Count(Context context, TimeSpan every)
    {
        for (var i = 1; !context.IsCancelled; i++)
        {
            yield return $"tick {i}";
            await context.Delay(every);
        }
    }
}
