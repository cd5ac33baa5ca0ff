using System.Buffers;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Epochs;

/// <summary>What names, hosts and hashes look like, and when two deployments are the same.</summary>
internal static class EpochRules
{
    internal const int MaxNameLength = 64;
    private const int MaxHostLength = 253;

    private static readonly SearchValues<char> s_nameChars = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");
    private static readonly SearchValues<char> s_tokenChars = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~");
    private static readonly SearchValues<char> s_hexChars = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> s_labelChars = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>Letters, digits, '.', '_' and '-', 1 to 64 of them.</summary>
    internal static bool IsName(string text) => text.Length is > 0 and <= MaxNameLength && !text.AsSpan().ContainsAnyExcept(s_nameChars);

    /// <summary>64 lower-case hex digits.</summary>
    internal static bool IsSha256(string text) => text.Length == 64 && !text.AsSpan().ContainsAnyExcept(s_hexChars);

    /// <summary>A token (RFC 9110, section 5.6.2), which <c>*</c> is as well.</summary>
    internal static bool IsMethod(string text) => text.Length is > 0 and <= 32 && !text.AsSpan().ContainsAnyExcept(s_tokenChars);

    /// <summary><c>*</c>, <c>api.example.com</c>, <c>*.example.com</c>, an IPv4 address or an IPv6 address in brackets; no port.</summary>
    internal static bool IsHost(string text)
    {
        if (text == "*")
        {
            return true;
        }
        if (text.StartsWith('['))
        {
            return text.EndsWith(']') && System.Net.IPAddress.TryParse(text.AsSpan(1, text.Length - 2), out _);
        }
        var name = text.StartsWith("*.", StringComparison.Ordinal) ? text.AsSpan(2) : text;
        if (name.Length is 0 or > MaxHostLength)
        {
            return false;
        }
        foreach (var range in name.Split('.'))
        {
            if (name[range] is not { Length: > 0 and <= 63 } label || label.ContainsAnyExcept(s_labelChars))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>The same library with the same settings under the same name: deploying one over the other changes nothing.</summary>
    internal static bool SameDeployment(EpochHandler a, EpochHandler b) =>
        ReferenceEquals(a, b)
        || (a.Name == b.Name && a.Sha256 == b.Sha256 && a.File == b.File && a.Version == b.Version && a.Host == b.Host && a.Prefix == b.Prefix
            && a.DrainMs == b.DrainMs && a.Limits == b.Limits && a.Isolation == b.Isolation && SamePairs(a.Config, b.Config) && SamePairs(a.Services, b.Services));

    /// <summary>The same service under the same name: changing one to the other changes nothing.</summary>
    internal static bool SameService(EpochService a, EpochService b) =>
        a.Id == b.Id && a.Provider == b.Provider && a.Enabled == b.Enabled && a.PoolSize == b.PoolSize && a.QueueLength == b.QueueLength && a.TimeoutMs == b.TimeoutMs
        && SamePairs(a.Settings, b.Settings);

    /// <summary>The same handlers, deployed the same, and the same services.</summary>
    internal static bool SameContent(EpochConfig a, EpochConfig b) =>
        a.Handlers.Count == b.Handlers.Count && a.Handlers.All(handler => b.Handlers.Any(other => SameDeployment(handler, other)))
        && a.Canaries.Count == b.Canaries.Count && a.Canaries.All(canary => b.Canaries.Any(other => canary.Percent == other.Percent && SameDeployment(canary.Handler, other.Handler)))
        && a.Services.Count == b.Services.Count && a.Services.All(service => b.Services.Any(other => SameService(service, other)));

    /// <summary>The same keys with the same values.</summary>
    internal static bool SamePairs(IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b) =>
        a.Count == b.Count && a.All(pair => b.TryGetValue(pair.Key, out var value) && value == pair.Value);
}
