using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EdgeGw.Configuration;
using EdgeGw.Control;
using EdgeGw.Control.Supervision;

namespace EdgeGw.Tests.Control;

/// <summary>The real control role in this process, with scripted workers and scouts (tests/ScriptedRoles).</summary>
internal sealed class RunningControl : IAsyncDisposable
{
    internal static readonly string Roles = Path.Combine(AppContext.BaseDirectory, "scripted-roles");

    private readonly CancellationTokenSource _stop = new();
    private readonly TestFolder? _owned;
    private readonly Task _running;

    private RunningControl(ControlHost host, string state, TestFolder? owned, Task running, MemoryStream log)
    {
        Host = host;
        State = state;
        _owned = owned;
        _running = running;
        Log = log;
        Http = OverSocket(Path.Combine(state, "control.sock"));
    }

    internal ControlHost Host { get; }
    internal string State { get; }
    internal HttpClient Http { get; }
    internal MemoryStream Log { get; }

    internal static GatewaySettings Settings() => new()
    {
        Listen = ["http://127.0.0.1:0"],
        Admin = "",
        Handlers = new HandlerSettings { LoadTimeoutMs = 20_000 }, // starting a scout's process is part of it
        Identity = new IdentitySettings { PasswordIterations = 1_000 }, // a test is no attacker
        Worker = new WorkerSettings { StopTimeoutMs = 5_000, RestartBackoffMs = 200 },
    };

    internal static async Task<RunningControl> StartAsync(Action<GatewaySettings>? configure = null, string? state = null, bool wait = true, Action<string>? prepare = null,
        string? executable = null)
    {
        var owned = state is null ? new TestFolder() : null;
        state ??= owned!["s"];
        Directory.CreateDirectory(Path.Combine(state, "script"));
        prepare?.Invoke(state);
        var settings = Settings();
        configure?.Invoke(settings);
        var log = new MemoryStream();
        var host = await ControlHost.StartAsync(settings, state, new EdgeGwCommand(executable ?? Roles), Stream.Synchronized(log), TimeProvider.System);
        var control = default(RunningControl);
        var stop = new TaskCompletionSource<CancellationToken>();
        var running = Task.Run(async () => await host.RunAsync(_ => Task.CompletedTask, await stop.Task, CancellationToken.None));
        control = new RunningControl(host, state, owned, running, log);
        stop.SetResult(control._stop.Token);
        if (wait)
        {
            await control.ReadyAsync();
        }
        return control;
    }

    internal static HttpClient OverSocket(string path) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri("http://edgegw/") };

    /// <summary>A library that the scripted scout takes as told.</summary>
    internal static ByteArrayContent Library(string script) =>
        new([.. LibraryHeaderTests.Elf(System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? 183 : 62, 3), .. Encoding.UTF8.GetBytes(script)])
        {
            Headers = { ContentType = new("application/octet-stream") },
        };

    internal static ByteArrayContent Handler(string name, int version, string? pattern = null, params string[] services) =>
        Library($$"""
            ok {"name":"{{name}}","version":"{{version}}.0.0","routes":[{"method":"GET","pattern":"{{pattern ?? "/" + name}}"}],"services":[{{string.Join(',', services.Select(service => $"\"{service}\""))}}]}
            """);

    internal Task ReadyAsync() => Eventually.TrueAsync(async () => (await Http.GetAsync("/readyz")).IsSuccessStatusCode, "the gateway is ready");

    internal async Task<(int Status, JsonElement Body)> DeployAsync(HttpContent library, string query = "", string fileName = "lib.so")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/deployments" + query) { Content = library };
        request.Headers.Add("X-File-Name", fileName);
        return await SendAsync(request);
    }

    internal async Task<(int Status, JsonElement Body)> RollBackAsync(string json) =>
        await SendAsync(new HttpRequestMessage(HttpMethod.Post, "/api/v1/rollbacks") { Content = new StringContent(json, Encoding.UTF8, "application/json") });

    /// <summary>A call below <c>/api/v1/services</c>.</summary>
    internal async Task<(int Status, JsonElement Body)> ServiceAsync(string method, string path, string json = "") => await SendAsync(new HttpRequestMessage(new HttpMethod(method), "/api/v1/services" + path)
    {
        Content = json.Length == 0 ? null : new StringContent(json, Encoding.UTF8, "application/json"),
    });

    internal async Task<(int Status, JsonElement Body)> SendAsync(HttpRequestMessage request)
    {
        using var answer = await Http.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    internal Task<JsonElement> StatusAsync() => Http.GetFromJsonAsync<JsonElement>("/api/v1/status");

    /// <summary>How often a worker was started again. It goes on counting between two looks, so ask for at least so many.</summary>
    internal async Task<int> RestartsAsync()
    {
        const string Name = "\nedgegw_control_worker_restarts_total ";
        var metrics = await Http.GetStringAsync("/metrics");
        var at = metrics.IndexOf(Name, StringComparison.Ordinal) + Name.Length;
        return int.Parse(metrics.AsSpan(at, metrics.IndexOf('\n', at) - at), System.Globalization.CultureInfo.InvariantCulture);
    }

    internal async Task<int> WorkerPidAsync() => (await StatusAsync()).GetProperty("worker").GetProperty("pid").GetInt32();

    /// <summary>What the worker answers to a client: its number and epoch.</summary>
    internal async Task<string> TrafficAsync()
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(Host.Urls[0]);
    }

    /// <summary>The log so far.</summary>
    internal string LogText() => Encoding.UTF8.GetString(Log.ToArray());

    internal string Script(string name) => Path.Combine(State, "script", name);

    internal string[] Epochs() => [.. Directory.GetFiles(Path.Combine(State, "epochs")).Select(path => Path.GetFileName(path)).Order()];

    internal string[] Artifacts() => [.. Directory.GetFileSystemEntries(Path.Combine(State, "artifacts")).Order()];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await Host.DisposeAsync();
        Http.Dispose();
        _stop.Dispose();
        _owned?.Dispose();
    }
}
