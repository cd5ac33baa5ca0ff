using System.Net.Sockets;
using EdgeGw.Configuration;
using EdgeGw.Control.Identity;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Storage;
using EdgeGw.Control.Supervision;
using EdgeGw.Control.Upgrading;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeGw.Control.Admin;

/// <summary>The Admin API's web server: on the Unix socket, and on TCP when configured.</summary>
internal sealed class AdminServer : IAsyncDisposable
{
    private const int MaxConnections = 256;

    // Those who are in the middle of a long deploy.
    private static readonly TimeSpan s_lastAnswers = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly StateDirectory _state;

    // Kestrel does not close a socket that it was given by its handle.
    private readonly AdminSockets _sockets;

    private AdminServer(WebApplication app, StateDirectory state, AdminSockets sockets)
    {
        _app = app;
        _state = state;
        _sockets = sockets;
    }

    /// <summary>The URL over TCP, with the port in use; null for the Unix socket alone.</summary>
    internal string? Url => _sockets.Tcp?.Urls[0];

    /// <summary>Every route that it answers.</summary>
    internal IReadOnlyList<RouteEndpoint> Routes => [.. _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    /// <summary>Listens, on the sockets that the program before has left if it has. Throws <see cref="ControlStartException"/> with a sentence.</summary>
    internal static async Task<AdminServer> StartAsync(
        StateDirectory state, GatewaySettings settings, Succession? succession, IdentityParts identity, ControlLog log, Action<IEndpointRouteBuilder> map)
    {
        var adminUrl = settings.Admin;
        var address = adminUrl.Length == 0 ? null : ListenAddress.Parse(adminUrl, "--admin");
        if (address is { Scheme: "https" })
        {
            throw new ControlStartException($"The Admin API is served over http, not '{adminUrl}': keep it on a loopback address, or put a TLS proxy before it.");
        }
        AdminSockets? sockets = null;
        try
        {
            sockets = AdminSockets.Open(state, address, succession);
            var app = Build(state, settings, identity, address, sockets, log);
            map(app);
            await app.StartAsync();
            return new AdminServer(app, state, sockets);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            sockets?.Dispose();
            throw new ControlStartException($"The Admin API cannot listen on '{state.ControlSocket}': {e.Message.TrimEnd('.')}.");
        }
    }

    /// <summary>Finishes the answers under way and takes no more calls, which wait for the program after this one; its sockets stay open.</summary>
    internal async Task<AdminSockets> LeaveAsync()
    {
        using var patience = new CancellationTokenSource(s_lastAnswers);
        await _app.StopAsync(patience.Token);
        return _sockets;
    }

    /// <summary>Stops answering and removes the socket.</summary>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1)); // who follows the log would otherwise hold it up
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _sockets.Dispose();
        File.Delete(_state.ControlSocket);
    }

    private static WebApplication Build(
        StateDirectory state, GatewaySettings settings, IdentityParts identity, ListenAddress? address, AdminSockets sockets, ControlLog log)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = state.Root, EnvironmentName = Environments.Production });
        builder.Configuration.Sources.Clear(); // the gateway's settings are the only ones
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = settings.Handlers.MaxLibraryBytes + 1; // ours is the clearer sentence
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.ListenHandle((ulong)sockets.Unix.Handle, listen => listen.Use(next => connection =>
            {
                connection.Features.Set(new AdminAccess.Trusted());
                return next(connection);
            }));
            foreach (var socket in sockets.Tcp?.Sockets ?? [])
            {
                kestrel.ListenHandle((ulong)socket.Socket.Handle);
            }
        });

        var app = builder.Build();
        var access = new AdminAccess(identity.Credentials, address, settings.Identity.Hosts);
        app.Use((context, next) => identity.Audit.FollowAsync(context, next));
        app.Use((context, next) => ProblemAnswers.CatchAsync(context, next, log));
        app.Use((context, next) =>
        {
            if (access.Refusal(context) is { } refusal)
            {
                return ProblemAnswers.WriteAsync(context, refusal.Status, refusal.Title);
            }
            BodyDigest.Attach(context);
            return next(context);
        });
        return app;
    }

    // Signals are control's: the worker is stopped before the Admin API is.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
