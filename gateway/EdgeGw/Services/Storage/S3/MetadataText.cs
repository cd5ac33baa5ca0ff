using System.Text;

namespace EdgeGw.Services.Storage.S3;

/// <summary>Metadata as headers: what ASCII cannot say is written as an encoded word (RFC 2047), as S3 itself answers it.</summary>
internal static class MetadataText
{
    private const string Beginning = "=?UTF-8?B?";
    private const string End = "?=";

    /// <summary>A value as it is sent.</summary>
    public static string Encode(string value) =>
        value.Length > 0 && Ascii.IsValid(value) && value[0] != ' ' && value[^1] != ' ' && !value.StartsWith("=?", StringComparison.Ordinal) && !value.Contains('\x7F')
            ? value
            : $"{Beginning}{Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}{End}";

    /// <summary>A value as it was given.</summary>
    public static string Decode(string value)
    {
        if (!value.StartsWith(Beginning, StringComparison.OrdinalIgnoreCase) || !value.EndsWith(End, StringComparison.Ordinal))
        {
            return value;
        }
        var bytes = new byte[value.Length];
        return Convert.TryFromBase64String(value[Beginning.Length..^End.Length], bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : value;
    }
}
