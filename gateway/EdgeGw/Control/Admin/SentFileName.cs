using Microsoft.AspNetCore.Http;

namespace EdgeGw.Control.Admin;

/// <summary>What whoever sends a file calls it (<c>X-File-Name</c>): for sentences only, never part of a path.</summary>
internal static class SentFileName
{
    private const int MaxChars = 200;

    /// <summary>The name, without folders and control characters; <paramref name="unnamed"/> where there is none.</summary>
    internal static string Of(HttpContext context, string unnamed)
    {
        var given = context.Request.Headers["X-File-Name"].ToString();
        var name = string.Concat(Path.GetFileName(given).Where(c => !char.IsControl(c)).Take(MaxChars));
        return name.Length == 0 ? unnamed : name;
    }
}
