namespace EdgeGw;

/// <summary>When a browser sends a cookie along with requests that another site caused.</summary>
public enum SameSite
{
    /// <summary>When a link is followed.</summary>
    Lax,
    /// <summary>Never.</summary>
    Strict,
    /// <summary>Always; needs <see cref="CookieOptions.Secure"/>.</summary>
    None,
}

/// <summary>The attributes of a cookie (RFC 6265, section 4.1.2).</summary>
public sealed record CookieOptions
{
    internal static CookieOptions Default { get; } = new();

    /// <summary>The paths it is sent for; null: the folder of the request.</summary>
    public string? Path { get; init; } = "/";

    /// <summary>The domain it is sent to, subdomains included; null: this host only.</summary>
    public string? Domain { get; init; }

    /// <summary>How long it lives, in whole seconds; zero or less removes it. Null: until the browser ends.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>When it ends; <see cref="MaxAge"/> wins.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Sent over TLS only.</summary>
    public bool Secure { get; init; }

    /// <summary>Out of reach of scripts.</summary>
    public bool HttpOnly { get; init; } = true;

    /// <summary>When it is sent along with requests of other sites.</summary>
    public SameSite SameSite { get; init; }
}
