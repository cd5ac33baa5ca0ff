using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace EdgeGw.Services.Storage;

/// <summary>Which bytes are a key, a type, a piece of metadata: checked once, where they come in.</summary>
internal static class ObjectKey
{
    /// <summary>The longest key in bytes.</summary>
    public const int MaxBytes = 1024;

    /// <summary>The most pieces of metadata of one object.</summary>
    public const int MaxMetadata = 64;

    private const int MaxNameBytes = 128;
    private const int MaxValueBytes = 8192;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly SearchValues<char> s_nameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>Reads a key: 1 to 1024 bytes of UTF-8 without NUL, no part of it "", "." or "..".</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? key) =>
        TryReadPart(bytes, out key) && key.Length > 0 && IsKey(key);

    /// <summary>Reads text that is part of a key, or empty: a prefix, a delimiter.</summary>
    public static bool TryReadPart(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (bytes.Length > MaxBytes || bytes.Contains((byte)0))
        {
            return false;
        }
        try
        {
            text = s_strict.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>Whether no part is "", "." or "..".</summary>
    public static bool IsKey(ReadOnlySpan<char> key)
    {
        foreach (var range in key.Split('/'))
        {
            if (key[range] is "" or "." or "..")
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Reads a content type: printable ASCII; empty is the default one.</summary>
    public static bool TryReadType(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? type)
    {
        type = null;
        if (bytes.Length > 255 || bytes.ContainsAnyExceptInRange((byte)0x20, (byte)0x7E))
        {
            return false;
        }
        type = bytes.IsEmpty ? ObjectHeader.DefaultType : Encoding.ASCII.GetString(bytes);
        return true;
    }

    /// <summary>Reads a piece of metadata.</summary>
    public static bool TryReadMetadata(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, out KeyValuePair<string, string> metadata)
    {
        metadata = default;
        if (name.Length is 0 or > MaxNameBytes || value.Length > MaxValueBytes)
        {
            return false;
        }
        var text = Encoding.Latin1.GetString(name);
        if (text.AsSpan().ContainsAnyExcept(s_nameCharacters))
        {
            return false;
        }
        try
        {
            var decoded = s_strict.GetString(value);
            metadata = new(text.ToLowerInvariant(), decoded);
            return !decoded.AsSpan().ContainsAnyInRange('\0', '\x1F');
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
