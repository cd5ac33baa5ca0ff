using System.Globalization;
using System.Net.Mime;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using EdgeGw.Configuration;
using EdgeGw.Control.Admin;
using EdgeGw.Control.Changes;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Control.Catalog.Api;

/// <summary>What the calls of the catalog have in common: revisions, pages, bodies.</summary>
internal static class CatalogRequest
{
    /// <summary>Items of a page when nothing is said.</summary>
    internal const int DefaultLimit = 100;

    /// <summary>The most items of a page.</summary>
    internal const int MaxLimit = 1_000;

    /// <summary>The id in the path.</summary>
    internal static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    /// <summary>The revision that the caller has seen. Throws 428 when it does not say, and 400.</summary>
    internal static CatalogRevision IfMatch(HttpContext context) => new(Revision.Expected(context));

    /// <summary>Reads the body. Throws 400, 413 and 415.</summary>
    internal static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, CatalogSettings settings) where T : class
    {
        if (context.Request.ContentType is { } given && !given.Split(';')[0].Trim().Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase))
        {
            throw new ChangeRefusedException(415, $"The document is sent as {MediaTypeNames.Application.Json}, not as {given}.");
        }
        // JSON may need six bytes for one character.
        var most = (int)Math.Min(JsonBody.MaxBytes + (6L * settings.MaxSourceBytes), int.MaxValue);
        return await JsonBody.ReadAsync(context, type, most) ?? throw new ChangeRefusedException(400, "The request needs a document.");
    }

    /// <summary>Answers with the page of a sorted list that the query asks for. <paramref name="key"/> is what the list is sorted by, ordinally, and no two items have the same.</summary>
    internal static Task WritePageAsync<T>(HttpContext context, IEnumerable<T> items, Func<T, string> key, JsonTypeInfo<Page<T>> type)
    {
        var (limit, after) = Paging(context);
        var found = items.Where(item => after is null || string.CompareOrdinal(key(item), after) > 0).Take(limit + 1).ToList();
        var page = found.Count > limit ? new Page<T>(found[..limit], Cursor(key(found[limit - 1]))) : new Page<T>(found, null);
        return context.Response.WriteAsJsonAsync(page, type, cancellationToken: context.RequestAborted);
    }

    /// <summary>How many items, and after which.</summary>
    internal static (int Limit, string? After) Paging(HttpContext context)
    {
        var limit = DefaultLimit;
        if (Text(context, "limit") is { } text && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is > 0 and <= MaxLimit))
        {
            throw new ChangeRefusedException(400, $"'limit' is '{text}'; it must be a whole number from 1 to {MaxLimit}.");
        }
        return (limit, Text(context, "after") is { } cursor ? Decode(cursor) : null);
    }

    /// <summary>What continues after a key.</summary>
    internal static string Cursor(string key) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key));

    /// <summary>A parameter of the query; null when it is not given or empty.</summary>
    internal static string? Text(HttpContext context, string name) => context.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    /// <summary>A parameter that is <c>true</c> or <c>false</c>.</summary>
    internal static bool Flag(HttpContext context, string name) => Text(context, name) switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw new ChangeRefusedException(400, $"'{name}' must be true or false."),
    };

    /// <summary>Refuses parameters that a call does not have: most likely misspelt ones.</summary>
    internal static void Allow(HttpContext context, params ReadOnlySpan<string> names)
    {
        foreach (var key in context.Request.Query.Keys)
        {
            if (!names.Contains(key))
            {
                throw new ChangeRefusedException(400, $"'{(key.Length <= 64 ? key : key[..64] + "…")}' is not a parameter of {context.Request.Method} {context.Request.Path}.");
            }
        }
    }

    private static string Decode(string cursor)
    {
        try
        {
            return Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(cursor));
        }
        catch (FormatException)
        {
            throw new ChangeRefusedException(400, "'after' must be the 'next' of the page before.");
        }
    }
}
