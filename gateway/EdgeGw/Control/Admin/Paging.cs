using System.Globalization;
using EdgeGw.Control.Changes;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Control.Admin;

/// <summary>Which part of a list a request wants: <c>?limit=</c> items that come after the cursor <c>?after=</c>.</summary>
internal sealed record Paging(string After, int Limit)
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;

    /// <summary>What a request asks for. Throws <see cref="ChangeRefusedException"/> (400).</summary>
    internal static Paging Of(HttpContext context)
    {
        var (limit, query) = (DefaultLimit, context.Request.Query);
        if (query["limit"] is [{ Length: > 0 } text, ..] && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is > 0 and <= MaxLimit))
        {
            throw new ChangeRefusedException(400, $"'limit' is '{text}'; it must be a whole number from 1 to {MaxLimit}.");
        }
        return new Paging(query["after"] is [{ Length: > 0 } after, ..] ? after : "", limit);
    }

    /// <summary>The page that a request asks for, and the cursor of the next one; null after the last. <paramref name="list"/> gives so many items after a cursor. Throws <see cref="ChangeRefusedException"/> (400).</summary>
    internal static (IReadOnlyList<T> Page, string? Next) Read<T>(HttpContext context, Func<string, int, IReadOnlyList<T>> list, Func<T, string> cursor)
    {
        var paging = Of(context);
        return paging.Cut(list(paging.After, paging.Limit + 1), cursor);
    }

    /// <summary>A page of what was read (one item more than wanted, if there is one), and the cursor of the next one; null after the last.</summary>
    internal (IReadOnlyList<T> Page, string? Next) Cut<T>(IReadOnlyList<T> read, Func<T, string> cursor) =>
        read.Count > Limit ? ([.. read.Take(Limit)], cursor(read[Limit - 1])) : (read, null);
}
