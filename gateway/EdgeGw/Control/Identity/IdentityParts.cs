using EdgeGw.Configuration;
using EdgeGw.Control.Admin;
using EdgeGw.Control.Data;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Storage;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Identity;

/// <summary>Who may do what, put together. Nothing of it opens the database before it is asked.</summary>
internal sealed class IdentityParts : IDisposable
{
    private readonly SetupToken _setup;
    private readonly Passwords _passwords;
    private readonly Users _users;
    private readonly Sessions _sessions;
    private readonly ApiKeys _keys;
    private readonly IdentitySettings _settings;
    private readonly ControlDatabase _database;
    private readonly TimeProvider _clock;

    internal IdentityParts(ControlDatabase database, StateDirectory state, AdminToken token, IdentitySettings settings, TextWriter console, ControlLog log, TimeProvider clock)
    {
        IdentityTables.Register(database);
        (_database, _settings, _clock) = (database, settings, clock);
        _setup = new SetupToken(state, console);
        _passwords = new Passwords(settings);
        _users = new Users(database, settings, clock);
        _sessions = new Sessions(database, settings, clock);
        _keys = new ApiKeys(database, settings, clock);
        Audit = new AuditLog(database, settings, log, clock);
        Credentials = new Credentials(token, _keys, _sessions);
    }

    /// <summary>Who has changed what.</summary>
    internal AuditLog Audit { get; }

    /// <summary>Who makes a request.</summary>
    internal Credentials Credentials { get; }

    /// <summary>What the console says of the first visit; null once the gateway has been set up.</summary>
    internal string? Setup => _setup.AtStart();

    internal void Map(IEndpointRouteBuilder routes)
    {
        var login = new Login(_users, _passwords, new LoginGuard(_database, _settings, _clock));
        new SessionEndpoints(_setup, _users, _passwords, login, _sessions, _settings).Map(routes);
        new UserEndpoints(_users, _passwords, _setup).Map(routes);
        new KeyEndpoints(_keys, _clock).Map(routes);
        new AuditEndpoints(Audit).Map(routes);
    }

    /// <inheritdoc/>
    public void Dispose() => _passwords.Dispose();
}
