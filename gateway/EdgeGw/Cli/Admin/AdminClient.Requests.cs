using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

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
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/v1/events?requests=true{Parameter("handler", handler)}{Parameter("status", status)}");
        using var response = await Reach(() => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel), cancel);
        if (!response.IsSuccessStatusCode)
            throw AdminProblem.Read(response.StatusCode, await Reach(() => response.Content.ReadAsStringAsync(cancel), cancel), _where);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancel), Encoding.UTF8);
        var type = "";
        while (await Reach(() => reader.ReadLineAsync(cancel).AsTask(), cancel) is { } line)
        {
            // The gateway's events have one line of data each (docs/admin-api.md).
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                type = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal) && type is "request" or "ready")
                yield return type == "ready" ? null : line[6..];
        }
        throw new CliException(ExitCode.Unreachable, $"the gateway at {_where} ended the stream: it has stopped, or this reader was too slow");
    }

    private static string Parameter(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";
}
