using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace EdgeGw.Epochs;

/// <summary>Where a secret is, instead of the secret: <c>secret:name</c> (kept by control, encrypted), <c>env:NAME</c>, <c>file:/path</c> or <c>credential:name</c> (a file of systemd's
/// <c>$CREDENTIALS_DIRECTORY</c>). It is read where and when it is needed. No sentence made here ever has the value in it, nor a text that might be one.</summary>
internal sealed record SecretReference
{
    /// <summary>The forms, for sentences.</summary>
    public const string Forms = "secret:name, env:NAME, file:/path or credential:name";

    /// <summary>The most bytes of a secret.</summary>
    public const int MaxBytes = 64 * 1024;

    private const string Secret = "secret:";
    private const string CredentialsDirectory = "CREDENTIALS_DIRECTORY";
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _scheme;
    private readonly string _place;

    private SecretReference(string scheme, string place) => (_scheme, _place) = (scheme, place);

    /// <summary>Whether a text begins as a reference does; it may still be one that cannot be right.</summary>
    public static bool IsReference(string text) =>
        text.StartsWith(Secret, StringComparison.Ordinal) || text.StartsWith("env:", StringComparison.Ordinal) || text.StartsWith("file:", StringComparison.Ordinal) || text.StartsWith("credential:", StringComparison.Ordinal);

    /// <summary>The name in a text that refers to a secret which control keeps; null for every other text.</summary>
    public static string? SecretName(string text) => text.StartsWith(Secret, StringComparison.Ordinal) ? text[Secret.Length..] : null;

    /// <summary>Reads a reference. The error continues a sentence that names the setting, and does not repeat the text: it may be the secret itself.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SecretReference? reference, [NotNullWhen(false)] out string? error)
    {
        reference = null;
        if (!IsReference(text))
        {
            error = $"must say where the secret is, not what it is: write {Forms}";
            return false;
        }
        var cut = text.IndexOf(':', StringComparison.Ordinal);
        var (scheme, place) = (text[..cut], text[(cut + 1)..]);
        error = scheme switch
        {
            "env" when place.Length is 0 or > 256 || char.IsAsciiDigit(place[0]) || !place.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') =>
                "needs a variable's name of letters, digits and '_' after 'env:', such as env:DB_PASSWORD",
            "file" when place.Length > 4096 || !place.StartsWith('/') || place.EndsWith('/') || place.Any(char.IsControl) => "needs an absolute path after 'file:', such as file:/etc/edgegw/db-password",
            "secret" when !ManifestReader.IsName(place) => "needs a secret's name of letters, digits, '.', '_' and '-' after 'secret:', such as secret:db-password",
            "credential" when !ManifestReader.IsName(place) => "needs a credential's name of letters, digits, '.', '_' and '-' after 'credential:', such as credential:db-password",
            _ => null,
        };
        reference = error is null ? new SecretReference(scheme, place) : null;
        return error is null;
    }

    /// <summary>Reads the secret: now, on this thread. A file's or a credential's last line end is not part of it.</summary>
    /// <param name="environment">Gives a variable's value, and that of a secret for <c>secret:name</c>; or null.</param>
    /// <param name="value">The secret; never empty.</param>
    /// <param name="error">One phrase that says what was looked for where, and what to do.</param>
    public bool TryResolve(Func<string, string?> environment, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? error)
    {
        (value, error) = _scheme switch
        {
            "env" => Variable(environment(_place)),
            "secret" => environment(ToString()) is { Length: > 0 } told ? (told, null) : (null, $"there is no secret '{_place}'; add it with 'edgegw secrets set {_place}'"),
            "file" => ReadFile(_place),
            _ => environment(CredentialsDirectory) is { Length: > 0 } folder
                ? ReadFile(Path.Combine(folder, _place))
                : (null, $"the gateway was started without systemd credentials (no {CredentialsDirectory}); give it '{_place}' with LoadCredential= in its unit"),
        };
        return error is null;
    }

    /// <summary>The reference as it was written; never the secret.</summary>
    public override string ToString() => $"{_scheme}:{_place}";

    private (string? Value, string? Error) Variable(string? value) => value switch
    {
        null => (null, $"the variable {_place} is not set; set it where the gateway is started"),
        "" => (null, $"the variable {_place} is empty"),
        { Length: > MaxBytes } => (null, $"the variable {_place} is longer than the {MaxBytes} characters that a secret may have"),
        _ => (value, null),
    };

    private static (string? Value, string? Error) ReadFile(string path)
    {
        try
        {
            // A pipe or a device has no length: opening one could wait for ever.
            var length = new FileInfo(path).Length;
            if (length is 0 or > MaxBytes)
            {
                return (null, length == 0 ? $"the file {path} is empty" : $"the file {path} has {length} bytes; a secret has at most {MaxBytes}");
            }
            var text = s_strict.GetString(File.ReadAllBytes(path));
            text = text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
            return text.Length == 0 ? (null, $"the file {path} is empty")
                : text.Contains('\0', StringComparison.Ordinal) ? (null, $"the file {path} is not text: it has a zero byte")
                : (text, null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, $"there is no file {path}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"the file {path} cannot be read by the gateway's user; check its owner and mode");
        }
        catch (DecoderFallbackException)
        {
            return (null, $"the file {path} is not UTF-8 text");
        }
    }
}
