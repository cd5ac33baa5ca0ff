using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using EdgeGw.Configuration;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Data;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Identity;

/// <summary>Who is logged in. A session's token is known to the browser alone, the database has its hash; it is replaced by another one now and then, and the one before holds until the new one was seen.</summary>
internal sealed class Sessions(ControlDatabase database, IdentitySettings settings, TimeProvider clock)
{
    private const int TokenBytes = 32;
    private const int MaxTokenChars = 64;

    // How exactly "idle" is known, so that not every request writes; and how long requests under way may still carry the token before.
    private const long NoticeMs = 60_000;

    /// <summary>Begins one, under a token that nobody has seen before; the one that the browser had until now ends.</summary>
    internal (Session Session, string Token) Begin(User user, string address, Session? before)
    {
        var token = NewToken();
        var (id, csrf, now) = (Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), NewToken(), Now);
        database.Write(connection =>
        {
            connection.Run("DELETE FROM session WHERE created <= $oldest OR seen <= $idle OR id = $before", ("$oldest", now - settings.SessionMs), ("$idle", now - settings.SessionIdleMs), ("$before", before?.Id));
            connection.Run(
                "DELETE FROM session WHERE id IN (SELECT id FROM session WHERE user = $user ORDER BY seen DESC LIMIT -1 OFFSET $others)", ("$user", user.Name), ("$others", settings.SessionsPerUser - 1));
            connection.Run(
                "INSERT INTO session (id, token, user, csrf, created, seen, rotated, address) VALUES ($id, $token, $user, $csrf, $now, $now, $now, $address)",
                ("$id", id), ("$token", HashOf(token)), ("$user", user.Name), ("$csrf", csrf), ("$now", now), ("$address", address));
        });
        return (new Session(id, user.Name, user.Scopes, csrf, DateTimeOffset.FromUnixTimeMilliseconds(now + settings.SessionMs)), token);
    }

    /// <summary>The session of a token, as long as it holds. <paramref name="next"/> is the token that the browser is to have from now on, when it is time for another one.</summary>
    internal Session? Find(string token, out string? next)
    {
        next = null;
        if (token.Length is 0 or > MaxTokenChars)
        {
            return null;
        }
        var (hash, now) = (HashOf(token), Now);
        var found = database.Read(connection => connection.Row(
            """
            SELECT s.id, s.user, u.scopes, s.csrf, s.created, s.seen, s.rotated, s.token = $hash, s.previous IS NOT NULL AND s.previous_until IS NULL, coalesce(s.previous_until, $now + 1)
            FROM session s JOIN user u ON u.name = s.user WHERE (s.token = $hash OR s.previous = $hash) AND u.enabled
            """,
            Read, ("$hash", hash), ("$now", now)));
        if (found is null || now >= found.Created + settings.SessionMs || now >= found.Seen + settings.SessionIdleMs || (!found.IsCurrent && now >= found.PreviousUntil))
        {
            return null;
        }
        // A token is replaced in time; one that is still the old one long after that was never told the new one.
        var rotates = found.IsCurrent ? now >= found.Rotated + settings.SessionRotateMs : now >= found.Rotated + NoticeMs;
        if (rotates || (found.IsCurrent && found.IsUnconfirmed) || now >= found.Seen + NoticeMs)
        {
            next = Update(found, hash, now, rotates);
        }
        return new Session(found.Id, found.User, found.Scopes, found.Csrf, DateTimeOffset.FromUnixTimeMilliseconds(found.Created + settings.SessionMs));
    }

    /// <summary>Ends one.</summary>
    internal void End(string id) => database.Write(connection => connection.Run("DELETE FROM session WHERE id = $id", ("$id", id)));

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    // What was seen, confirmed or replaced; of requests side by side one gives out the new token.
    private string? Update(Found found, byte[] hash, long now, bool rotates)
    {
        var token = rotates ? NewToken() : null;
        try
        {
            var given = database.Write(connection =>
            {
                connection.Run("UPDATE session SET seen = $now WHERE id = $id", ("$now", now), ("$id", found.Id));
                if (found.IsCurrent && found.IsUnconfirmed)
                {
                    connection.Run("UPDATE session SET previous_until = $until WHERE token = $hash AND previous_until IS NULL", ("$until", now + NoticeMs), ("$hash", hash));
                }
                return token is not null && connection.Run(
                    "UPDATE session SET token = $token, previous = $hash, previous_until = NULL, rotated = $now WHERE id = $id AND rotated = $rotated",
                    ("$token", HashOf(token)), ("$hash", hash), ("$now", now), ("$id", found.Id), ("$rotated", found.Rotated)) > 0;
            });
            return given ? token : null;
        }
        catch (ChangeRefusedException)
        {
            return null; // the disk cannot be written: the session goes on as it is, and says so where something is to be changed
        }
    }

    private static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static Found Read(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), ScopeNames.Read(row.GetString(2)), row.GetString(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetBoolean(7), row.GetBoolean(8), row.GetInt64(9));

    private sealed record Found(string Id, string User, Scopes Scopes, string Csrf, long Created, long Seen, long Rotated, bool IsCurrent, bool IsUnconfirmed, long PreviousUntil);
}
