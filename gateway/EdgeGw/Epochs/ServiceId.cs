using System.Diagnostics.CodeAnalysis;

namespace EdgeGw.Epochs;

/// <summary>What names a service: its kind and its name in it, written <c>database:main</c>.</summary>
internal readonly record struct ServiceId(string Kind, string Name)
{
    /// <summary>The most characters of a name.</summary>
    public const int MaxName = 64;

    /// <summary>How it is written, for sentences.</summary>
    public const string Form = "kind:name, such as database:main";

    /// <summary>Reads <c>kind:name</c>. Whether the kind is known and the name allowed is not looked at.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ServiceId id)
    {
        var cut = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        id = cut > 0 && cut < text!.Length - 1 ? new ServiceId(text[..cut], text[(cut + 1)..]) : default;
        return id.Kind is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}:{Name}";
}
