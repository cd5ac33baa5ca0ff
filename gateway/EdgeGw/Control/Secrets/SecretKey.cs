using System.Security.Cryptography;
using System.Text;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Storage;

namespace EdgeGw.Control.Secrets;

/// <summary>The key that secrets are encrypted with: 256 bits as hexadecimal digits, in a file that the administrator gives (<c>Identity:SecretsKey</c>) or in <c>secrets.key</c>, made with the first secret.</summary>
internal sealed class SecretKey(StateDirectory state, string? given, IDurableFiles files)
{
    private const int KeyBytes = 32;
    private const int MaxFileBytes = 4_096;

    private string FilePath => string.IsNullOrEmpty(given) ? state.SecretsKey : given;

    /// <summary>The key; the caller clears it. Throws <see cref="ChangeRefusedException"/> with a sentence when there is none and <paramref name="make"/> is false, or it cannot be read.</summary>
    internal byte[] Load(bool make)
    {
        try
        {
            if (make && string.IsNullOrEmpty(given) && !File.Exists(FilePath))
            {
                var temporary = FilePath + ".tmp";
                files.Write(temporary, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes)) + "\n"));
                files.Rename(temporary, FilePath);
                files.SyncDirectory(state.Root);
            }
            if (new FileInfo(FilePath).Length <= MaxFileBytes && File.ReadAllText(FilePath).Trim() is { Length: 2 * KeyBytes } text && text.All(char.IsAsciiHexDigit))
            {
                return Convert.FromHexString(text);
            }
            throw new ChangeRefusedException(500, $"'{FilePath}' does not hold the key of the secrets, 64 hexadecimal digits (openssl rand -hex 32).");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ChangeRefusedException(500, $"The key of the secrets, '{FilePath}', is gone: put it back, or set every secret again.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ChangeRefusedException(500, $"The key of the secrets, '{FilePath}', cannot be used: {Files.Reason(e)}.");
        }
    }

    /// <summary>Tells one key from another, without telling the key.</summary>
    internal static string IdOf(ReadOnlySpan<byte> key) => Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 8));
}
