namespace EdgeGw.Control.Identity;

/// <summary>What became of a login. At most one of them is there; all are missing when the name or the password is wrong.</summary>
/// <param name="User">The user, when the password is his.</param>
/// <param name="Wait">How long nothing is tried, after too many failures.</param>
internal sealed record LoginOutcome(User? User, TimeSpan? Wait);

/// <summary>Compares passwords, one after the other, and counts failures.</summary>
internal sealed class Login(Users users, Passwords passwords, LoginGuard guard)
{
    /// <summary>Tries a password. What is answered, and when, is the same for a user that there is not. Throws <see cref="Changes.ChangeRefusedException"/> (429) when too many are tried at once.</summary>
    internal Task<LoginOutcome> TryAsync(string name, string password, string address, CancellationToken cancellation) => passwords.InTurnAsync(() =>
    {
        if (guard.Begin(name, address) is { } wait)
        {
            return new LoginOutcome(null, wait);
        }
        var known = UserName.IsOne(name) ? users.FindEnabled(name) : null;
        if (!passwords.Matches(name, known?.Hash, password, out var better) || known is null)
        {
            return new LoginOutcome(null, null);
        }
        guard.Succeeded(name, address);
        users.LoggedIn(known.Value.User.Name, better);
        return new LoginOutcome(known.Value.User, null);
    }, cancellation);
}
