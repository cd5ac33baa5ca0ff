using EdgeGw.Control.Changes;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Control.Identity;

/// <summary>Calls that compile only where they are asked to need the scope for it only then.</summary>
internal static class CompileScope
{
    /// <summary>Throws (403) when whoever asks may not have source compiled; <paramref name="what"/> begins the sentence.</summary>
    internal static void Demand(HttpContext context, string what)
    {
        if (Principal.Of(context) is { } principal && !principal.Scopes.Covers(Scopes.Compile))
        {
            throw new ChangeRefusedException(403, $"{what} needs the scope {ScopeNames.Write(Scopes.Compile)}; {principal} has {ScopeNames.Write(principal.Scopes)}.");
        }
    }
}
