namespace HeadersSample;

/// <summary>Headers that come more than once, and cookies.</summary>
public static class Headers
{
    [Handler("GET", "/headers")]
    public static Response List(Request request)
        => Response.Text(string.Join('\n', request.Headers.Select(h => $"{h.Key}: {h.Value}")) + "\n");

    /// <summary>Two Set-Cookie lines.</summary>
    [Handler("GET", "/login")]
    public static Response Login(Request request) => Response.Text("Welcome.\n")
        .WithCookie("session", Guid.NewGuid().ToString("N"), new CookieOptions { Secure = request.IsSecure, MaxAge = TimeSpan.FromHours(1) })
        .WithCookie("theme", "dark", new CookieOptions { HttpOnly = false })
        .WithCache(TimeSpan.Zero);

    [Handler("GET", "/me")]
    public static Response Me(Request request) => request.Cookie("session") is { } session
        ? Response.Text($"Session {session}, theme {request.Cookie("theme") ?? "none"}.\n")
        : throw new HandlerError.Unauthorized("Go to /login first.", "Cookie");
}
