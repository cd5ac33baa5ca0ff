using System.Net.ServerSentEvents;
using System.Text.Json.Serialization.Metadata;
using EdgeGw.Bodies;

namespace EdgeGw;

/// <content>How responses are made.</content>
public readonly partial struct Response
{
    /// <summary>200 without a body.</summary>
    public static Response Ok() => new(200);

    /// <summary>200 with plain text.</summary>
    public static Response Ok(string text) => Text(text);

    /// <summary>200 with JSON.</summary>
    public static Response Ok<T>(T value, JsonTypeInfo<T> typeInfo) => Json(value, typeInfo);

    /// <summary>201 with the new resource's <c>Location</c>.</summary>
    public static Response Created(string location) => new Response(201).WithHeader("Location", location);

    /// <summary>201 with the new resource's <c>Location</c>, and JSON.</summary>
    public static Response Created<T>(string location, T value, JsonTypeInfo<T> typeInfo) => Json(value, typeInfo, 201).WithHeader("Location", location);

    /// <summary>202 without a body.</summary>
    public static Response Accepted() => new(202);

    /// <summary>202 with JSON.</summary>
    public static Response Accepted<T>(T value, JsonTypeInfo<T> typeInfo) => Json(value, typeInfo, 202);

    /// <summary>204.</summary>
    public static Response NoContent() => new(204);

    /// <summary>A redirect.</summary>
    /// <param name="location">Where to.</param>
    /// <param name="status">302 (found), 301 (moved for good), 303 (see other, by GET), 307 or 308 (as 302 and 301, with the same method and body).</param>
    public static Response Redirect(string location, int status = 302) => status is 301 or 302 or 303 or 307 or 308
        ? new Response(status).WithHeader("Location", location)
        : throw new ArgumentOutOfRangeException(nameof(status), status, "A redirect is 301, 302, 303, 307 or 308.");

    /// <summary>JSON, written straight into the server's output buffer.</summary>
    public static Response Json<T>(T value, JsonTypeInfo<T> typeInfo, int status = 200)
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        return new Response(CheckStatus(status), JsonBody.Instance, value, typeInfo);
    }

    /// <summary>Plain text in UTF-8.</summary>
    public static Response Text(string text, int status = 200) => new(CheckStatus(status), TextBody.Plain, text);

    /// <summary>A page in UTF-8.</summary>
    public static Response Html(string html, int status = 200) => new(CheckStatus(status), TextBody.Html, html);

    /// <summary>Bytes. They must not change until they were sent.</summary>
    public static Response Binary(byte[] bytes, string contentType = "application/octet-stream")
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return Typed(new Response(200, BytesBody.Array, bytes), contentType);
    }

    /// <summary>Bytes. They must not change until they were sent.</summary>
    public static Response Binary(ReadOnlyMemory<byte> bytes, string contentType = "application/octet-stream")
        => Typed(new Response(200, BytesBody.Memory, bytes), contentType);

    /// <summary>What a stream holds, from where it stands to its end; it is disposed in the end.</summary>
    /// <param name="source">Is read as fast as the client takes it.</param>
    /// <param name="contentType">The media type.</param>
    /// <param name="length">The number of bytes if it is known; otherwise a long response is sent in chunks.</param>
    public static Response Stream(Stream source, string contentType = "application/octet-stream", long? length = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Typed(new Response(200, StreamBody.Instance, source, length), contentType);
    }

    /// <summary>An object of storage, or a range of it, with its content type, length, ETag and time; disposed of in the end. A range is 206 with its Content-Range.</summary>
    public static Response Download(DownloadStream download)
    {
        ArgumentNullException.ThrowIfNull(download);
        var info = download.Info;
        var response = Stream(download, info.ContentType ?? "application/octet-stream", download.Length)
            .WithHeader("Last-Modified", info.Modified.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
        if (info.ETag.Length > 0)
            response = response.WithHeader("ETag", $"\"{info.ETag}\"");
        return download.Length == info.Size || download.Length == 0
            ? response
            : response.WithStatus(206).WithHeader("Content-Range", $"bytes {download.Offset}-{download.Offset + download.Length - 1}/{info.Size}");
    }

    /// <summary>What <paramref name="write"/> writes. Its writes wait while the client is slow; a flush sends what there is.</summary>
    /// <param name="write">Gets the response's body and a token that is cancelled when nobody waits any more.</param>
    /// <param name="contentType">The media type.</param>
    /// <param name="length">The number of bytes if it is known; otherwise a long response is sent in chunks.</param>
    public static Response Stream(Func<Stream, CancellationToken, Task> write, string contentType = "application/octet-stream", long? length = null)
    {
        ArgumentNullException.ThrowIfNull(write);
        return Typed(new Response(200, WriterBody.Instance, write, length), contentType);
    }

    /// <summary>Pieces, each sent at once. A piece may change once the next is asked for.</summary>
    public static Response Stream(IAsyncEnumerable<ReadOnlyMemory<byte>> pieces, string contentType = "application/octet-stream", long? length = null)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        return Typed(new Response(200, PiecesBody.Instance, pieces, length), contentType);
    }

    /// <summary>
    /// Values as lines of JSON (<c>application/x-ndjson</c>), however many, in constant memory: <c>await Response.JsonLinesAsync(database.StreamAsync&lt;Pet&gt;(sql), …)</c>.
    /// Waits for the first one, so that what fails before it can still be answered with an error; what fails later breaks the response off.
    /// </summary>
    public static async ValueTask<Response> JsonLinesAsync<T>(IAsyncEnumerable<T> values, JsonTypeInfo<T> typeInfo, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(typeInfo);
        var each = values.GetAsyncEnumerator(cancellationToken);
        var hasFirst = false;
        try
        {
            hasFirst = await each.MoveNextAsync();
        }
        finally
        {
            if (!hasFirst)
                await each.DisposeAsync();
        }
        return new Response(200, new JsonLinesBody<T>(typeInfo), hasFirst ? each : null);
    }

    /// <summary>Server-sent events (WHATWG HTML, section 9.2) of text, each sent at once. The enumeration is cancelled when the client leaves.</summary>
    public static Response ServerSentEvents(IAsyncEnumerable<string> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        return EventStream(new Response(200, TextEventsBody.Instance, events));
    }

    /// <summary>Server-sent events with a type or an id of their own, each sent at once. The enumeration is cancelled when the client leaves.</summary>
    public static Response ServerSentEvents(IAsyncEnumerable<SseItem<string>> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        return EventStream(new Response(200, EventsBody.Instance, events));
    }

    /// <summary>Server-sent events of JSON, each sent at once. The enumeration is cancelled when the client leaves.</summary>
    public static Response ServerSentEvents<T>(IAsyncEnumerable<SseItem<T>> events, JsonTypeInfo<T> typeInfo)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(typeInfo);
        return EventStream(new Response(200, new JsonEventsBody<T>(typeInfo), events));
    }

    /// <summary>An error as <c>application/problem+json</c> (RFC 9457), with the request's id.</summary>
    /// <param name="status">400 to 599.</param>
    /// <param name="detail">What went wrong this time; null for nothing.</param>
    /// <param name="title">The kind of error; null for the status's own phrase.</param>
    public static Response Problem(int status, string? detail = null, string? title = null)
    {
        if (status is < 400 or > 599)
            throw new ArgumentOutOfRangeException(nameof(status), status, "A problem's status is between 400 and 599.");
        return new Response(status, ProblemBody.Instance, detail, title);
    }

    internal static Response Problem(HandlerError error) => new(error.Status, ProblemBody.Instance, error);

    private static Response Typed(Response response, string contentType) => response.WithHeader("Content-Type", contentType);

    // Events are of this moment: nobody on the way may keep them, nor collect them (X-Accel-Buffering is how nginx is told).
    private static Response EventStream(Response response) => response.WithHeader("Cache-Control", "no-cache").WithHeader("X-Accel-Buffering", "no");

    private static int CheckStatus(int status) => status is >= 200 and <= 599
        ? status
        : throw new ArgumentOutOfRangeException(nameof(status), status, "A response's status is between 200 and 599.");
}
