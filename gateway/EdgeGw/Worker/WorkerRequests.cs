using System.Globalization;
using System.Text.Json;
using EdgeGw.Pipeline.Observe;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace EdgeGw.Worker;

/// <summary><c>GET /requests</c> on a worker's control socket: the newest records as a JSON array, or with <c>follow=true</c> each as it comes, a line each.</summary>
internal sealed class WorkerRequests(RequestLog log)
{
    // So much, or what there is, in one write.
    private const int BatchBytes = 64 * 1024;

    /// <summary>Answers.</summary>
    public Task AnswerAsync(IFeatureCollection features, string query)
    {
        var values = QueryHelpers.ParseQuery(query);
        var filter = new RequestFilter(
            values.TryGetValue("handler", out var handler) ? handler.ToString() : null, Number("status", 0), values.TryGetValue("id", out var id) ? id.ToString() : null, Flag("traced"));
        return Flag("follow") ? FollowAsync(features, filter) : ListAsync(features, filter, Number("limit", 100));

        int Number(string name, int otherwise) => values.TryGetValue(name, out var text) ? int.Parse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture) : otherwise;

        bool Flag(string name) => values.TryGetValue(name, out var text) && bool.Parse(text.ToString());
    }

    private async Task ListAsync(IFeatureCollection features, RequestFilter filter, int limit)
    {
        features.Get<IHttpResponseFeature>()!.Headers.ContentType = "application/json";
        var records = log.Newest(filter.Handler, limit, filter.Takes);
        await features.Get<IHttpResponseBodyFeature>()!.Writer.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(records, RequestJson.Default.IReadOnlyListRequestRecord)).ConfigureAwait(false);
    }

    private async Task FollowAsync(IFeatureCollection features, RequestFilter filter)
    {
        features.Get<IHttpResponseFeature>()!.Headers.ContentType = "application/x-ndjson";
        var body = features.Get<IHttpResponseBodyFeature>()!;
        var gone = features.Get<IHttpRequestLifetimeFeature>()!.RequestAborted;
        var channel = log.Follow();
        try
        {
            // Whoever has the head misses nothing from here on.
            await body.StartAsync().ConfigureAwait(false);
            await body.Writer.FlushAsync(gone).ConfigureAwait(false);
            using var lines = new MemoryStream();
            while (await channel.Reader.WaitToReadAsync(gone).ConfigureAwait(false))
            {
                lines.SetLength(0);
                while (lines.Length < BatchBytes && channel.Reader.TryRead(out var record))
                {
                    if (filter.Takes(record))
                    {
                        JsonSerializer.Serialize(lines, record, RequestJson.Default.RequestRecord);
                        lines.WriteByte((byte)'\n');
                    }
                }
                if (lines.Length > 0)
                {
                    await body.Writer.WriteAsync(lines.GetBuffer().AsMemory(0, (int)lines.Length), gone).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // the follower has gone
        }
        finally
        {
            log.Unfollow(channel);
        }
    }
}
