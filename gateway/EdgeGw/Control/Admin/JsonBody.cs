using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGw.Control.Changes;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Control.Admin;

/// <summary>Reads a request's JSON, of a bounded size.</summary>
internal static class JsonBody
{
    /// <summary>The most bytes of most documents.</summary>
    internal const int MaxBytes = 64 * 1024;

    /// <summary>The document, or null when the body is empty or <c>null</c>. Throws <see cref="JsonException"/> (400) and, over <paramref name="maxBytes"/>, <see cref="ChangeRefusedException"/> (413).</summary>
    internal static async Task<T?> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, int maxBytes = MaxBytes) where T : class
    {
        using var buffer = new MemoryStream();
        var piece = new byte[Math.Min(maxBytes, 64 * 1024)];
        while (await context.Request.Body.ReadAsync(piece, context.RequestAborted) is > 0 and var read)
        {
            if (buffer.Length + read > maxBytes)
            {
                throw new ChangeRefusedException(StatusCodes.Status413PayloadTooLarge, $"The request's body has more than {maxBytes} bytes.");
            }
            buffer.Write(piece, 0, read);
        }
        return buffer.Length == 0 ? null : JsonSerializer.Deserialize(buffer.GetBuffer().AsSpan(0, (int)buffer.Length), type);
    }
}
