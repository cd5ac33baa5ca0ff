namespace EdgeGw.Control.Identity;

/// <summary>What a user may be called: plain characters, so that no two names look alike.</summary>
internal static class UserName
{
    /// <summary>The most characters.</summary>
    internal const int MaxLength = 64;

    /// <summary>Whether a text is a user's name.</summary>
    internal static bool IsOne(string? name) => name is { Length: > 0 and <= MaxLength } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@');
}
