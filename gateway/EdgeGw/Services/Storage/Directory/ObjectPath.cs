using System.Text;

namespace EdgeGw.Services.Storage.Directory;

/// <summary>Where a key lies below the root. Each part of a key is a folder <c>+part</c>, the last one the file <c>=part</c>: so an object and a folder of one name stand side by side,
/// and no key can name anything else. A part too long for a file name is continued: <c>&amp;first 200 bytes/=rest</c>.</summary>
internal static class ObjectPath
{
    /// <summary>First character of an object's file.</summary>
    public const char Object = '=';

    /// <summary>First character of a folder of a key's part.</summary>
    public const char Folder = '+';

    /// <summary>First character of a folder of a part's beginning.</summary>
    public const char Beginning = '&';

    private const int PieceBytes = 200;

    /// <summary>The path of a key, relative to the root.</summary>
    public static string Of(string key)
    {
        var path = new StringBuilder();
        var rest = key.AsSpan();
        while (true)
        {
            var separator = rest.IndexOf('/');
            Append(path, separator < 0 ? rest : rest[..separator], separator < 0 ? Object : Folder);
            if (separator < 0)
            {
                return path.ToString();
            }
            path.Append('/');
            rest = rest[(separator + 1)..];
        }
    }

    /// <summary>How the keys below a name compare with those of its neighbours: as this text does.</summary>
    public static string OrderOf(ReadOnlySpan<char> name) => name[0] switch
    {
        Folder => string.Concat(name[1..], "/"),
        // A beginning that ends before its 200th byte does so because a longer character follows: no neighbour that shares it goes on with one as long.
        Beginning => string.Concat(name[1..], (PieceBytes - Encoding.UTF8.GetByteCount(name[1..])) switch
        {
            1 => "\u0080",
            2 => "\u0800",
            3 => "\U00010000",
            _ => "",
        }),
        _ => name[1..].ToString(),
    };

    private static void Append(StringBuilder path, ReadOnlySpan<char> part, char kind)
    {
        while (Encoding.UTF8.GetByteCount(part) >= PieceBytes)
        {
            var (bytes, characters) = (0, 0);
            foreach (var rune in part.EnumerateRunes())
            {
                if (bytes + rune.Utf8SequenceLength > PieceBytes)
                {
                    break;
                }
                bytes += rune.Utf8SequenceLength;
                characters += rune.Utf16SequenceLength;
            }
            path.Append(Beginning).Append(part[..characters]).Append('/');
            part = part[characters..];
        }
        path.Append(kind).Append(part);
    }
}
