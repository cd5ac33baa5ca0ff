using System.Diagnostics;
using System.Text.Json;

namespace EdgeGw.Tests.Support;

/// <summary>The published gateway, running: one state directory, free loopback ports, stopped by its process ids at the end.</summary>
public sealed class Gateway : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TemporaryFolder? _folder;
    private readonly HashSet<int> _seen = [];

    private Gateway(Process process, TemporaryFolder? folder, string state, CapturedLines output, CapturedLines error)
    {
        _process = process;
        _folder = folder;
        State = state;
        Output = output;
        Error = error;
        Cli = new GatewayCli(state);
        Control = Http.OverUnixSocket(Path.Combine(state, "control.sock"));
    }

    /// <summary>The state directory.</summary>
    public string State { get; }

    /// <summary>Standard output so far: the access log.</summary>
    public CapturedLines Output { get; }

    /// <summary>Standard error so far: the log.</summary>
    public CapturedLines Error { get; }

    /// <summary>The command line against this gateway.</summary>
    public GatewayCli Cli { get; }

    /// <summary>The Admin API on the Unix socket.</summary>
    public HttpClient Control { get; }

    /// <summary>The control process.</summary>
    public int ControlPid => _process.Id;

    /// <summary>Whether the control process has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The addresses in use, in the order of the options.</summary>
    public IReadOnlyList<Uri> Addresses { get; private set; } = [];

    /// <summary>The first listener.</summary>
    public Uri Address => Addresses[0];

    /// <summary>Starts one and waits until it is ready.</summary>
    public static async Task<Gateway> StartAsync(GatewayOptions? options = null)
    {
        options ??= new();
        var folder = options.State is null ? new TemporaryFolder() : null;
        var state = options.State ?? folder!["state"];
        List<string> arguments = ["run", "--state", state, "--admin", "http://127.0.0.1:0"];
        arguments.AddRange(options.Listen.SelectMany(url => new[] { "--listen", url }));
        if (options.Configuration is not null)
        {
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(state)!, "edgegw.json"), options.Configuration);
            arguments.AddRange(["--config", Path.Combine(Path.GetDirectoryName(state)!, "edgegw.json")]);
        }

        arguments.AddRange(options.Arguments);
        var start = new ProcessStartInfo(options.Program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        foreach (var (name, value) in options.Environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        var gateway = new Gateway(process, folder, state, new(process.StandardOutput), new(process.StandardError));
        try
        {
            await gateway.WaitUntilReadyAsync();
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }

        return gateway;
    }

    /// <summary>Waits until every route of the epoch is live.</summary>
    public async Task WaitUntilReadyAsync()
    {
        await Eventually.TrueAsync(
            async () =>
            {
                if (_process.HasExited)
                {
                    throw new InvalidOperationException($"the gateway ended with exit code {_process.ExitCode}.\n{await Output.AllAsync()}\n{await Error.AllAsync()}");
                }

                return (await StatusOrNullAsync())?.GetProperty("ready").GetBoolean() == true;
            },
            () => $"the gateway is ready\n{Output}\n{Error}");
        Addresses = [.. (await StatusAsync()).GetProperty("listen").EnumerateArray().Select(url => new Uri(url.GetString()!))];
    }

    /// <summary>The Admin API's status.</summary>
    public async Task<JsonElement> StatusAsync()
    {
        var status = JsonDocument.Parse(await Control.GetStringAsync("/api/v1/status")).RootElement;
        if (status.TryGetProperty("worker", out var worker) && worker.ValueKind == JsonValueKind.Object)
        {
            _seen.Add(worker.GetProperty("pid").GetInt32());
        }

        return status;
    }

    /// <summary>What status says of the worker, once there is one: between two there is none.</summary>
    public async Task<JsonElement> WorkerAsync()
    {
        JsonElement worker = default;
        await Eventually.TrueAsync(async () => (worker = (await StatusAsync()).GetProperty("worker")).ValueKind == JsonValueKind.Object, () => $"a worker serves\n{Error}");
        return worker;
    }

    /// <summary>The worker's process id.</summary>
    public async Task<int> WorkerPidAsync() => (await WorkerAsync()).GetProperty("pid").GetInt32();

    /// <summary>Adds or changes a service over the command line, <c>edgegw service add</c>, and fails the test when it is refused.</summary>
    public async Task AddServiceAsync(string name, string provider, params string[] settings)
    {
        var result = await Cli.RunAsync(["service", "add", name, "--provider", provider, .. settings.SelectMany(setting => new[] { "--set", setting })]);
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException($"service add {name}: {result}\n--- gateway\n{Error}");
        }
    }

    /// <summary>Deploys a library over the command line and fails the test when it is refused.</summary>
    public async Task<JsonElement> DeployAsync(string library, params string[] options)
    {
        var result = await Cli.RunAsync(["deploy", library, "--json", .. options]);
        return result.ExitCode == 0 ? JsonDocument.Parse(result.Output).RootElement : throw new InvalidOperationException($"deploy {library}: {result}\n--- gateway\n{Error}");
    }

    /// <summary>Kills a process of this gateway at once.</summary>
    public static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    /// <summary>Asks for an orderly stop and waits for it; the exit code.</summary>
    public async Task<int> StopAsync()
    {
        if (!_process.HasExited)
        {
            await Command.RunAsync("kill", ["-TERM", $"{_process.Id}"]);
            using var limit = new CancellationTokenSource(Eventually.Patience);
            await _process.WaitForExitAsync(limit.Token);
        }

        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await StatusOrNullAsync();
            if (!_process.HasExited)
            {
                await StopAsync();
            }
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"the gateway did not stop on SIGTERM.\n{Output}\n{Error}");
        }
        finally
        {
            await EndWorkersAsync();
            Control.Dispose();
            _process.Dispose();
            _folder?.Dispose();
        }
    }

    // A worker outlives a control process that was killed. After an orderly stop it must be gone.
    private async Task EndWorkersAsync()
    {
        var killed = _process.HasExited && _process.ExitCode is 137 or 9;
        foreach (var pid in _seen)
        {
            if (!killed && await Eventually.IsTrueAsync(() => Task.FromResult(!IsRunning(pid)), TimeSpan.FromSeconds(5)))
            {
                continue;
            }

            if (IsRunning(pid))
            {
                Kill(pid);
                if (!killed)
                {
                    throw new InvalidOperationException($"the worker {pid} outlived an orderly stop.\n{Error}");
                }
            }
        }
    }

    private bool IsRunning(int pid) =>
        File.Exists($"/proc/{pid}/cmdline") && File.ReadAllText($"/proc/{pid}/cmdline").Contains(State, StringComparison.Ordinal)
        && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);

    private async Task<JsonElement?> StatusOrNullAsync()
    {
        try
        {
            return await StatusAsync();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
