using EdgeGw.Control.Changes;

namespace EdgeGw.Control.Identity;

/// <summary>Scopes as the Admin API and the database write them.</summary>
internal static class ScopeNames
{
    private static readonly (string Name, Scopes Scope)[] s_all =
        [("read", Scopes.Read), ("deploy", Scopes.Deploy), ("services", Scopes.Services), ("compile", Scopes.Compile), ("admin", Scopes.Admin)];

    /// <summary>Every name, for sentences.</summary>
    internal static string List => string.Join(", ", s_all.Select(row => row.Name));

    /// <summary>Whether what somebody has is enough.</summary>
    internal static bool Covers(this Scopes held, Scopes needed) => held.HasFlag(Scopes.Admin) || held.HasFlag(needed);

    /// <summary>The names of scopes.</summary>
    internal static IReadOnlyList<string> Of(Scopes scopes) => [.. s_all.Where(row => scopes.HasFlag(row.Scope)).Select(row => row.Name)];

    /// <summary>Scopes from their names; reading is always one of them. Throws <see cref="ChangeRefusedException"/> (422) with a sentence.</summary>
    internal static Scopes Parse(IReadOnlyList<string?>? names)
    {
        if (names is not { Count: > 0 })
        {
            throw new ChangeRefusedException(422, $"'scopes' must name what may be done: {List}.");
        }
        var scopes = Scopes.Read;
        foreach (var name in names)
        {
            scopes |= TryParse(name, out var scope) ? scope : throw new ChangeRefusedException(422, $"There is no scope '{name}': there are {List}.");
        }
        return scopes;
    }

    /// <summary>One scope from its name.</summary>
    internal static bool TryParse(string? name, out Scopes scope)
    {
        var row = Array.Find(s_all, row => row.Name == name);
        scope = row.Scope;
        return row.Name is not null;
    }

    /// <summary>As the database has them.</summary>
    internal static string Write(Scopes scopes) => string.Join(' ', Of(scopes));

    /// <summary>From the database. A name that a later version knows gives nothing here.</summary>
    internal static Scopes Read(string text) => text.Split(' ').Aggregate(Scopes.None, (scopes, name) => TryParse(name, out var scope) ? scopes | scope : scopes);
}
