namespace EdgeGw.Control.Identity;

/// <summary>A user who has logged in.</summary>
/// <param name="Id">Names it in the database; no secret.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Scopes">What that user may do now.</param>
/// <param name="Csrf">What his requests that change something must carry besides the cookie, which a foreign page cannot read.</param>
/// <param name="Expires">When it ends, if it is used until then.</param>
internal sealed record Session(string Id, string User, Scopes Scopes, string Csrf, DateTimeOffset Expires);
