using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Following;
using EdgeGw.Cli.Publish;
using EdgeGw.Control.Supervision;

namespace EdgeGw.Cli.Dev;

/// <summary>How the gateway of a session is started.</summary>
/// <param name="State">Its state directory.</param>
/// <param name="Listen">Where it listens; null for port 8080, or any that is free when somebody has that.</param>
/// <param name="Admin">Where the Admin API listens besides the Unix socket; empty: nowhere.</param>
/// <param name="Configuration">Its configuration file; null for none but the defaults.</param>
internal sealed record DevGatewayOptions(string State, string? Listen, string Admin, string? Configuration);

/// <summary>A gateway that runs for as long as a session: on loopback, a child process that ends with it.</summary>
internal sealed class DevGateway : IAsyncDisposable
{
    private const int UsualPort = 8080;
    private const int MostErrorLines = 20;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StartPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly CliHost _host;
    private readonly Queue<string> _said = [];

    private DevGateway(Process process, AdminClient client, CliHost host)
    {
        (_process, Client, _host) = (process, client, host);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Speaks to it over its socket.</summary>
    public AdminClient Client { get; }

    /// <summary>Starts it and waits until it serves. Throws <see cref="CliException"/> with what it says when it ends instead.</summary>
    /// <param name="options">How.</param>
    /// <param name="host">The process.</param>
    /// <param name="cancel">Ends the start, and the gateway with it.</param>
    public static async Task<DevGateway> StartAsync(DevGatewayOptions options, CliHost host, CancellationToken cancel)
    {
        Directory.CreateDirectory(options.State);
        var start = EdgeGwCommand.Self().With(
            "run", "--state", options.State, "--config", options.Configuration ?? Defaults(options.State), "--listen", options.Listen ?? FreeAddress(), "--admin", options.Admin,
            "--set", "AccessLog:Enabled=false", "--set", "RequestLog:Sample=1");
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        start.Environment.Clear();
        foreach (var (name, value) in host.Environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        var gateway = new DevGateway(process, AdminClient.ForSocket(Path.Combine(options.State, "control.sock")), host);
        try
        {
            await gateway.WaitUntilReadyAsync(cancel);
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes, with a failure that says why, when it ends without being told to.</summary>
    public async Task EndedAsync(CancellationToken cancel)
    {
        await _process.WaitForExitAsync(cancel);
        throw new CliException(ExitCode.Failed, $"the gateway has ended with exit code {_process.ExitCode}", Said());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        try
        {
            if (!_process.HasExited)
            {
                // SIGTERM: .NET itself can only kill.
                await CapturedTool.RunAsync("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)], "/", _host.Environment, CancellationToken.None);
                using var patience = new CancellationTokenSource(StopPatience, _host.Time);
                await _process.WaitForExitAsync(patience.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or CliException)
        {
            _process.Kill(entireProcessTree: true);
        }
        _process.Dispose();
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancel)
    {
        var started = _host.Time.GetTimestamp();
        while (true)
        {
            if (_process.HasExited)
            {
                await _process.WaitForExitAsync(cancel); // until all it said has come
                throw new CliException(ExitCode.Failed, "the gateway did not start", Said());
            }
            try
            {
                if ((await Client.GetStatusAsync(cancel)).Value.Worker is not null)
                    return;
            }
            catch (CliException e) when (e.ExitCode == ExitCode.Unreachable)
            {
                // not yet
            }
            if (_host.Time.GetElapsedTime(started) > StartPatience)
                throw new CliException(ExitCode.Failed, $"the gateway was not ready within {StartPatience.TotalSeconds:0} s", Said());
            await Task.Delay(StartPause, _host.Time, cancel);
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_said)
        {
            if (_said.Count == MostErrorLines)
                _said.Dequeue();
            _said.Enqueue(line);
        }
    }

    // Its reasons are its own sentences, or lines of its log.
    private List<string> Said()
    {
        lock (_said)
            return [.. _said.Select(line => LogText.Read(line) is { } entry ? Output.Printable.Escape(entry.Message) : Output.Printable.Escape(line))];
    }

    // A file of its own, so that what this machine's installed gateway is configured with is not taken over.
    private static string Defaults(string state)
    {
        var file = Path.Combine(state, "edgegw.json");
        if (!File.Exists(file))
            File.WriteAllText(file, "{}\n");
        return file;
    }

    private static string FreeAddress()
    {
        try
        {
            using var socket = new TcpListener(IPAddress.Loopback, UsualPort);
            socket.Start();
            return FormattableString.Invariant($"http://127.0.0.1:{UsualPort}");
        }
        catch (SocketException)
        {
            return "http://127.0.0.1:0";
        }
    }
}
