using Microsoft.AspNetCore.Http;

namespace EdgeGw.Control.Identity;

/// <summary>The cookie that has a session's token. Scripts cannot read it, other sites' pages do not send it, and it goes to the Admin API's paths alone, since browsers send cookies to every port of a host.</summary>
internal static class SessionCookie
{
    private const string Name = "edgegw_session";

    /// <summary>The token that a request brings; empty for none.</summary>
    internal static string Read(HttpContext context) => context.Request.Cookies[Name] ?? "";

    /// <summary>Has the browser keep a token until it is closed.</summary>
    internal static void Give(HttpContext context, string token) => context.Response.Cookies.Append(Name, token, Options(context));

    /// <summary>Has the browser forget it.</summary>
    internal static void Take(HttpContext context) => context.Response.Cookies.Delete(Name, Options(context));

    private static CookieOptions Options(HttpContext context) => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/api/" };
}
