using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using EdgeGw.Configuration;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Data;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Identity;

/// <summary>An API key, without its secret.</summary>
internal sealed record ApiKey(string Id, string Name, Scopes Scopes, DateTimeOffset Created, string CreatedBy, DateTimeOffset? Expires, DateTimeOffset? LastUsed);

/// <summary>Keys for programs: <c>egw_ID_SECRET</c>, of which the secret's hash alone is kept. 256 random bits need no slow hash.</summary>
internal sealed class ApiKeys(ControlDatabase database, IdentitySettings settings, TimeProvider clock)
{
    /// <summary>How every key begins.</summary>
    internal const string Prefix = "egw_";

    private const string Columns = "SELECT id, name, scopes, created, created_by, expires, last_used FROM api_key";
    private const int IdBytes = 6;
    private const int SecretBytes = 32;
    private const int MaxKeyChars = 128;

    // How exactly "last used" is known, so that not every request writes.
    private static readonly TimeSpan s_notice = TimeSpan.FromMinutes(1);

    /// <summary>Some of them, after one.</summary>
    internal IReadOnlyList<ApiKey> List(string after, int limit) => database.Read(
        connection => connection.Rows(Columns + " WHERE id > $after ORDER BY id LIMIT $limit", Read, ("$after", after), ("$limit", limit)));

    /// <summary>One of them; null when there is none.</summary>
    internal ApiKey? Find(string id) => database.Read(connection => Find(connection, id));

    /// <summary>Makes one. Its text is known now and never again. Throws <see cref="ChangeRefusedException"/>.</summary>
    internal (ApiKey Key, string Text) Add(string name, Scopes scopes, DateTimeOffset? expires, string by)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var key = database.Write(connection =>
        {
            if (connection.Number("SELECT count(*) FROM api_key") is var count && count >= settings.MaxKeys)
            {
                throw new ChangeRefusedException(409, $"There are {count} API keys already, the most that Identity:MaxKeys allows; delete those that nobody uses.");
            }
            connection.Run(
                "INSERT INTO api_key (id, name, hash, scopes, created, created_by, expires) VALUES ($id, $name, $hash, $scopes, $now, $by, $expires)",
                ("$id", id), ("$name", name), ("$hash", HashOf(secret)), ("$scopes", ScopeNames.Write(scopes)), ("$now", clock.GetUtcNow().ToUnixTimeMilliseconds()), ("$by", by),
                ("$expires", expires?.ToUnixTimeMilliseconds()));
            return Find(connection, id)!;
        });
        return (key, $"{Prefix}{id}_{secret}");
    }

    /// <summary>Takes one away: it is worth nothing from now on. Null when there is none.</summary>
    internal ApiKey? Remove(string id) => database.Write(connection =>
    {
        var key = Find(connection, id);
        connection.Run("DELETE FROM api_key WHERE id = $id", ("$id", id));
        return key;
    });

    /// <summary>Whose key a text is. Null, with a sentence when the key is right and too old.</summary>
    internal Principal? Authenticate(string text, out string? refusal)
    {
        refusal = null;
        if (text.Length > MaxKeyChars || !text.StartsWith(Prefix, StringComparison.Ordinal) || text.IndexOf('_', Prefix.Length) is not (> 0 and var cut))
        {
            return null;
        }
        var id = text[Prefix.Length..cut];
        var (key, hash) = database.Read(connection => (Find(connection, id), connection.Row("SELECT hash FROM api_key WHERE id = $id", row => row.GetFieldValue<byte[]>(0), ("$id", id))));
        if (key is null || !CryptographicOperations.FixedTimeEquals(HashOf(text[(cut + 1)..]), hash))
        {
            return null;
        }
        var now = clock.GetUtcNow();
        if (key.Expires is { } expires && now >= expires)
        {
            refusal = $"The API key '{key.Name}' ({key.Id}) has expired on {expires:yyyy-MM-dd HH:mm} UTC; have another one made with 'edgegw keys add'.";
            return null;
        }
        if (key.LastUsed is null || now - key.LastUsed >= s_notice)
        {
            Note(id, now);
        }
        return new Principal(PrincipalKind.Key, $"key {key.Name} ({key.Id})", key.Scopes) { Expires = key.Expires };
    }

    private void Note(string id, DateTimeOffset now)
    {
        try
        {
            database.Write(connection => connection.Run("UPDATE api_key SET last_used = $now WHERE id = $id", ("$now", now.ToUnixTimeMilliseconds()), ("$id", id)));
        }
        catch (ChangeRefusedException)
        {
            // The disk cannot be written: reading with a key goes on, and what is to be changed says so.
        }
    }

    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    private static ApiKey? Find(SqliteConnection connection, string id) => connection.Row(Columns + " WHERE id = $id", Read, ("$id", id));

    private static ApiKey Read(SqliteDataReader row) =>
        new(row.GetString(0), row.GetString(1), ScopeNames.Read(row.GetString(2)), row.Time(3), row.GetString(4), row.TimeOrNull(5), row.TimeOrNull(6));
}
