using System.Security.Cryptography;
using System.Text;
using EdgeGw.Control.Storage;

namespace EdgeGw.Control.Admin;

/// <summary>The bearer token of the Admin API over TCP: 256 random bits, made on the first start.</summary>
internal sealed class AdminToken
{
    private const int RandomBytes = 32;
    private const int LeastLength = 32;

    private readonly byte[] _token;

    private AdminToken(string token) => _token = Encoding.UTF8.GetBytes(token);

    /// <summary>Reads the token, or makes one. Throws <see cref="ControlStartException"/> with a sentence.</summary>
    internal static AdminToken LoadOrCreate(StateDirectory state, IDurableFiles files)
    {
        var path = state.TokenFile;
        if (!File.Exists(path))
        {
            var made = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes));
            var temporary = path + ".tmp";
            files.Write(temporary, Encoding.ASCII.GetBytes(made + "\n"));
            files.Rename(temporary, path);
            files.SyncDirectory(state.Root);
            return new AdminToken(made);
        }
        var token = File.ReadAllText(path).Trim();
        return token.Length >= LeastLength
            ? new AdminToken(token)
            : throw new ControlStartException($"The Admin API's token in '{path}' has fewer than {LeastLength} characters; write a longer one, or delete the file to get a new one.");
    }

    /// <summary>Whether an Authorization header carries the token. Takes the same time whatever it holds, its length apart.</summary>
    internal bool Matches(string? authorization)
    {
        const string scheme = "Bearer ";
        var given = authorization is not null && authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? authorization[scheme.Length..].Trim() : "";
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), _token);
    }
}
