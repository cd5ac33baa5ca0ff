using System.Security.Cryptography;
using System.Text;
using EdgeGw.Configuration;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Data;
using EdgeGw.Control.Identity;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Secrets;

/// <summary>What is known of a secret without its value.</summary>
internal sealed record SecretName(string Name, DateTimeOffset Changed, string ChangedBy, long Revision);

/// <summary>Secrets that services refer to as <c>secret:NAME</c>, encrypted with AES-256-GCM under their own names: one cannot be put in another's place.</summary>
internal sealed class SecretStore
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const string Columns = "SELECT name, changed, changed_by, revision FROM secret";

    private readonly ControlDatabase _database;
    private readonly SecretKey _key;
    private readonly IdentitySettings _settings;
    private readonly TimeProvider _clock;

    internal SecretStore(ControlDatabase database, SecretKey key, IdentitySettings settings, TimeProvider clock)
    {
        (_database, _key, _settings, _clock) = (database, key, settings, clock);
        database.Migrate("secrets",
        [
            "CREATE TABLE secret (name TEXT PRIMARY KEY, value BLOB NOT NULL, key TEXT NOT NULL, changed INTEGER NOT NULL, changed_by TEXT NOT NULL, revision INTEGER NOT NULL) WITHOUT ROWID",
        ]);
    }

    /// <summary>Some names, after one.</summary>
    internal IReadOnlyList<SecretName> List(string after, int limit) => _database.Read(
        connection => connection.Rows(Columns + " WHERE name > $after ORDER BY name LIMIT $limit", Read, ("$after", after), ("$limit", limit)));

    /// <summary>Keeps a value under a name, instead of the one before. Throws <see cref="ChangeRefusedException"/>.</summary>
    internal SecretName Put(string name, string value, string by)
    {
        var key = _key.Load(make: true);
        try
        {
            var sealedValue = Encrypt(key, name, value);
            return _database.Write(connection =>
            {
                if (connection.Number("SELECT count(*) FROM secret WHERE name <> $name", ("$name", name)) is var others && others >= _settings.MaxSecrets)
                {
                    throw new ChangeRefusedException(409, $"There are {others} secrets already, the most that Identity:MaxSecrets allows.");
                }
                connection.Run(
                    """
                    INSERT INTO secret (name, value, key, changed, changed_by, revision) VALUES ($name, $value, $key, $now, $by, 1)
                    ON CONFLICT (name) DO UPDATE SET value = excluded.value, key = excluded.key, changed = excluded.changed, changed_by = excluded.changed_by, revision = revision + 1
                    """,
                    ("$name", name), ("$value", sealedValue), ("$key", SecretKey.IdOf(key)), ("$now", _clock.GetUtcNow().ToUnixTimeMilliseconds()), ("$by", by));
                return connection.Row(Columns + " WHERE name = $name", Read, ("$name", name))!;
            });
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Whether there is one of a name.</summary>
    internal bool Has(string name) => _database.Read(connection => connection.Number("SELECT count(*) FROM secret WHERE name = $name", ("$name", name)) > 0);

    /// <summary>Forgets one.</summary>
    internal void Remove(string name) => _database.Write(connection => connection.Run("DELETE FROM secret WHERE name = $name", ("$name", name)));

    /// <summary>The values of those among some names that there are. Throws <see cref="ChangeRefusedException"/> when one cannot be decrypted.</summary>
    internal IReadOnlyDictionary<string, string> Values(IReadOnlyCollection<string> names)
    {
        var rows = _database.Read(connection => names.Select(name => connection.Row(
            "SELECT name, value, key FROM secret WHERE name = $name", row => new Sealed(row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetString(2)), ("$name", name))).OfType<Sealed>().ToList());
        if (rows.Count == 0)
        {
            return new Dictionary<string, string>();
        }
        var key = _key.Load(make: false);
        try
        {
            var id = SecretKey.IdOf(key);
            return rows.ToDictionary(row => row.Name, row => row.Key == id ? Decrypt(key, row) : throw Unreadable(row.Name));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static byte[] Encrypt(byte[] key, string name, string value)
    {
        var plain = Encoding.UTF8.GetBytes(value);
        var bytes = new byte[NonceBytes + TagBytes + plain.Length];
        var nonce = bytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(nonce, plain, bytes.AsSpan(NonceBytes + TagBytes), bytes.AsSpan(NonceBytes, TagBytes), Encoding.UTF8.GetBytes(name));
        CryptographicOperations.ZeroMemory(plain);
        return bytes;
    }

    private static string Decrypt(byte[] key, Sealed row)
    {
        try
        {
            var plain = new byte[row.Value.Length - NonceBytes - TagBytes];
            using var cipher = new AesGcm(key, TagBytes);
            cipher.Decrypt(row.Value.AsSpan(0, NonceBytes), row.Value.AsSpan(NonceBytes + TagBytes), row.Value.AsSpan(NonceBytes, TagBytes), plain, Encoding.UTF8.GetBytes(row.Name));
            return Encoding.UTF8.GetString(plain);
        }
        catch (Exception e) when (e is CryptographicException or OverflowException)
        {
            throw Unreadable(row.Name);
        }
    }

    private static ChangeRefusedException Unreadable(string name) =>
        new(500, $"The secret '{name}' was encrypted with another key, or has been changed in the database: put its key back, or set it again with 'edgegw secrets set {name}'.");

    private static SecretName Read(SqliteDataReader row) => new(row.GetString(0), row.Time(1), row.GetString(2), row.GetInt64(3));

    private sealed record Sealed(string Name, byte[] Value, string Key);
}
