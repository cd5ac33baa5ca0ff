using System.Globalization;
using System.Runtime.CompilerServices;

namespace EdgeGw.Cli.Admin;

/// <summary>The request log.</summary>
internal sealed partial class AdminClient
{
    /// <summary>The newest requests, newest first.</summary>
    public Task<AdminReply<RequestsReply>> GetRequestsAsync(int limit, string? handler, string? status, string? id, CancellationToken cancel) =>
        GetAsync(string.Create(CultureInfo.InvariantCulture, $"api/v1/requests?limit={limit}{Parameter("handler", handler)}{Parameter("status", status)}{Parameter("id", id)}"), CliJson.Default.RequestsReply, cancel);

    /// <summary>Each request as it comes, as JSON, until cancelled. The first is null, when the gateway has begun to tell.</summary>
    public async IAsyncEnumerable<string?> FollowRequestsAsync(string? handler, string? status, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var happened in GetEventsAsync($"?requests=true{Parameter("handler", handler)}{Parameter("status", status)}", null, () => { }, cancel))
        {
            if (happened.Type is "request" or "ready")
                yield return happened.Type == "ready" ? null : happened.Data;
        }
    }

    private static string Parameter(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";
}
