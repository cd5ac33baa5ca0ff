using System.Globalization;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using EdgeGw.Pipeline.Observe;

namespace EdgeGw.Control.Supervision;

/// <summary>The worker's request log.</summary>
internal sealed partial class WorkerClient
{
    /// <summary>The newest records, newest first; none when the worker does not answer in time.</summary>
    internal async Task<IReadOnlyList<RequestRecord>> RequestsAsync(RequestFilter filter, int limit, CancellationToken cancellation)
    {
        using var deadline = Within(TimeSpan.FromSeconds(2), cancellation);
        try
        {
            return await _http.GetFromJsonAsync(string.Create(CultureInfo.InvariantCulture, $"requests{filter.ToQuery()}&limit={limit}"), RequestJson.Default.IReadOnlyListRequestRecord, deadline.Token) ?? [];
        }
        catch (Exception e) when (IsLoss(e))
        {
            cancellation.ThrowIfCancellationRequested();
            return [];
        }
    }

    /// <summary>Each record from now on; ends quietly when the worker does. <paramref name="begun"/> is called when the worker has said that it tells.</summary>
    internal async IAsyncEnumerable<RequestRecord> FollowRequestsAsync(RequestFilter filter, Action begun, [EnumeratorCancellation] CancellationToken cancellation)
    {
        StreamReader? reader = null;
        try
        {
            reader = new StreamReader(await _http.GetStreamAsync($"requests{filter.ToQuery()}&follow=true", cancellation));
        }
        catch (Exception e) when (IsLoss(e))
        {
            cancellation.ThrowIfCancellationRequested();
            yield break;
        }
        begun();
        using (reader)
        {
            while (await ReadLineAsync(reader, cancellation) is { } line)
            {
                if (JsonSerializer.Deserialize(line, RequestJson.Default.RequestRecord) is { } record)
                {
                    yield return record;
                }
            }
        }
    }
}
