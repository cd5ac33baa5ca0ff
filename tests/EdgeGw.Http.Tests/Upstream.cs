using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeGw.Http.Tests;

/// <summary>Another server: a real one, on loopback, with HTTP and with HTTPS.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    public const int Large = 100 * 1024 * 1024;

    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder = new();

    private Upstream()
    {
        CaFile = _folder["upstream.pem"];
        var key = _folder["upstream.key"];
        Certificates.Write(CaFile, key, "upstream");
        using var ephemeral = X509Certificate2.CreateFromPemFile(CaFile, key);
        var certificate = X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pkcs12), null);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(certificate);
            });
        });
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    public Uri Plain { get; private set; } = null!;

    public Uri Secure { get; private set; } = null!;

    /// <summary>Its certificate, for those who trust it.</summary>
    public string CaFile { get; }

    /// <summary>Requests that wait at <c>/gate</c>.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Requests that have come to <c>/count</c>.</summary>
    public int Counting => Volatile.Read(ref _counting);

    /// <summary>Bytes of large answers that its connections have taken.</summary>
    public int LargeSent => Volatile.Read(ref _largeSent);

    /// <summary>Requests whose client went away before their end.</summary>
    public int Aborted => Volatile.Read(ref _aborted);

    /// <summary>Lets those at <c>/gate</c> go on.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _waiting;
    private int _counting;
    private int _largeSent;
    private int _aborted;

    public static async Task<Upstream> StartAsync()
    {
        var upstream = new Upstream();
        await upstream._app.StartAsync();
        var addresses = upstream._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        upstream.Plain = new Uri(addresses.Single(address => address.StartsWith("http:", StringComparison.Ordinal)));
        upstream.Secure = new Uri(addresses.Single(address => address.StartsWith("https:", StringComparison.Ordinal)));
        return upstream;
    }

    public async ValueTask DisposeAsync()
    {
        Gate.TrySetResult();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        try
        {
            await AnswerAsync(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            Interlocked.Increment(ref _aborted);
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        switch (request.Path.Value)
        {
            case "/hello":
                response.Headers.Append("X-Twice", new Microsoft.Extensions.Primitives.StringValues(["one", "two"]));
                await response.WriteAsync("hello");
                break;
            case "/head":
                // What came: the request line and the headers, one a line.
                await response.WriteAsync($"{request.Method} {request.Path}{request.QueryString} {request.Protocol}\n" + string.Join("\n", request.Headers.SelectMany(h => h.Value.Select(v => $"{h.Key}: {v}"))));
                break;
            case "/echo":
                response.Headers["X-Length"] = request.ContentLength?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none";
                await request.Body.CopyToAsync(response.Body, context.RequestAborted);
                break;
            case "/count":
                Interlocked.Increment(ref _counting);
                var (count, buffer) = (0L, new byte[65_536]);
                while (await request.Body.ReadAsync(buffer, context.RequestAborted) is > 0 and var read)
                {
                    count += read;
                }
                await response.WriteAsync($"{count}");
                break;
            case "/large":
                var piece = new byte[65_536];
                response.ContentLength = request.Query.ContainsKey("length") ? Large : null;
                for (var sent = 0; sent < Large; sent += piece.Length)
                {
                    await response.Body.WriteAsync(piece, context.RequestAborted);
                    Interlocked.Add(ref _largeSent, piece.Length);
                }
                break;
            case "/gate":
                Interlocked.Increment(ref _waiting);
                await Gate.Task.WaitAsync(context.RequestAborted);
                await response.WriteAsync("open");
                break;
            case "/begun":
                await response.WriteAsync("begun");
                await response.Body.FlushAsync();
                await Gate.Task.WaitAsync(context.RequestAborted);
                break;
            case "/early":
                response.StatusCode = 413;
                await response.CompleteAsync();
                break;
            case "/loop":
                response.Redirect("/loop");
                break;
            case "/far":
                response.Redirect("/head?" + new string('x', 1100));
                break;
            case "/to":
                response.StatusCode = int.Parse(request.Query["status"].FirstOrDefault("302")!, System.Globalization.CultureInfo.InvariantCulture);
                response.Headers.Location = request.Query["url"].ToString();
                await response.WriteAsync("elsewhere");
                break;
            default:
                response.StatusCode = 404;
                break;
        }
    }
}
