using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeGw.Interop;

namespace EdgeGw.Bodies;

/// <summary>An error as application/problem+json (RFC 9457), with the request's id.</summary>
internal sealed class ProblemBody : ResponseBody
{
    public static readonly ProblemBody Instance = new();

    // Read by people in a terminal: an apostrophe stays one. This is never HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public override ReadOnlySpan<byte> ContentType => "application/problem+json"u8;

    /// <param name="exchange">The request.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="value">A <see cref="HandlerError"/>, or the detail, or null.</param>
    /// <param name="extra">The title, or null for the status's own phrase.</param>
    public override ValueTask WriteAsync(Exchange exchange, int status, object? value, object? extra)
    {
        var error = value as HandlerError;
        exchange.Writer.Begin();
        using (var json = new Utf8JsonWriter(exchange.Writer, Options))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "about:blank"u8);
            json.WriteString("title"u8, extra as string ?? Phrase(status));
            json.WriteNumber("status"u8, status);
            if (Detail(error, value) is { } detail)
                json.WriteString("detail"u8, detail);
            json.WriteString("requestId"u8, exchange.Request.RequestId);
            if (error is HandlerError.Validation validation)
                WriteErrors(json, validation);
            json.WriteEndObject();
        }
        return exchange.Writer.DrainAsync();
    }

    private static string? Detail(HandlerError? error, object? value)
        => error is null ? value as string : error.IsPrivate ? null : error.Message;

    private static void WriteErrors(Utf8JsonWriter json, HandlerError.Validation validation)
    {
        var fields = new Dictionary<string, List<string>>(); // enumerates in the order of insertion: nothing is removed
        foreach (var (field, message) in validation.Errors)
        {
            if (!fields.TryGetValue(field, out var messages))
                fields.Add(field, messages = []);
            messages.Add(message);
        }
        json.WriteStartObject("errors"u8);
        foreach (var (field, messages) in fields)
        {
            json.WriteStartArray(field);
            foreach (var message in messages)
                json.WriteStringValue(message);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    // RFC 9110, section 15, and RFC 6585: the codes a handler is likely to use.
    private static string Phrase(int status) => status switch
    {
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        408 => "Request Timeout",
        409 => "Conflict",
        410 => "Gone",
        411 => "Length Required",
        412 => "Precondition Failed",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        416 => "Range Not Satisfiable",
        422 => "Unprocessable Content",
        423 => "Locked",
        428 => "Precondition Required",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        451 => "Unavailable For Legal Reasons",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        < 500 => "Client Error",
        _ => "Server Error",
    };
}
