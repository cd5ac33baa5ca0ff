using System.Buffers;
using Microsoft.Extensions.Primitives;

namespace EdgeGw.Pipeline.Observe;

/// <summary>The header <c>tracestate</c> (W3C Trace Context, https://www.w3.org/TR/trace-context/#tracestate-header): what tracing systems tell each other. The gateway passes it on as it is, or not
/// at all.</summary>
internal static class TraceState
{
    /// <summary>The header.</summary>
    public const string Header = "tracestate";

    private const int MaxMembers = 32;
    // What must be passed on at least (section 3.3.1.5); a longer one is dropped whole, since cutting it needs to know whose members matter.
    private const int MaxLength = 512;
    private const int MaxKey = 256;
    private const int MaxTenant = 241;
    private const int MaxSystem = 14;
    private const int MaxValue = 256;

    private static readonly SearchValues<char> s_key = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-*/");

    /// <summary>The value to pass on; several headers are one list. Null when there is none, or when it is not right.</summary>
    public static string? Read(StringValues headers)
    {
        var text = headers.Count == 1 ? headers[0] : headers.Count == 0 ? null : string.Join(',', (IEnumerable<string?>)headers);
        return text is { Length: > 0 and <= MaxLength } && IsValid(text) ? text : null;
    }

    private static bool IsValid(ReadOnlySpan<char> text)
    {
        var members = 0;
        foreach (var range in text.Split(','))
        {
            var member = text[range].Trim(" \t");
            // An empty member is allowed.
            if (member.Length > 0 && (++members > MaxMembers || !IsMember(member)))
            {
                return false;
            }
        }
        return members > 0;
    }

    private static bool IsMember(ReadOnlySpan<char> member)
    {
        var equals = member.IndexOf('=');
        if (equals <= 0)
        {
            return false;
        }
        var key = member[..equals];
        var value = member[(equals + 1)..];
        var at = key.IndexOf('@');
        var isKey = at < 0
            ? key.Length <= MaxKey && char.IsAsciiLetterLower(key[0]) && key.IndexOfAnyExcept(s_key) < 0
            : at is > 0 and <= MaxTenant && char.IsAsciiLetterOrDigit(key[0]) && key[..at].IndexOfAnyExcept(s_key) < 0
                && key.Length - at - 1 is > 0 and <= MaxSystem && char.IsAsciiLetterLower(key[at + 1]) && key[(at + 1)..].IndexOfAnyExcept(s_key) < 0;
        return isKey && value.Length is > 0 and <= MaxValue && value.IndexOfAnyExceptInRange(' ', '~') < 0 && value.IndexOfAny('=', ',') < 0;
    }
}
