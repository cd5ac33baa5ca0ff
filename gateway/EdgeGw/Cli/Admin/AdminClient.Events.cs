using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;

namespace EdgeGw.Cli.Admin;

/// <summary>One event of <c>GET /api/v1/events</c>.</summary>
/// <param name="Id">What says, to who comes back, where to go on; null for what is not kept.</param>
/// <param name="Type">What happened.</param>
/// <param name="Data">Its document, as it came.</param>
internal sealed record EventReply(string? Id, string Type, string Data);

/// <content>What comes for as long as one listens.</content>
internal sealed partial class AdminClient
{
    /// <summary>What happens, as it happens, until cancelled. Ends with <see cref="ExitCode.Unreachable"/> when the connection does.</summary>
    /// <param name="query">What is wanted beside what everybody gets, as a query string.</param>
    /// <param name="lastSeen">The id after which to begin; null for now.</param>
    /// <param name="opened">Told when the gateway has begun to answer.</param>
    /// <param name="cancel">Ends it.</param>
    public async IAsyncEnumerable<EventReply> GetEventsAsync(string query, string? lastSeen, Action opened, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/events" + query);
        if (lastSeen is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastSeen);
        using var response = await OpenAsync(request, opened, cancel);
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        await using var events = SseParser.Create(body).EnumerateAsync(cancel).GetAsyncEnumerator(cancel);
        while (await Reach(() => events.MoveNextAsync().AsTask(), cancel))
            yield return new(events.Current.EventId, events.Current.EventType, events.Current.Data);
        throw new CliException(ExitCode.Unreachable, $"the gateway at {_where} ended the stream: it has stopped, or this reader was too slow");
    }

    /// <summary>Log lines, each a JSON document, as they come; with <paramref name="follow"/> until cancelled, and with <see cref="ExitCode.Unreachable"/> when the connection ends.</summary>
    public async IAsyncEnumerable<string> GetLogsAsync(int tail, bool follow, string? handler, Action opened, [EnumeratorCancellation] CancellationToken cancel)
    {
        var url = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"api/v1/logs?tail={tail}");
        url += (follow ? "&follow=true" : "") + (handler is null ? "" : "&handler=" + Uri.EscapeDataString(handler));
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        using var response = await OpenAsync(request, opened, cancel);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancel), Encoding.UTF8);
        while (await Reach(() => reader.ReadLineAsync(cancel).AsTask(), cancel) is { } line)
        {
            if (line.Length > 0)
                yield return line;
        }
        if (follow)
            throw new CliException(ExitCode.Unreachable, $"the gateway at {_where} ended the log: it has stopped");
    }

    private async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, Action opened, CancellationToken cancel)
    {
        var response = await Reach(() => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel), cancel);
        if (response.IsSuccessStatusCode)
        {
            opened();
            return response;
        }
        using (response)
            throw AdminProblem.Read(response.StatusCode, await Reach(() => response.Content.ReadAsStringAsync(cancel), cancel), _where);
    }
}
