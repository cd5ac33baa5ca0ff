using System.Globalization;
using System.Text;

public static class Report
{
    private static readonly TimeSpan Lives = TimeSpan.FromSeconds(30);

    [Handler]
    public static async Task<Response> Get(Context context)
    {
        var cache = context.Cache("default");

        // Of all who ask at once, one makes it; the others wait for theirs.
        var report = await cache.GetOrSetAsync("report", Lives, () => MakeAsync(context));
        var asked = await cache.AddAsync("report:asked");
        return Response.Text(string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetString(report)}Asked for {asked} times.\n"));
    }

    // Something that takes its time.
    private static async ValueTask<byte[]> MakeAsync(Context context)
    {
        await context.Delay(TimeSpan.FromMilliseconds(200));
        return Encoding.UTF8.GetBytes("The report.\n");
    }
}
