using System.Text.Json;

namespace EdgeGw.Tests.Control.Events;

/// <summary>One who follows the events of a gateway.</summary>
internal sealed class EventReader : IDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _lines;

    private EventReader(HttpResponseMessage answer, StreamReader lines) => (_answer, _lines) = (answer, lines);

    /// <summary>The id of the event that was read last.</summary>
    internal string? LastId { get; private set; }

    internal string ContentType => _answer.Content.Headers.ContentType!.ToString();

    /// <summary>Begins to follow, and reads that it has begun.</summary>
    internal static async Task<EventReader> OpenAsync(RunningControl control, string query = "", string? lastId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events" + query);
        if (lastId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastId);
        }
        var answer = await control.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.That((int)answer.StatusCode, Is.EqualTo(200));
        var reader = new EventReader(answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
        Assert.That((await reader.NextAsync())?.Type, Is.EqualTo("ready"));
        return reader;
    }

    /// <summary>The next event; null at the end.</summary>
    internal async Task<(string Type, JsonElement Data)?> NextAsync()
    {
        var (type, data) = ("", "");
        while (await _lines.ReadLineAsync() is { } line)
        {
            if (line.Length == 0 && type.Length > 0)
            {
                return (type, JsonSerializer.Deserialize<JsonElement>(data));
            }
            LastId = line.StartsWith("id: ", StringComparison.Ordinal) ? line[4..] : LastId;
            type = line.StartsWith("event: ", StringComparison.Ordinal) ? line[7..] : type;
            data = line.StartsWith("data: ", StringComparison.Ordinal) ? line[6..] : data;
        }
        return null;
    }

    /// <summary>The next event of a type.</summary>
    internal async Task<JsonElement> NextAsync(string type)
    {
        while (true)
        {
            var next = await NextAsync() ?? throw new InvalidOperationException($"The events ended without '{type}'.");
            if (next.Type == type)
            {
                return next.Data;
            }
        }
    }

    public void Dispose()
    {
        _lines.Dispose();
        _answer.Dispose();
    }
}
