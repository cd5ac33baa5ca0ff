using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeGw.Cli.Tests;

/// <summary>A request that reached the <see cref="ScriptedGateway"/>.</summary>
internal sealed record SeenRequest(string Method, string Path, string Query, string? FileName, string? Authorization, byte[] Body)
{
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Body));
}

/// <summary>A server that speaks docs/admin-api.md as a test tells it to, on the control socket of a state directory.</summary>
internal sealed class ScriptedGateway : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, Func<SeenRequest, HttpContext, Task>> _script = [];

    private ScriptedGateway()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.ListenUnixSocket(Path.Combine(State, "control.sock"));
            kestrel.Listen(System.Net.IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>The state directory.</summary>
    public string State => _folder.Root;

    /// <summary>The TCP address.</summary>
    public string Url => _app.Urls.Single(url => !url.Contains("unix", StringComparison.Ordinal));

    /// <summary>What was asked, in order.</summary>
    public ConcurrentQueue<SeenRequest> Seen { get; } = [];

    public static async Task<ScriptedGateway> StartAsync()
    {
        var gateway = new ScriptedGateway();
        await gateway._app.StartAsync();
        return gateway;
    }

    /// <summary>Answers <c>GET /api/v1/status</c> (method and path) with JSON.</summary>
    public ScriptedGateway On(string what, string json, int status = 200) => On(what, async (_, http) =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = status < 400 ? "application/json" : "application/problem+json";
        await http.Response.WriteAsync(json);
    });

    /// <summary>Answers with a program.</summary>
    public ScriptedGateway On(string what, Func<SeenRequest, HttpContext, Task> answer)
    {
        _script[what] = answer;
        return this;
    }

    /// <summary>The command line against this gateway.</summary>
    public Edgegw Cli(bool terminal = false, TimeProvider? time = null) => new Edgegw { Terminal = terminal, Time = time }.With("EDGEGW_STATE", State);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var seen = new SeenRequest(http.Request.Method, http.Request.Path, http.Request.QueryString.ToString(),
            http.Request.Headers["X-File-Name"], http.Request.Headers.Authorization, body.ToArray());
        Seen.Enqueue(seen);
        if (_script.TryGetValue($"{seen.Method} {seen.Path}", out var answer))
        {
            await answer(seen, http);
            return;
        }
        http.Response.StatusCode = 404;
        await http.Response.WriteAsync("not in the script");
    }
}
