using EdgeGw.Configuration;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Data;
using EdgeGw.Control.Observability;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Identity;

/// <summary>One entry of the audit log.</summary>
internal sealed record AuditEntry(long Id, DateTimeOffset Time, string Who, string Kind, string Address, string Method, string Path, int Status, string? Detail);

/// <summary>Who has changed what, or was not allowed to: every request that changes something, with what was answered. The newest <c>Identity:KeepAudit</c> are kept.</summary>
internal sealed class AuditLog(ControlDatabase database, IdentitySettings settings, ControlLog log, TimeProvider clock)
{
    private const int MaxPathChars = 300;
    private const int ClientGone = 499;

    /// <summary>Runs the rest of the pipeline and writes down what it has come to: before whoever asked can know it, or when he has gone.</summary>
    internal async Task FollowAsync(HttpContext context, RequestDelegate next)
    {
        var isWritten = false;
        context.Response.OnStarting(() =>
        {
            isWritten = true;
            Write(context, context.Response.StatusCode);
            return Task.CompletedTask;
        });
        await next(context);
        if (!isWritten && context.RequestAborted.IsCancellationRequested)
        {
            Write(context, ClientGone);
        }
    }

    /// <summary>Some entries, the newest first, older than one.</summary>
    internal IReadOnlyList<AuditEntry> List(long before, int limit, string? who) => database.Read(connection => connection.Rows(
        "SELECT id, time, who, kind, address, method, path, status, detail FROM audit WHERE id < $before AND ($who IS NULL OR who = $who) ORDER BY id DESC LIMIT $limit",
        Read, ("$before", before), ("$who", who), ("$limit", limit)));

    // A stranger's requests are refused and not written down, but for those that say so: he must not be able to push out what others have done.
    private static bool IsChange(HttpContext context) =>
        AuditNote.Of(context) is { IsEvent: true } || (Principal.Of(context) is not null && !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method));

    private void Write(HttpContext context, int status)
    {
        if (!IsChange(context))
        {
            return;
        }
        var (principal, note, request) = (Principal.Of(context), AuditNote.Of(context), context.Request);
        var path = request.Path.ToString();
        try
        {
            database.Write(connection =>
            {
                connection.Run(
                    "INSERT INTO audit (time, who, kind, address, method, path, status, detail) VALUES ($time, $who, $kind, $address, $method, $path, $status, $detail)",
                    ("$time", clock.GetUtcNow().ToUnixTimeMilliseconds()), ("$who", note?.Who ?? principal?.Name ?? "nobody"), ("$kind", principal?.Kind.ToString().ToLowerInvariant() ?? "none"),
                    ("$address", AddressOf(context)), ("$method", request.Method), ("$path", string.Concat(path.Take(MaxPathChars).Select(c => char.IsControl(c) ? ' ' : c))),
                    ("$status", status), ("$detail", note?.Detail));
                connection.Run("DELETE FROM audit WHERE id <= last_insert_rowid() - $keep", ("$keep", settings.KeepAudit));
            });
        }
        catch (Exception e) when (e is ChangeRefusedException or SqliteException or ObjectDisposedException)
        {
            log.Error($"The audit log cannot be written: {principal} called {request.Method} {path} ({status}). {e.Message}");
        }
    }

    /// <summary>Where a request comes from.</summary>
    internal static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress is not { } address ? "control.sock" : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();

    private static AuditEntry Read(SqliteDataReader row) => new(
        row.GetInt64(0), row.Time(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetInt32(7), row.Text(8));
}
