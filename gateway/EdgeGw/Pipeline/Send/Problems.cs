using System.Buffers;
using System.Globalization;
using System.Text.Json;
using EdgeGw.Pipeline.Accept;
using EdgeGw.Pipeline.Match;
using EdgeGw.Pipeline.Pin;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace EdgeGw.Pipeline.Send;

/// <summary>The gateway's own answers: RFC 9457 problem details.</summary>
internal static class Problems
{
    /// <summary>The media type.</summary>
    public const string ContentType = "application/problem+json";

    private static long s_framingRefused;

    /// <summary>The target cannot be understood.</summary>
    public static void BadTarget(Exchange exchange, TargetError error) => Write(exchange, StatusCodes.Status400BadRequest, Describe(error), "Connection", "close");

    /// <summary>Requests refused by <see cref="BadFraming"/>.</summary>
    public static long FramingRefused => Interlocked.Read(ref s_framingRefused);

    /// <summary>Where the body ends cannot be said for sure.</summary>
    public static void BadFraming(Exchange exchange)
    {
        Interlocked.Increment(ref s_framingRefused);
        Write(exchange, StatusCodes.Status400BadRequest, "The request does not say plainly where its body ends: send either Content-Length or, over HTTP/1.1, 'Transfer-Encoding: chunked' alone.", "Connection", "close");
    }

    private static string Describe(TargetError error) => error switch
    {
        TargetError.BadPercentEncoding => "The path has a '%' that two hex digits do not follow.",
        TargetError.AboveRoot => "The path leads above the root.",
        TargetError.TooManySegments => $"The path has more than {TargetParser.MaxSegments} segments.",
        _ => "The request target is neither a path nor an absolute URL.",
    };

    /// <summary>404, 405, or the automatic answer to OPTIONS.</summary>
    public static void NoRoute(Exchange exchange, EpochState epoch)
    {
        var method = exchange.Request.Method;
        var methods = epoch.Table.MethodsOf(Acceptance.Host(exchange), exchange.Memory.Fields.Path.AsSpan(), exchange.Segments.AsSpan(0, exchange.SegmentCount));
        if (methods.Count == 0)
        {
            Write(exchange, StatusCodes.Status404NotFound, "No route matches this host and path.");
            return;
        }
        var allow = string.Join(", ", methods.Append("OPTIONS").Distinct());
        if (method == "OPTIONS")
        {
            exchange.Response.SetStatusCode(StatusCodes.Status204NoContent);
            exchange.Response.SetHeader("Allow", allow);
        }
        else
        {
            Write(exchange, StatusCodes.Status405MethodNotAllowed, $"This path takes {allow}.", "Allow", allow);
        }
    }

    /// <summary>The route is there, but its handler cannot take the request.</summary>
    public static void NotPinned(Exchange exchange, PinRefusal refusal)
    {
        switch (refusal)
        {
            case PinRefusal.BodyTooLarge:
                Write(exchange, StatusCodes.Status413PayloadTooLarge, $"The body has {exchange.Memory.Fields.ContentLength} bytes; this route takes {exchange.Route!.MaxBodyBytes}.");
                break;
            case PinRefusal.RouteGone:
                Write(exchange, StatusCodes.Status404NotFound, "No route matches this host and path.");
                break;
            case PinRefusal.VersionFailed:
                Unavailable(exchange, $"The handler {exchange.Route!.Version.Config.Name} could not be loaded; the gateway's status says why.");
                break;
            case PinRefusal.HandlerFull:
                Unavailable(exchange, $"The handler {exchange.Route!.Version.Config.Name} has as many requests under way on all its routes as it may ({exchange.Route.Version.Concurrency!.Limit}).");
                break;
            case PinRefusal.ThreadsShort:
                Unavailable(exchange, $"The handler {exchange.Route!.Version.Config.Name} holds threads that do not come back, and the gateway has few left (Worker:Threads).");
                break;
            case PinRefusal.Quarantined:
                Unavailable(exchange, exchange.Route!.Version.Error!);
                break;
            default:
                Unavailable(exchange, "This route has as many requests under way and waiting as it may.");
                break;
        }
    }

    /// <summary>503 with Retry-After.</summary>
    public static void Unavailable(Exchange exchange, string detail) =>
        Write(exchange, StatusCodes.Status503ServiceUnavailable, detail, "Retry-After", exchange.Context.Limits.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture));

    /// <summary>Makes a problem the whole response. Only before the head was sent.</summary>
    public static void Write(Exchange exchange, int status, string detail, string? headerName = null, string? headerValue = null)
    {
        var response = exchange.Response;
        response.Clear();
        response.SetStatusCode(status);
        response.SetHeader("Content-Type", ContentType);
        if (headerName is not null && !(headerName == "Connection" && exchange.Request.Protocol is not ("HTTP/1.1" or "HTTP/1.0")))
        {
            response.SetHeader(headerName, headerValue!);
        }
        response.WriteOwn(Body(status, detail, exchange.RequestId.ToString()).Span);
    }

    /// <summary>The problem as JSON.</summary>
    public static ReadOnlyMemory<byte> Body(int status, string detail, string? requestId)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("type", "about:blank");
        json.WriteString("title", ReasonPhrases.GetReasonPhrase(status));
        json.WriteNumber("status", status);
        json.WriteString("detail", detail);
        if (requestId is not null)
        {
            json.WriteString("requestId", requestId);
        }
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
