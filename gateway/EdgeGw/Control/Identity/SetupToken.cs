using System.Security.Cryptography;
using System.Text;
using EdgeGw.Control.Storage;

namespace EdgeGw.Control.Identity;

/// <summary>Makes the first user: a token that is shown on the console alone, kept in memory alone, and worth nothing once there is a user. Whether there is one already is known by a mark in the state
/// directory, so that a start need not open the database.</summary>
internal sealed class SetupToken(StateDirectory state, TextWriter console)
{
    private const int TokenBytes = 16;

    private readonly Lock _lock = new();
    private string? _token;

    /// <summary>What the console is to say, when the gateway has not been set up as far as the state directory tells; null otherwise.</summary>
    internal string? AtStart() => File.Exists(state.SetupMark) ? null : Sentence(Get(show: false));

    /// <summary>Whether a text is the token; in the same time whatever it is, its length apart.</summary>
    internal bool Matches(string? text) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(text ?? ""), Encoding.UTF8.GetBytes(Get(show: true)));

    /// <summary>There is no user, though the mark may say so (a database was restored, or taken away): shows a token if none was shown yet.</summary>
    internal void Needed() => Get(show: true);

    /// <summary>There is a user.</summary>
    internal void Done()
    {
        if (!File.Exists(state.SetupMark))
        {
            new FileStream(state.SetupMark, Files.CreateOptions(FileMode.OpenOrCreate, FileAccess.Write)).Dispose();
        }
    }

    private static string Sentence(string token) => $"Setup: the first visit of the Admin UI asks for this one-time token: {token}";

    private string Get(bool show)
    {
        lock (_lock)
        {
            if (_token is null)
            {
                // The system's own source, without the cryptographic library that control does not load just to start.
                Span<byte> random = stackalloc byte[TokenBytes];
                using var source = File.OpenHandle("/dev/urandom");
                if (RandomAccess.Read(source, random, 0) != TokenBytes)
                {
                    throw new IOException("/dev/urandom gives no random bytes");
                }
                _token = Convert.ToHexStringLower(random);
                if (show)
                {
                    console.WriteLine(Sentence(_token));
                }
            }
            return _token;
        }
    }
}
