using System.Globalization;
using System.Threading.Channels;

namespace WaitingLibrary;

/// <summary>Every way to wait for the gateway that must not wake the library's own thread pool.</summary>
public static class Waiting
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    private static readonly SemaphoreSlim One = new(1);

    [Handler("GET", "/nothing")]
    public static Response Nothing() => Response.NoContent();

    [Handler("GET", "/plain")]
    public static async Task<Response> Plain(Context context)
    {
        await Twice(context);
        await Twice(context);
        return Response.Text("plain");
    }

    [Handler("GET", "/unbound")]
    public static async ValueTask<Response> Unbound(Context context)
    {
        await TwiceUnbound(context).ConfigureAwait(false);
        await TwiceUnbound(context).ConfigureAwait(false);
        return Response.Text("unbound");
    }

    [Handler("GET", "/library")]
    public static async Task<Response> Library(Context context)
    {
        await TwiceUnbound(context);
        await Twice(context);
        return Response.Text("library");
    }

    [Handler("GET", "/yield")]
    public static async Task<Response> Yield(Context context)
    {
        for (var i = 0; i < 5; i++)
            await Task.Yield();
        await context.Delay(Moment);
        await Task.Yield();
        return Response.Text("yield");
    }

    [Handler("GET", "/contended")]
    public static async Task<Response> Contended(Context context)
    {
        await One.WaitAsync();
        try
        {
            await context.Delay(Moment);
        }
        finally
        {
            One.Release();
        }
        return Response.Text("contended");
    }

    [Handler("GET", "/channel")]
    public static async Task<Response> Pass(Context context)
    {
        var channel = Channel.CreateBounded<int>(1);
        var sending = Send(context, channel.Writer);
        var sum = 0;
        while (await channel.Reader.WaitToReadAsync())
            sum += await channel.Reader.ReadAsync();
        await sending;
        return Response.Text(sum.ToString(CultureInfo.InvariantCulture));
    }

    [Handler("GET", "/all")]
    public static async Task<Response> All(Context context)
    {
        await Task.WhenAll(Twice(context), Twice(context), TwiceUnbound(context));
        return Response.Text("all");
    }

    [Handler("GET", "/cancel")]
    public static async Task<Response> Cancelled(Context context)
    {
        await context.Delay(TimeSpan.FromHours(1));
        return Response.Text("never");
    }

    [Handler("GET", "/events")]
    public static Response Events(Context context) => Response.ServerSentEvents(Ticks(context));

    [Handler("POST", "/whole")]
    public static Response Whole(Request request) => Response.Text(request.BodyText());

    [Handler("POST", "/echo")]
    public static Task<Response> Echo(Request request) => Task.FromResult(Response.Stream(request.BodyStream));

    [Handler("POST", "/chunks")]
    public static Task<Response> Chunks(Request request) => Task.FromResult(Response.Stream(request.ReadChunksAsync()));

    [Handler("POST", "/text")]
    public static async Task<Response> Text(Request request) => Response.Text(await request.ReadBodyTextAsync());

    [Handler("GET", "/large")]
    public static Response Large() => Response.Binary(new byte[1_000_000]);

    private static async Task Twice(Context context)
    {
        await context.Delay(Moment);
        await context.Delay(Moment);
    }

    private static async Task TwiceUnbound(Context context)
    {
        await context.Delay(Moment).ConfigureAwait(false);
        await context.Delay(Moment).ConfigureAwait(false);
    }

    private static async Task Send(Context context, ChannelWriter<int> writer)
    {
        for (var i = 1; i <= 4; i++)
        {
            await writer.WriteAsync(i);
            await context.Delay(Moment);
        }
        writer.Complete();
    }

    private static async IAsyncEnumerable<string> Ticks(Context context)
    {
        for (var i = 0; i < 3; i++)
        {
            await context.Delay(Moment);
            yield return "tick";
        }
    }
}
