using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace EdgeGw.Tests.Support;

/// <summary>A real S3 server: OpenStack Swift with its S3 interface, from Debian's packages, on free loopback ports, ended by its process id. Its objects stay in its folder over a
/// restart.</summary>
public sealed class SwiftServer : IAsyncDisposable
{
    /// <summary>The id of the access key.</summary>
    public const string AccessKey = "test:tester";

    /// <summary>The secret of the access key.</summary>
    public const string SecretKey = "testing";

    private const int Tries = 5;

    private readonly TemporaryFolder _folder = new();
    private Process? _process;
    private CapturedLines? _error;

    /// <summary>Where S3 is spoken, in clear text.</summary>
    public int Port { get; private set; }

    /// <summary>Host and port.</summary>
    public string Endpoint => $"127.0.0.1:{Port}";

    /// <summary>Starts one with nothing in it.</summary>
    public static async Task<SwiftServer> StartAsync()
    {
        var server = new SwiftServer();
        for (var i = 1; ; i++)
        {
            server.Port = FreePorts();
            try
            {
                await server.StartAgainAsync();
                return server;
            }
            catch (InvalidOperationException) when (i < Tries)
            {
                // somebody else took one of the ports meanwhile
                await server.StopAsync();
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Makes a bucket, by Swift's own interface: it needs no signature.</summary>
    public async Task CreateBucketAsync(string name)
    {
        using var http = new HttpClient { Timeout = Eventually.Patience };
        using var login = new HttpRequestMessage(HttpMethod.Get, $"http://{Endpoint}/auth/v1.0") { Headers = { { "X-Auth-User", AccessKey }, { "X-Auth-Key", SecretKey } } };
        using var session = await http.SendAsync(login);
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{session.Headers.GetValues("X-Storage-Url").Single()}/{name}") { Headers = { { "X-Auth-Token", session.Headers.GetValues("X-Auth-Token").Single() } } };
        using var made = await http.SendAsync(request);
        made.EnsureSuccessStatusCode();
    }

    /// <summary>Starts it on its port and its objects.</summary>
    public async Task StartAgainAsync()
    {
        // Not the first python3 on PATH: the system's one has Debian's modules.
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(Repository.Root, "tests/Support/swift-s3.py"), _folder["swift"], $"{Port}", AccessKey, SecretKey])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _error = new CapturedLines(_process.StandardError);
        using var patience = new CancellationTokenSource(Eventually.Patience);
        if (await _process.StandardOutput.ReadLineAsync(patience.Token) != "READY")
        {
            await _process.WaitForExitAsync(patience.Token);
            throw new InvalidOperationException($"Swift did not start: {await _error.AllAsync()}");
        }
    }

    /// <summary>Ends it; the objects stay.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    /// <summary>Stops it in its tracks: connections stay open, nothing is answered.</summary>
    public Task FreezeAsync() => SignalAsync("-STOP");

    /// <summary>Lets it go on.</summary>
    public Task ThawAsync() => SignalAsync("-CONT");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    private Task<CommandResult> SignalAsync(string signal) => Command.RunAsync("kill", [signal, $"{_process!.Id}"]);

    // One that is free with the three after it, which the servers behind it take.
    private static int FreePorts()
    {
        while (true)
        {
            using var first = new TcpListener(IPAddress.Loopback, 0);
            first.Start();
            var port = ((IPEndPoint)first.LocalEndpoint).Port;
            if (port + 3 <= IPEndPoint.MaxPort && Enumerable.Range(port + 1, 3).All(IsFree))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
