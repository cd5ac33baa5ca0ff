using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using EdgeGw.Pipeline.Send;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGw.Pipeline.Admit;

/// <summary>Bounds the requests inside the gateway, before anything is spent on one.</summary>
internal static class Admission
{
    private static long s_refused;

    /// <summary>Requests refused because the gateway was full.</summary>
    public static long Refused => Volatile.Read(ref s_refused);

    /// <summary>Lets a request in and gives it an exchange.</summary>
    public static bool TryAdmit(PipelineContext context, [NotNullWhen(true)] out Exchange? exchange)
    {
        exchange = null;
        if (!context.Gate.TryEnter())
        {
            return false;
        }
        exchange = context.Exchanges.Rent();
        if (exchange is null)
        {
            context.Gate.Exit();
            return false;
        }
        return true;
    }

    /// <summary>Answers 503 without an exchange.</summary>
    public static async Task RefuseAsync(PipelineContext context, IFeatureCollection features)
    {
        Interlocked.Increment(ref s_refused);
        var response = features.Get<IHttpResponseFeature>()!;
        var body = Problems.Body(StatusCodes.Status503ServiceUnavailable, "The gateway has as many requests under way as Limits:Concurrency allows.", null);
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.Headers.ContentType = Problems.ContentType;
        response.Headers.ContentLength = body.Length;
        response.Headers.RetryAfter = context.Limits.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        await features.Get<IHttpResponseBodyFeature>()!.Writer.WriteAsync(body).ConfigureAwait(false);
    }
}
