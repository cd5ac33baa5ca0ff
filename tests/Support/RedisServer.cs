using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace EdgeGw.Tests.Support;

/// <summary>How a test wants its Redis.</summary>
public sealed record RedisServerOptions
{
    /// <summary>The default user's password; null for none.</summary>
    public string? Password { get; init; }

    /// <summary>Whether it speaks TLS only, with a certificate of its own (<see cref="RedisServer.CaFile"/>).</summary>
    public bool Tls { get; init; }

    /// <summary>More arguments: <c>--maxmemory 2mb</c>, <c>--user …</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}

/// <summary>A real Redis on loopback, without persistence. Can be stopped, started again on its port, and held still.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RedisServerOptions _options;
    private Process? _process;
    private CapturedLines? _output;

    private RedisServer(RedisServerOptions options) => _options = options;

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>The certificate that it shows, signed by itself.</summary>
    public string CaFile => _folder["redis.crt"];

    /// <summary>Starts one on a free port.</summary>
    public static async Task<RedisServer> StartAsync(RedisServerOptions? options = null)
    {
        var server = new RedisServer(options ?? new());
        if (server._options.Tls)
        {
            Certificates.Write(server.CaFile, server._folder["redis.key"], "redis");
        }

        try
        {
            do
            {
                server.Port = FreePort();
            }
            while (!await server.TryStartAsync());
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again after <see cref="StopAsync"/>, on the same port and empty.</summary>
    public async Task StartAgainAsync() => await Eventually.TrueAsync(TryStartAsync, () => $"Redis starts again on port {Port}\n{_output}");

    /// <summary>Stops it at once; its connections are closed by the kernel.</summary>
    public async Task StopAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Holds it still: connections stay open, and nothing is answered.</summary>
    public Task HangAsync() => SignalAsync("STOP");

    /// <summary>Lets it go on.</summary>
    public Task GoOnAsync() => SignalAsync("CONT");

    /// <summary>Runs redis-cli against it; gives its output without the last line end.</summary>
    public async Task<string> CliAsync(params string[] arguments)
    {
        List<string> all = ["-p", $"{Port}"];
        all.AddRange(_options.Password is { } password ? ["--no-auth-warning", "-a", password] : []);
        all.AddRange(_options.Tls ? ["--tls", "--cacert", CaFile] : []);
        var result = await Command.RunAsync("redis-cli", [.. all, .. arguments]);
        return result.ExitCode == 0 ? result.Output.TrimEnd('\n') : throw new InvalidOperationException($"redis-cli {string.Join(' ', arguments)}: {result}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await StopAsync();
        }

        _process?.Dispose();
        _folder.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // Debian's redis-tools has the server in it under another name; the package redis-server would add a service of the system, which nobody here wants to run.
    private string Program()
    {
        var link = _folder["redis-server"];
        if (OnPath("redis-server") is null && !File.Exists(link))
        {
            File.CreateSymbolicLink(link, OnPath("redis-check-rdb") ?? throw new FileNotFoundException("There is no redis-server and no redis-check-rdb on PATH: install redis-tools."));
        }

        return OnPath("redis-server") ?? link;
    }

    private static string? OnPath(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    // False: somebody else has taken the port in the meantime.
    private async Task<bool> TryStartAsync()
    {
        List<string> arguments = ["--bind", "127.0.0.1", "--save", "", "--dir", _folder.Root];
        arguments.AddRange(_options.Tls
            ? ["--port", "0", "--tls-port", $"{Port}", "--tls-cert-file", CaFile, "--tls-key-file", _folder["redis.key"], "--tls-ca-cert-file", CaFile, "--tls-auth-clients", "no"]
            : ["--port", $"{Port}"]);
        arguments.AddRange(_options.Password is { } password ? ["--requirepass", password] : []);
        var start = new ProcessStartInfo(Program(), [.. arguments, .. _options.Arguments]) { RedirectStandardOutput = true, WorkingDirectory = _folder.Root };
        _process?.Dispose();
        _process = Process.Start(start)!;
        _output = new(_process.StandardOutput);
        await Eventually.TrueAsync(
            () => Task.FromResult(_process.HasExited || $"{_output}".Contains("Ready to accept connections", StringComparison.Ordinal)),
            () => $"Redis is ready\n{_output}");
        if (!_process.HasExited)
        {
            return true;
        }

        var said = await _output.AllAsync();
        return said.Contains("Address already in use", StringComparison.Ordinal) ? false : throw new InvalidOperationException($"redis-server ended with exit code {_process.ExitCode}\n{said}");
    }

    private async Task SignalAsync(string name) => await Command.RunAsync("kill", [$"-{name}", $"{_process!.Id}"]);
}
