using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Control.Admin;

/// <summary>What a call about one thing is answered with.</summary>
internal static class DocumentAnswer
{
    /// <summary>Writes its document.</summary>
    /// <param name="context">The call.</param>
    /// <param name="document">The document.</param>
    /// <param name="type">How it is written.</param>
    /// <param name="revision">Its <see cref="Revision"/>; null for what never has another.</param>
    /// <param name="made">The address of what this call has made, which is answered 201; null where it was there.</param>
    internal static Task WriteAsync<T>(HttpContext context, T document, JsonTypeInfo<T> type, long? revision, string? made = null)
    {
        if (revision is { } number)
        {
            Revision.Show(context, number);
        }
        if (made is not null)
        {
            context.Response.StatusCode = StatusCodes.Status201Created;
            context.Response.Headers.Location = made;
        }
        return context.Response.WriteAsJsonAsync(document, type, cancellationToken: context.RequestAborted);
    }
}
