using System.Net;
using System.Net.Sockets;
using EdgeGw.Configuration;
using EdgeGw.Control.Data;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Identity;

/// <summary>Counts failed logins by user and by address, and locks both out for a while, each time twice as long. The counts are in the database: a restart does not forget them.</summary>
internal sealed class LoginGuard(ControlDatabase database, IdentitySettings settings, TimeProvider clock)
{
    private const int MaxSubjects = 10_000;
    private const int MaxDoublings = 20;

    // Failures are added up until a login succeeds, or nobody has tried for this long.
    private static readonly TimeSpan s_forgotten = TimeSpan.FromHours(24);

    /// <summary>Counts an attempt as failed before it is made, so that neither a crash nor attempts side by side are free. Gives how long to wait when it may not be made.</summary>
    internal TimeSpan? Begin(string user, string address) => database.Write(connection =>
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var (users, addresses) = (Read(connection, User(user), now), Read(connection, Address(address), now));
        var until = Math.Max(users.LockedUntil, addresses.LockedUntil);
        if (until > now)
        {
            return TimeSpan.FromMilliseconds(until - now);
        }
        Count(connection, User(user), users.Failures + 1, settings.LoginFailures, now);
        Count(connection, Address(address), addresses.Failures + 1, settings.LoginFailuresPerAddress, now);
        MakeRoom(connection, now);
        return (TimeSpan?)null;
    });

    /// <summary>The attempt was no failure after all.</summary>
    internal void Succeeded(string user, string address) => database.Write(connection =>
    {
        connection.Run("DELETE FROM login_failure WHERE subject = $subject", ("$subject", User(user)));
        connection.Run("UPDATE login_failure SET failures = failures - 1, locked_until = 0 WHERE subject = $subject", ("$subject", Address(address)));
    });

    /// <summary>Lets a user try again at once.</summary>
    internal static void Unlock(SqliteConnection connection, string user) => connection.Run("DELETE FROM login_failure WHERE subject = $subject", ("$subject", User(user)));

    private static (int Failures, long LockedUntil) Read(SqliteConnection connection, string subject, long now)
    {
        var rows = connection.Rows(
            "SELECT failures, locked_until FROM login_failure WHERE subject = $subject AND last > $forgotten", row => (row.GetInt32(0), row.GetInt64(1)),
            ("$subject", subject), ("$forgotten", now - (long)s_forgotten.TotalMilliseconds));
        return rows.Count == 0 ? (0, 0) : rows[0];
    }

    private void Count(SqliteConnection connection, string subject, int failures, int allowed, long now)
    {
        var lockMs = failures < allowed ? 0 : Math.Min(settings.MaxLockMs, settings.LockMs * (1L << Math.Min(failures - allowed, MaxDoublings)));
        connection.Run(
            """
            INSERT INTO login_failure (subject, failures, last, locked_until) VALUES ($subject, $failures, $now, $until)
            ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, last = excluded.last, locked_until = excluded.locked_until
            """,
            ("$subject", subject), ("$failures", failures), ("$now", now), ("$until", lockMs == 0 ? 0 : now + lockMs));
    }

    // Who tries many names or has many addresses must not fill the disk; what is locked goes last.
    private static void MakeRoom(SqliteConnection connection, long now) => connection.Run(
        """
        DELETE FROM login_failure WHERE subject IN (
            SELECT subject FROM login_failure ORDER BY locked_until > $now, last LIMIT max(0, (SELECT count(*) FROM login_failure) - $most))
        """,
        ("$now", now), ("$most", MaxSubjects));

    private static string User(string name) => "user " + name[..Math.Min(name.Length, UserName.MaxLength)].ToLowerInvariant();

    // Who has one IPv6 address has all of its /64 network.
    private static string Address(string text)
    {
        if (!IPAddress.TryParse(text, out var address) || address.AddressFamily != AddressFamily.InterNetworkV6 || address.IsIPv4MappedToIPv6)
        {
            return "address " + text;
        }
        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return $"address {new IPAddress(bytes)}/64";
    }
}
