using System.Globalization;
using EdgeGw.Control.Changes;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Control.Admin;

/// <summary>Keeps who has read an old document from overwriting a newer one: its number goes out as <c>ETag</c> and comes back as <c>If-Match</c>.</summary>
internal static class Revision
{
    /// <summary>Says which one is answered.</summary>
    internal static void Show(HttpContext context, long revision) => context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{revision}\"");

    /// <summary>Which one is to be changed; null for whichever there is (<c>*</c>). Throws <see cref="ChangeRefusedException"/> (428, 400).</summary>
    internal static long? Expected(HttpContext context)
    {
        var text = context.Request.Headers.IfMatch.ToString();
        if (text.Length == 0)
        {
            throw new ChangeRefusedException(428, "Say which revision is changed: If-Match: \"N\" with the ETag that it was read with, or If-Match: * for whichever there is.");
        }
        if (text == "*")
        {
            return null;
        }
        return text is ['"', .. var number, '"'] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision
            : throw new ChangeRefusedException(400, "'If-Match' must be an ETag such as \"3\".");
    }
}
